"""What the service does → numbers for Prometheus; each process counts its own, the web adds what the database knows."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, start_http_server
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from matcher.store import health, letters, unreadable, watching
from matcher.store.nights import Progress
from web.clock import now
from web.db import transaction

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the processes of one web server add up what they count
SOON = (0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300)
A_DAY = timedelta(days=1)
QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5)

REQUESTS = Histogram("counterpart_page_seconds", "Pages shown.", ["page", "method", "status"], buckets=QUICK)
LETTERS = Counter("counterpart_letters", "Letters by what became of them.", ["fate"])
MESSAGES = Counter("counterpart_messages", "Messages read, by what they were and what was done.", ["kind", "state"])
DOOR = Counter("counterpart_door", "Messages and recipients at the door of inbound mail.", ["outcome"])
JOBS = Counter("counterpart_jobs", "Jobs done or failed.", ["queue", "task", "outcome"])
JOB_SECONDS = Histogram("counterpart_job_seconds", "How long jobs took.", ["queue", "task"], buckets=SOON)
MATCHING = Histogram("counterpart_posting_to_matches_seconds", "From a posting to its matches.", buckets=SOON)

log = structlog.get_logger()


class Stock(Collector):
    """What waits in the database, counted when somebody asks."""

    def __init__(self, engine: Engine):
        self.engine = engine

    def collect(self) -> Iterator[Metric]:
        at = now()
        with transaction(self.engine) as session:
            queues, n_letters = watching.queues(session, now=at), letters.n_waiting(session)
            n_messages, n_workers = watching.n_new_messages(session), health.n_workers(session)
            n_unreadable = unreadable.n_noted(session)
            open_since, stages, n_aside = watching.night_now(session, since=at - A_DAY)
        jobs = GaugeMetricFamily("counterpart_jobs_in_queue", "Jobs by state.", labels=["queue", "state"])
        age = GaugeMetricFamily("counterpart_queue_wait_seconds", "Age of the oldest job that waits.", labels=["queue"])
        for each in queues:
            for state, n in (("waiting", each.n_waiting), ("running", each.n_running), ("failed", each.n_failed)):
                jobs.add_metric([each.name, state], n)
            age.add_metric([each.name], (at - each.oldest_at).total_seconds() if each.oldest_at else 0)
        yield from (jobs, age)
        yield GaugeMetricFamily("counterpart_letters_waiting", "Letters not sent yet.", n_letters)
        yield GaugeMetricFamily("counterpart_messages_waiting", "Messages not read yet.", n_messages)
        yield GaugeMetricFamily("counterpart_workers", "Signs of life in a minute: one a worker and queue.", n_workers)
        yield GaugeMetricFamily("counterpart_partners_unreadable", "Partners that nobody can read.", n_unreadable)
        yield from _of_night(stages, open_since, at)
        yield GaugeMetricFamily("counterpart_night_set_aside", "Parts of a day's nights that nobody can do.", n_aside)


def _of_night(stages: Sequence[Progress], open_since: datetime | None, at: datetime) -> Iterator[Metric]:
    """Say how far the newest night is, by stage, and for how long a night has been open: 0 when none is."""
    shards = GaugeMetricFamily("counterpart_night_shards", "Parts of the newest night.", labels=["stage", "state"])
    taken = GaugeMetricFamily("counterpart_night_taken", "Opportunities or readers looked at.", labels=["stage"])
    made = GaugeMetricFamily("counterpart_night_made", "Matches found or letters written.", labels=["stage"])
    late = GaugeMetricFamily("counterpart_night_late", "Readers whose morning was over.", labels=["stage"])
    for each in stages:
        n_waiting = each.n_shards - each.n_done - each.n_failed - each.n_claimed
        states = {"waiting": n_waiting, "claimed": each.n_claimed, "done": each.n_done, "set aside": each.n_failed}
        for state, n in states.items():
            shards.add_metric([each.stage, state], n)
        for metric, n in ((taken, each.n_taken), (made, each.n_made), (late, each.n_late)):
            metric.add_metric([each.stage], n)
    yield from (shards, taken, made, late)
    open_s = (at - open_since).total_seconds() if open_since else 0
    yield GaugeMetricFamily("counterpart_night_open_seconds", "Age of the oldest night that has not ended.", open_s)


def written(engine: Engine) -> bytes:
    """Write the numbers of all processes of this web server, and what waits in the database."""
    registry = CollectorRegistry()
    if os.environ.get(SHARED):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    stock = CollectorRegistry()
    stock.register(Stock(engine))
    return generate_latest(registry if os.environ.get(SHARED) else REGISTRY) + generate_latest(stock)


def serve(host: str, port: int) -> None:
    """Answer monitors of a process without pages at a port of its own; 0: not at all."""
    if not port:
        return
    try:
        start_http_server(port, addr=host)
    except OSError as error:
        log.warning("no metrics here", host=host, port=port, error=str(error), do="Give each process its own port.")

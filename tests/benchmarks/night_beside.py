"""A night in the service's own worker → how long people wait for matches and pages meanwhile, and without it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic, perf_counter, sleep
from urllib.request import urlopen

import numpy as np
import psycopg
from rich.table import Table
from sqlalchemy import Engine

from jobs import night as job
from jobs.ground import Ground, ground_on
from matcher import night
from matcher.models import Night
from matcher.ranking.embed import SentenceEmbedder
from matcher.store.habits import next_working_day
from tests.benchmarks.night_processes import console, said, say
from tests.benchmarks.night_sink import open_counting_sink
from tests.benchmarks.post import _post_one, _texts
from tests.benchmarks.web_server import served
from tests.jobs.environment import environment_of
from web import create_app
from web.db import transaction
from web.settings import Settings

N_TEXTS = 53  # of the seeds; they come again with another number
REST_S = 1.0  # between two postings
LOOK_S = 0.1  # between two pages
N_BEFORE = 15
N_WARM = 3
READY_S = 900
PAGES = ("/", "/how", "/post", "/sign-in")


@dataclass(slots=True)
class Waited:
    """How long people waited, in seconds."""

    name: str
    posted: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)


def while_night(settings: Settings) -> None:
    """Post and read before a night and during one, with the web and the worker as they are; print both."""
    _under_the_real_model(settings)
    with open_counting_sink() as sink:
        before, during = _waited(replace(settings, mail_port=sink.port, mailbox=False))
    _print(before, during)


def _waited(settings: Settings) -> tuple[Waited, Waited]:
    log = settings.folder / "beside.log"
    environment = environment_of(settings) | {"WORKER_METRICS_PORT": "0"}
    with served("tests.benchmarks.unlimited:create_app()", environment, first="/", log=log) as web:
        there = replace(settings, base_url=f"http://{web.host}")
        g = ground_on(create_app(there))
        with _worker(environment, settings.folder / "worker.log"):
            people = People(there, g.engine)
            people.wait_as(Waited("warming up"), lambda n: n < N_WARM)
            before = people.wait_as(Waited("nobody works"), lambda n: n < N_BEFORE)
            at = datetime.now(UTC)
            with transaction(g.engine) as session:
                night.begin_day(session, next_working_day(at.date()), now=at)
            began = monotonic()
            during = people.wait_as(Waited("while the night runs"), lambda _: _is_open(g))
            say(f"{job.newest_line(g)}: {monotonic() - began:.0f} s")
    return before, during


@dataclass(slots=True)
class People:
    """One who posts and one who reads, one thing after the other."""

    settings: Settings
    engine: Engine
    n_posted: int = 0

    def wait_as(self, waited: Waited, more: Callable[[int], bool]) -> Waited:
        with said(waited.name):
            ended = Event()
            reader = Thread(target=self._read, args=(waited, ended))
            reader.start()
            try:
                while more(len(waited.posted)):
                    waited.posted.append(self._post())
                    sleep(REST_S)
            finally:
                ended.set()
                reader.join()
        return waited

    def _post(self) -> float:
        self.n_posted += 1
        text = f"{TEXTS[self.n_posted % len(TEXTS)]}\n\nAnd this is number {self.n_posted} of all."
        return _post_one(self.settings, self.engine, text, self.n_posted)

    def _read(self, waited: Waited, ended: Event) -> None:
        while not ended.wait(LOOK_S):
            for path in PAGES:
                began = perf_counter()
                with urlopen(f"{self.settings.base_url}{path}", timeout=60) as page:
                    page.read()
                waited.read.append(perf_counter() - began)


TEXTS = _texts(N_TEXTS)


def _under_the_real_model(settings: Settings) -> None:
    """Let the made-up vectors pass as those of the model, so that the worker need not be another one."""
    with psycopg.connect(settings.database_url) as connection:
        connection.execute("UPDATE embedding SET model = %s", [SentenceEmbedder(settings.embedding_model).model])
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE embedding")


@contextmanager
def _worker(environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs.worker"], env=os.environ | environment, stdout=file, stderr=file
        )
    try:
        with said("worker"):
            _wait_until_ready(process, log)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = monotonic() + READY_S
    while "ranker taken" not in log.read_text():  # what waits until then waits for the ranker to be built
        if process.poll() is not None or monotonic() > until:
            raise SystemExit(f"The worker did not get ready; see {log.name}.")
        sleep(0.2)


def _is_open(g: Ground) -> bool:
    with transaction(g.engine) as session:
        return bool(session.query(Night).filter(Night.ended_at.is_(None)).count())


def _print(*nights: Waited) -> None:
    table = Table("people wait", *(each.name for each in nights), "aim at p95", title="milliseconds, p50 / p95 / most")
    table.add_row("from posting to matches", *(_figures(each.posted) for each in nights), "1,500")
    table.add_row("a page", *(_figures(each.read) for each in nights), "150")
    console.print(table)


def _figures(took: Sequence[float]) -> str:
    ms = np.array(took or [0.0]) * 1000
    return f"{np.median(ms):,.0f} / {np.percentile(ms, 95):,.0f} / {ms.max():,.0f} of {len(took):,}"

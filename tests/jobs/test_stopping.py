"""Workers that are asked to end in the middle of a job: it is ended and marked, or named and left to another worker."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from sqlalchemy import text

from jobs import stalled, worker
from jobs.ground import Ground
from matcher.store.wake import wake
from tests.jobs.environment import environment_of
from tests.jobs.test_worker import ROOT, Running, count, keep_sweeps_away, wait_until
from web.db import transaction

LEFT = "left jobs that were not done"
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'refresh' AND status = 'doing'"
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'refresh' AND status = 'todo'"
# A worker whose refreshing takes so many seconds, and that waits so many for its jobs.
SLOW = """
import time
from jobs import refresh, worker
from jobs.ground import ground, log
from tests.fakes import HashEmbedder

def slow(g):
    log.info("refresh begun")
    time.sleep({takes_s})
    return 0, 0

refresh.refresh, worker.catch_up, worker.STOP_S = slow, lambda g: None, {stop_s}
ground()._embedder = HashEmbedder()
worker.main([])
"""


class Slow(Running):
    """A worker in the middle of a long job."""

    def __init__(self, g: Ground, log: Path, *, takes_s: float, stop_s: float) -> None:
        self.log = log
        environment = environment_of(g.settings) | {"METRICS_HOST": "", "WORKER_METRICS_PORT": "0"}
        program = SLOW.format(takes_s=takes_s, stop_s=stop_s)
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program], cwd=ROOT, env=environment, stdout=file, stderr=file
            )


@contextmanager
def stopped_in_the_middle(g: Ground, log: Path, *, takes_s: float, stop_s: float) -> Iterator[tuple[Slow, float]]:
    """Ask a worker to end while it refreshes, and wait for its end; give it and how many seconds that took."""
    keep_sweeps_away(g)
    slow = Slow(g, log, takes_s=takes_s, stop_s=stop_s)
    try:
        wait_until(slow.is_ready)
        with transaction(g.engine) as session:
            wake(session, "refresh")
        wait_until(lambda: slow.said("refresh begun"))
        asked_at = monotonic()
        slow.process.send_signal(signal.SIGTERM)
        slow.process.wait(60)
        yield slow, monotonic() - asked_at
    finally:
        slow.process.kill()
        slow.process.wait()


def test_a_job_that_ends_in_time_is_marked_as_done_and_nothing_is_left(g: Ground, tmp_path: Path) -> None:
    with stopped_in_the_middle(g, tmp_path / "log", takes_s=2, stop_s=20) as (slow, _):
        assert slow.process.returncode == 0
        assert "Traceback" not in slow.log.read_text()
        assert not slow.said(LEFT)
    assert (count(g, DOING), count(g, WAITING)) == (0, 0)
    assert count(g, "SELECT count(*) FROM procrastinate_workers") == 0


def test_a_job_that_takes_too_long_is_named_and_left_to_the_next_worker(g: Ground, tmp_path: Path) -> None:
    with stopped_in_the_middle(g, tmp_path / "log", takes_s=60, stop_s=1) as (slow, took_s):
        assert slow.process.returncode == 1
        assert took_s < 30
        assert "Traceback" not in slow.log.read_text()
        (line,) = slow.said(LEFT)
        assert (line["jobs"], line["level"]) == (["refresh"], "warning")
    assert count(g, DOING) == 1
    with transaction(g.engine) as session:
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"))
    assert [(each.task, each.fate) for each in stalled.take_over(g)] == [("refresh", "again")]
    assert count(g, WAITING) == 1


def test_a_worker_is_gone_before_others_take_its_jobs_for_those_of_a_dead_one() -> None:
    beats_every_s = 10.0
    assert worker.STOP_S + beats_every_s <= stalled.stalled.SILENT_S

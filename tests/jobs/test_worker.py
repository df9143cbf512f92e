"""Workers that die, that are asked to end, and that have a night to do while a person waits."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Event, Thread
from time import monotonic, sleep

import psycopg
import pytest
import structlog
from sqlalchemy import select, text

from jobs import deliver, inbound, match, night, refresh, stalled, tasks, tracing, worker
from jobs.ground import Ground, log_to
from matcher.models import InboundMessage, Letter
from matcher.store import nights
from matcher.store.wake import wake
from tests import factories as make
from tests.fakes import HashEmbedder
from tests.jobs.environment import environment_of
from tests.jobs.postoffice import open_post_office
from web.db import transaction

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 180
SOON_S = 60  # a job of a worker that was killed is begun again within this time
ON_LETTERS = "relation = 'letter'::regclass"


def wait_until(reached: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    until = monotonic() + patience_s
    while not reached():
        assert monotonic() < until, "it never came to that point"
        sleep(0.05)


class Running:
    """A worker in a process of its own, with its log."""

    def __init__(self, g: Ground, log: Path) -> None:
        self.log = log
        environment = environment_of(g.settings) | {"METRICS_HOST": "", "WORKER_METRICS_PORT": "0"}
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jobs.worker"], cwd=ROOT, env=environment, stdout=file, stderr=file
            )

    def said(self, event: str) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [each for each in lines if each.get("event") == event]

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return bool(self.said("worker ready"))


@pytest.fixture
def workers(g: Ground, tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    """Start workers; those that still run at the end of the test are ended."""
    started: list[Running] = []

    def start(name: str) -> Running:
        started.append(Running(g, tmp_path / f"{name}.log"))
        wait_until(started[-1].is_ready)
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait()


def count(g: Ground, statement: str) -> int:
    with g.engine.connect() as connection:
        return connection.scalar(text(statement)) or 0


def keep_a_message(g: Ground) -> int:
    with transaction(g.engine) as session:
        raw = make.mail("ann@firm.example", f"help@{make.DOMAIN}", "What is this?")
        return inbound.keep(session, raw, envelope_from="ann@firm.example", envelope_to=f"help@{make.DOMAIN}",
                            now=make.NOW)  # fmt: skip


def keep_sweeps_away(g: Ground) -> None:
    """Let a sweep wait for ever where nobody works: no other is begun beside it, to take the message before its job."""
    waiting = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('none', 'sweep', 'sweep')"
    with transaction(g.engine) as session:
        session.execute(text(waiting))


@pytest.mark.model
@pytest.mark.slow
def test_the_job_of_a_worker_that_was_killed_is_done_by_another_and_only_once(
    g: Ground, workers: Callable[[str], Running]
) -> None:
    with open_post_office(g.settings.mail_port) as office:
        keep_sweeps_away(g)
        first = workers("first")
        with psycopg.connect(g.settings.database_url) as in_the_way:
            in_the_way.execute("LOCK TABLE letter IN SHARE MODE")  # the answer cannot be written
            message_id = keep_a_message(g)
            wait_until(
                lambda: count(g, "SELECT id FROM procrastinate_jobs WHERE task_name = 'receive' AND status = 'doing'")
            )
            wait_until(lambda: count(g, f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {ON_LETTERS}"))
            second = workers("second")
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            killed_at = monotonic()
            in_the_way.rollback()

        def taken() -> list[dict[str, object]]:
            return [each for each in second.said("job of a dead worker") if each["task"] == "receive"]

        wait_until(taken, SOON_S)  # each queue's worker falls silent at a time of its own, so other jobs may come first
        assert [(each["fate"], each["tries"]) for each in taken()] == [("again", 1)]
        wait_until(lambda: not count(g, f"SELECT id FROM procrastinate_jobs WHERE id = {taken()[0]['job']}"))
        assert monotonic() - killed_at < SOON_S
        wait_until(lambda: office.taken)
        assert [each for each in second.said("received") if each["message"] == message_id]
        wait_until(lambda: count(g, "SELECT count(*) FROM procrastinate_workers") == len(worker.PLACES), SOON_S)
    with transaction(g.engine) as session:
        assert session.scalars(select(InboundMessage.state)).one() == "done"
        assert session.scalars(select(Letter.kind)).all() == ["answer"]
    assert len(office.taken) == 1


@pytest.fixture
def here(g: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """Let tasks that run in this process stand on the test's ground."""
    g._embedder = HashEmbedder()
    for module in (tasks, tracing, worker):
        monkeypatch.setattr(module, "ground", lambda: g)
    monkeypatch.setattr(worker, "catch_up", lambda _: None)
    with open(os.devnull, "w") as nowhere:
        log_to(nowhere)
        try:
            yield g
        finally:
            structlog.reset_defaults()


def run_until_stopped(g: Ground) -> None:
    worker.asyncio.run(worker._until_stopped(g))


def then_stop(what: Callable[[], object]) -> Thread:
    """Do something beside a worker that runs in this process, then ask it to end, as a process manager does."""

    def run() -> None:
        try:
            what()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = Thread(target=run)
    thread.start()
    return thread


def test_a_posting_is_matched_while_the_worker_is_busy_with_the_night_and_its_letters(
    here: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    dawn, matched, n_helpers = Event(), Event(), []
    monkeypatch.setattr(night, "work", lambda _g: (n_helpers.append(1), dawn.wait(PATIENCE_S)))
    monkeypatch.setattr(match, "match_one", lambda *_, **__: matched.set() or 0)
    monkeypatch.setattr(deliver, "deliver_all", lambda _g: dawn.wait(PATIENCE_S))
    for _ in range(4):  # each transaction that wrote letters wishes for a delivery
        with transaction(here.engine) as session:
            wake(session, "deliver")
    with transaction(here.engine) as session:
        for helper in range(8):
            wake(session, "night", helper=helper)

    def post() -> bool:
        wait_until(lambda: n_helpers)
        with transaction(here.engine) as session:
            wake(session, "match", opportunity_id=1)
        try:
            return matched.wait(10)
        finally:
            dawn.set()

    thread = then_stop(post)
    run_until_stopped(here)
    thread.join()
    assert matched.is_set()
    assert here.stopping.is_set()


WISHES = {
    "now": ("match", {"opportunity_id": 1}),
    "mail": ("deliver", {}),
    "tonight": ("night", {"helper": 0}),
    "whenever": ("refresh", {}),
}


def fill_all_places(g: Ground) -> None:
    for queue, places in worker.PLACES.items():
        task, arguments = WISHES[queue]
        for _ in range(places):
            with transaction(g.engine) as session:
                wake(session, task, **arguments)


def test_all_places_are_at_work_at_once_however_small_the_machine(
    here: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # asyncio by itself would begin five threads
    all_at_work, names = Event(), set()
    meeting = Barrier(sum(worker.PLACES.values()), all_at_work.set)

    def work(*_: object, **__: object) -> int:
        names.add(threading.current_thread().name)
        if not all_at_work.is_set():
            meeting.wait(PATIENCE_S)
        return 0

    for module, step in ((match, "match_one"), (deliver, "deliver_all"), (night, "work"), (refresh, "refresh")):
        monkeypatch.setattr(module, step, work)
    keep_sweeps_away(here)
    fill_all_places(here)
    thread = then_stop(lambda: all_at_work.wait(PATIENCE_S) or meeting.abort())
    run_until_stopped(here)
    thread.join()
    assert all_at_work.is_set()
    assert {name.partition("_")[0] for name in names} == {"place"}


def test_no_thread_for_jobs_is_begun_once_the_worker_has_them() -> None:
    """A thread that is begun after hours, when so many jobs first meet, looks like a leak."""

    def n_begun() -> int:
        return sum(each.name.startswith("place") for each in threading.enumerate())

    with worker.thread_for_each_place():
        assert n_begun() == sum(worker.PLACES.values())
    assert n_begun() == 0


def test_a_worker_that_is_asked_to_end_ends_the_night_after_the_shard_it_has(
    here: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def step(*_: object) -> str:
        begun.append("shard")
        sleep(0.01)
        return "shard"

    monkeypatch.setattr(night, "step", step)
    with transaction(here.engine) as session:
        nights.begin(session, make.DAY, readers_at=None, at=make.NOW)
        wake(session, "night", helper=0)
    thread = then_stop(lambda: wait_until(lambda: begun))
    run_until_stopped(here)
    thread.join()
    n_done = len(begun)
    assert n_done
    sleep(0.1)
    assert len(begun) == n_done


def test_a_worker_that_begins_goes_on_with_a_night_that_is_open(here: Ground) -> None:
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'night'"
    night.call_again(here)
    assert count(here, waiting) == 0
    with transaction(here.engine) as session:
        nights.begin(session, make.DAY, readers_at=None, at=make.NOW)
    night.call_again(here)
    assert count(here, waiting) == 1


def test_whoever_looks_out_for_dead_workers_outlives_a_database_that_is_away(
    here: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def look(_g: Ground) -> list[stalled.stalled.Stalled]:
        looks.append(1)
        raise stalled.SQLAlchemyError("the database is away")

    ended = Event()
    monkeypatch.setattr(stalled, "EVERY_S", 0.01)
    monkeypatch.setattr(stalled, "take_over", look)
    thread = stalled.look_out(here, ended)
    wait_until(lambda: len(looks) > 2)
    ended.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()

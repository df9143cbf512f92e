"""A database that goes away and comes back: the same worker goes on, and the log says it in a line."""

import asyncio
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs import outage
from jobs.ground import Ground, ground_on
from matcher.store.wake import wake
from tests.chaos.programs import Program, new_cluster
from tests.conftest import settings_at
from tests.jobs.postoffice import open_post_office
from tests.jobs.test_stopping import Slow
from tests.jobs.test_worker import ROOT, Running, keep_a_message, wait_until
from tests.places import free_port
from web import create_app
from web.db import transaction
from web.local import migrate

LOST, BACK = "the queue was lost", "the database answers"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, str]]:
    """Run a PostgreSQL that may be stopped, with a database that has all tables."""
    folder = tmp_path_factory.mktemp("outage")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR, which it does without
        cluster = new_cluster(folder / "postgresql", free_port())
    program = cluster.program(folder / "postgres.log")
    program.start()
    wait_until(lambda: answers(cluster.url))
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE counterpart")
    url = cluster.url.removesuffix("postgres") + "counterpart"
    migrate(url)
    yield program, url
    program.stop()


@pytest.fixture
def away(postgres: tuple[Program, str]) -> Iterator[Program]:
    """Give the PostgreSQL, which runs again at the end."""
    yield postgres[0]
    if not postgres[0].is_running:
        postgres[0].start()
        wait_until(lambda: answers(postgres[1]))


@pytest.fixture
def g(postgres: tuple[Program, str], tmp_path: Path) -> Iterator[Ground]:
    ground = ground_on(create_app(settings_at(postgres[1], tmp_path)))
    yield ground
    ground.engine.dispose()


@pytest.fixture
def workers(g: Ground, tmp_path: Path) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(g, tmp_path / "worker.log"))
        wait_until(started[-1].is_ready)
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True


def restart(program: Program, url: str) -> None:
    """Let a database be away so briefly that a worker which is busy just then may not notice it."""
    program.stop()
    program.start()
    wait_until(lambda: answers(url))


def away_for_longer(program: Program, url: str, worker: Running) -> None:
    """Let a database be away until a worker has noticed it."""
    n_lost = len(worker.said(LOST))
    program.stop()
    wait_until(lambda: len(worker.said(LOST)) > n_lost)
    program.start()
    wait_until(lambda: answers(url))


@pytest.mark.model
@pytest.mark.slow
def test_a_worker_outlives_restarts_of_the_database_and_does_what_comes_then(
    g: Ground, away: Program, workers: Callable[[], Running]
) -> None:
    worker = workers()
    with open_post_office(g.settings.mail_port) as office:
        for n in (1, 2):
            away_for_longer(away, g.settings.database_url, worker)
            wait_until(lambda n=n: len(worker.said(BACK)) >= n)
            keep_a_message(g)
            wait_until(lambda n=n: len(worker.said("received")) >= n)  # a sweep may look at it too
        wait_until(lambda: office.taken)
    assert worker.process.poll() is None
    assert len(worker.said("worker ready")) == 1
    assert "Traceback" not in worker.log.read_text()
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0


@pytest.mark.model
@pytest.mark.slow
def test_a_worker_works_after_each_of_a_few_restarts_whether_it_noticed_them_or_not(
    g: Ground, away: Program, workers: Callable[[], Running]
) -> None:
    worker = workers()
    with open_post_office(g.settings.mail_port):
        for n in (1, 2, 3):
            restart(away, g.settings.database_url)
            keep_a_message(g)
            wait_until(lambda n=n: len(worker.said("received")) >= n)
    assert worker.process.poll() is None
    assert len(worker.said("worker ready")) == 1
    assert "Traceback" not in worker.log.read_text()


@pytest.mark.model
@pytest.mark.slow
def test_a_worker_that_is_asked_to_end_while_the_database_is_away_ends_at_once(
    g: Ground, away: Program, workers: Callable[[], Running]
) -> None:
    worker = workers()
    away.stop()
    wait_until(lambda: worker.is_ready() and worker.said(LOST))
    began = monotonic()
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(30) == 0
    assert monotonic() - began < 10
    assert "Traceback" not in worker.log.read_text()


@pytest.mark.slow
def test_a_worker_whose_job_does_not_end_begins_itself_anew_once_the_database_is_back(
    g: Ground, away: Program, tmp_path: Path
) -> None:
    slow = Slow(g, tmp_path / "log", takes_s=600, stop_s=1)
    try:
        wait_until(slow.is_ready)
        with transaction(g.engine) as session:
            wake(session, "refresh")
        wait_until(lambda: slow.said("refresh begun"))
        restart(away, g.settings.database_url)
        wait_until(lambda: len(slow.said("worker ready")) == 2)
        (left,) = slow.said("left jobs that were not done")
        assert "refresh" in left["jobs"]  # and a sweep of a minute that has begun meanwhile
        slow.process.send_signal(signal.SIGTERM)
        slow.process.wait(30)
    finally:
        slow.process.kill()
        slow.process.wait()
        with transaction(g.engine) as session:
            session.execute(text("DELETE FROM procrastinate_jobs"))


def test_the_pauses_double_up_to_half_a_minute_and_begin_anew_after_steady_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    absence = outage.Absence("postgresql://127.0.0.1/nowhere")

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def answers() -> bool:
        return len(slept) % 7 == 0

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(absence, "_answers", answers)
    asyncio.run(absence.over(None))
    assert slept == [1, 2, 4, 8, 16, 30, 30]
    asyncio.run(absence.over(None))
    assert slept[7:] == [30] * 7  # it was lost again at once
    absence.back_at -= outage.STEADY_S + 1
    asyncio.run(absence.over(None))
    assert slept[14:] == [1, 2, 4, 8, 16, 30, 30]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_away"),
    [
        (caused(ConnectorException(), errors.AdminShutdown()), True),
        (caused(ConnectorException(), psycopg.OperationalError("connection refused")), True),
        (OperationalError("SELECT 1", {}, errors.CannotConnectNow()), True),
        (OperationalError("SELECT 1", {}, errors.QueryCanceled()), False),
        (caused(ConnectorException(), errors.UndefinedTable()), False),
        (KeyError("x"), False),
    ],
)
def test_only_a_database_that_does_not_answer_is_kept_out_of_the_log(error: Exception, is_away: bool) -> None:
    assert outage.is_away(error) is is_away


@pytest.mark.slow
def test_a_worker_that_begins_while_the_database_is_away_ends_with_a_sentence(g: Ground, away: Program) -> None:
    away.stop()
    environment = {"DATABASE_URL": g.settings.database_url, "SECRET_KEY": "x", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-m", "jobs.worker"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)

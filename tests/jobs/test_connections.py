"""No process opens more connections to the database than it says, however much it has to do at once."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs import connections, doctor_database, door, worker
from jobs.ground import Ground, now
from matcher.store import letters
from matcher.store.letters import Draft
from matcher.store.wake import wake
from tests import factories as make
from tests.jobs.postoffice import PostOffice, open_post_office
from tests.jobs.test_worker import Running, wait_until
from web import create_app, db, limiter
from web.db import NoConnection, engine_of, transaction
from web.settings import Settings

OURS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'watched'"


class Most(threading.Thread):
    """While it runs: the most connections that anybody called "watched" had to a database at once."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.n, self.ended = url, 0, Event()

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True, application_name="watching") as connection:
            while not self.ended.wait(0.005):
                row = connection.execute(OURS).fetchone()
                self.n = max(self.n, row[0] if row else 0)

    def __enter__(self) -> "Most":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join()


@pytest.fixture
def as_web(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be a web process that waits a fifth of a second for a connection."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(db, "WAIT_S", 0.2)
    monkeypatch.setenv("PGAPPNAME", "watched")
    monkeypatch.setitem(db._here, "role", "web")
    engine_of.cache_clear()
    yield
    engine_of(settings.database_url).dispose()
    engine_of.cache_clear()


def test_a_web_process_keeps_to_its_connections_and_asks_who_comes_meanwhile_to_wait(
    settings: Settings, as_web: None, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings)
    app.add_url_rule("/slow", view_func=_slow)

    def ask(path: str) -> tuple[int, str]:
        answer = app.test_client().get(path)
        return answer.status_code, answer.headers.get("Retry-After", "")

    with Most(settings.database_url) as most, ThreadPoolExecutor(16) as readers:
        answers = list(readers.map(ask, ["/slow"] * 16))
    assert most.n == db.AT_MOST["web"]
    assert answers.count((200, "")) >= db.AT_MOST["web"]
    assert set(answers) == {(200, ""), (503, "10")}
    assert "All 5 database connections of this process were in use for 0.2 s" in capsys.readouterr().out
    assert app.test_client().get("/slow").status_code == 200


def _slow() -> str:
    with transaction() as session:
        session.execute(text("SELECT pg_sleep(0.5)"))
    return "well"


def test_a_database_that_has_no_connection_left_is_named(settings: Settings, session: object) -> None:
    address = urlsplit(settings.database_url)
    few = urlunsplit(address._replace(netloc=f"few:few@{address.netloc.rpartition('@')[2]}"))
    with psycopg.connect(settings.database_url, autocommit=True) as steward:
        steward.execute("DROP ROLE IF EXISTS few")
        steward.execute("CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 1")
        try:
            with psycopg.connect(few), pytest.raises(NoConnection, match="The database has no connection left"):
                _ask(few, "SELECT 1")
        finally:
            engine_of(few).dispose()
            steward.execute("DROP ROLE few")


def test_another_mistake_of_the_database_stays_what_it_is(g: Ground) -> None:
    with pytest.raises(OperationalError, match="statement timeout"):
        _ask(g.settings.database_url, "SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)")


def _ask(url: str, statements: str) -> None:
    with transaction(engine_of(url)) as session:
        session.execute(text(statements))


def test_a_worker_keeps_to_its_connections_with_every_place_at_work(
    g: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGAPPNAME", "watched")

    def later(_to: str) -> str:
        sleep(0.02)
        return "250 2.0.0 taken"

    with open_post_office(g.settings.mail_port, PostOffice(at_letter=later)), Most(g.settings.database_url) as most:
        running = Running(g, tmp_path / "worker.log")
        try:
            wait_until(running.is_ready)
            _give_work(g)
            wait_until(lambda: _n_left(g) == 0)
        finally:
            running.process.send_signal(signal.SIGTERM)
            running.process.wait()
    assert not running.said("job failed")
    assert connections.LISTENING + 2 < most.n <= connections.WORKER


def _give_work(g: Ground) -> None:
    """Let jobs of all queues wait for a worker that is there already."""
    for n in range(8):
        with transaction(g.engine) as session:
            to = make.firm(session, f"firm{n}", digest="paused")
            row = make.opportunity(session, to)
            for k in range(5):
                letters.write(session, Draft(f"sign-in:{n}:{k}", "sign-in", to, {}, [(1, to.id)]), at=now())
            wake(session, "match", opportunity_id=row.id)
            wake(session, "refresh")
            wake(session, "night", helper=n)


def _n_left(g: Ground) -> int:
    with transaction(g.engine) as session:
        jobs = session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"))
        return (jobs or 0) + letters.n_waiting(session)


def test_what_is_said_of_processes_is_what_they_do(settings: Settings) -> None:
    assert len(worker.PLACES) == connections.LISTENING
    assert db.AT_MOST["inbound"] >= door.N_KEEPERS
    threads_of_deliveries, others = 2 * worker.PLACES["mail"] + 1, sum(worker.PLACES.values()) - worker.PLACES["mail"]
    assert threads_of_deliveries + others <= db.AT_MOST["worker"]  # and one that looks for the stalled
    procfile = (Path(__file__).resolve().parents[2] / "Procfile").read_text()
    assert f"--workers {connections.PROCFILE['web'][0]} --threads 4" in procfile
    assert connections.together() == 2 * 5 + 21 + 8
    (room,) = [each for each in doctor_database.of_database(settings, clock=now) if each.check == "connections"]
    assert "the processes of the Procfile may take 39 (web 2 × 5, worker 21, inbound 8)" in room.said


@pytest.mark.parametrize(
    ("most", "kept_back", "used", "said"),
    [
        (30, 3, 2, "max_connections = 30, 3 of it reserved; the processes of the Procfile may take 39"),
        (60, 3, 40, "40 of 57 in use; another worker may take 21"),
        (60, 3, 36, ""),
    ],
)
def test_too_few_connections_are_named(
    g: Ground, monkeypatch: pytest.MonkeyPatch, most: int, kept_back: int, used: int, said: str
) -> None:
    monkeypatch.setattr(doctor_database, "ROOM", f"SELECT '{most}', {kept_back}, {used}")
    with g.engine.connect() as connection:
        found = doctor_database._room(connection)
    assert (found.level == "warning", said in found.said) == (bool(said), True)


def test_the_first_word_on_what_a_process_is_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_here", {})
    db.act_as("worker")
    db.act_as("web")
    assert db._here == {"role": "worker"}


def test_the_connection_used_last_is_used_next_so_that_the_others_stay_small(g: Ground) -> None:
    """Each keeps the plans of what it was asked, at the server; used in turn, all of them would keep all plans."""
    asked = text("SELECT pg_backend_pid()")
    with g.engine.connect() as first, g.engine.connect() as second, g.engine.connect() as third:
        pids = {each.scalar(asked) for each in (first, second, third)}
    used = set()
    for _ in range(6):
        with g.engine.connect() as connection:
            used.add(connection.scalar(asked))
    assert (len(pids), len(used)) == (3, 1)

"""A real PostgreSQL for all tests, a fresh migrated database for each that asks, applications that stand on it."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs import match, refresh, seed
from jobs.ground import Ground, ground_on
from tests import places
from tests.world import MONDAY, World, monday, open_world
from web import create_app, db
from web.db import engine_of, transaction
from web.local import migrate, start_private
from web.settings import Settings

# Two processes run the tests side by side; each with as many threads as there are cores would only wait for the other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> str:
    """Return the URL of a running PostgreSQL: DATABASE_URL of the tests, or the private one."""
    return os.environ.get("TEST_DATABASE_URL") or places.hurry(start_private(ROOT / ".data" / "tests" / "postgresql"))


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Make one migrated database that the others are copied from."""
    name = f"template_{os.getpid()}"
    with fresh_database(server, name) as url:
        migrate(url)
        engine_of(url).dispose()
        yield name


@pytest.fixture(scope="session")
def shared(server: str, template: str) -> Iterator[str]:
    """Make the one database that tests with rows of their own take turns with."""
    with fresh_database(server, f"test_{os.getpid()}", template=template) as url:
        yield url


@pytest.fixture
def database(shared: str) -> Iterator[str]:
    """Give the URL of an empty database with all tables."""
    yield shared
    engine_of(shared).dispose()
    places.empty(shared)


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[[str], Settings]:
    """Make settings for a database, with ports that nobody uses."""
    return lambda url: settings_at(url, tmp_path)


def settings_at(url: str, folder: Path) -> Settings:
    """Make settings for a database and a folder, with ports that nobody uses."""
    return Settings(
        database_url=url,
        secret_key="a secret of the tests",
        folder=folder,
        base_url=f"http://127.0.0.1:{places.free_port()}",
        mail_port=places.free_port(),
        inbound_port=places.free_port(),
        mailbox=True,
    )


@pytest.fixture(autouse=True)
def _no_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test say what the process of all others is."""
    monkeypatch.setattr(db, "_here", {})


@pytest.fixture
def settings(database: str, settings_for: Callable[[str], Settings]) -> Settings:
    return settings_for(database)


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def engine(database: str) -> Engine:
    return engine_of(database)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


class fresh_database:  # noqa: N801 - used like a function
    """Create a database for the length of a block and drop it afterwards."""

    def __init__(self, server: str, name: str, template: str = "template1"):
        self.server, self.name, self.template = server, name, template

    def __enter__(self) -> str:
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        return places.database_url(self.server, self.name)

    def __exit__(self, *_: object) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def seeded_template(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make one database with the seed network read, embedded by the real model and ranked (half a minute)."""
    name = f"seeded_{os.getpid()}"
    with fresh_database(server, name, template=template) as url:
        folder = tmp_path_factory.mktemp("seeded")
        g = ground_on(create_app(Settings(database_url=url, secret_key="a secret of the tests", folder=folder)))
        with monday():
            fill(g)
        g.engine.dispose()
        yield name


def fill(g: Ground) -> None:
    """Load the seed network, embed and rank it."""
    with transaction(g.engine) as session:
        problems = seed.load(session, seed.SEEDS, at=MONDAY, show=seed.quietly)
    assert problems == []
    refresh.refresh(g)
    while match.match_waiting(g):
        pass


@pytest.fixture
def seeded(server: str, seeded_template: str) -> Iterator[str]:
    """Give the URL of a database with the whole seed network."""
    with fresh_database(server, f"test_{os.getpid()}_{next(NUMBERS)}", template=seeded_template) as url:
        yield url
        engine_of(url).dispose()


@pytest.fixture
def seeded_settings(seeded: str, settings_for: Callable[[str], Settings]) -> Settings:
    return settings_for(seeded)


@pytest.fixture
def world(seeded_settings: Settings) -> Iterator[World]:
    """Give the whole service on the seed network, with real mail servers on loopback."""
    with open_world(ground_on(create_app(seeded_settings))) as opened:
        yield opened

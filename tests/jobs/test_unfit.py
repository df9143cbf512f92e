"""A database that answers and cannot work is named as such, with what to do, in one sentence."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import text

from jobs import doctor_database
from jobs.ground import now
from matcher.store import opening
from tests.conftest import fresh_database
from tests.jobs.environment import environment_of
from tests.jobs.test_worker import ROOT
from web import create_app, fit
from web.db import connect, engine_of
from web.local import migrate
from web.settings import BadSetting, Settings

MIGRATE = "run python -m jobs.migrate"


@pytest.fixture
def unmigrated(server: str, settings: Settings) -> Iterator[Settings]:
    with fresh_database(server, f"unfit_{os.getpid()}") as url:
        yield replace(settings, database_url=url)
        engine_of(url).dispose()


@pytest.fixture(params=["SQL_ASCII", "LATIN1"])
def narrow(request: pytest.FixtureRequest, server: str, settings: Settings) -> Iterator[tuple[Settings, str]]:
    name = f"narrow_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as steward:
        steward.execute(f"CREATE DATABASE {name} ENCODING '{request.param}' LOCALE 'C' TEMPLATE template0")  # type: ignore[arg-type]
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        yield replace(settings, database_url=url), request.param
        engine_of(url).dispose()
        steward.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def run(job: str, settings: Settings, *options: str) -> subprocess.CompletedProcess[str]:
    environment = environment_of(settings) | {"WORKER_METRICS_PORT": "0"}
    command = [sys.executable, "-m", f"jobs.{job}", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_database_that_cannot_keep_every_letter_is_refused_by_its_encoding(narrow: tuple[Settings, str]) -> None:
    settings, encoding = narrow
    with pytest.raises(BadSetting, match=f"the database is in {encoding}, .*--encoding=UTF8"):
        connect(settings)
    (found,) = doctor_database.of_database(settings, clock=now)
    assert found.level == "fault"
    assert f"the database is in {encoding}" in found.said
    assert "jobs.migrate" not in found.do


def test_a_database_without_tables_is_said_by_the_page_for_monitors(unmigrated: Settings) -> None:
    answer = create_app(unmigrated).test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json["database"] == f"the tables are not there: {MIGRATE}"


@pytest.mark.parametrize("path", ["/", "/metrics"])
def test_pages_and_numbers_say_what_a_database_without_tables_lacks(unmigrated: Settings, path: str) -> None:
    answer = create_app(unmigrated).test_client().get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert f"cannot be used: the tables are not there: {MIGRATE}." in answer.text


def test_pages_say_that_the_database_is_away(server: str, settings: Settings) -> None:
    with fresh_database(server, f"gone_{os.getpid()}") as url:
        app = create_app(replace(settings, database_url=url))
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert "Our database does not answer at this moment." in answer.text
    engine_of(url).dispose()


@pytest.mark.parametrize("job", ["worker", "deliver", "seed"])
def test_a_job_ends_with_a_sentence_where_there_are_no_tables(unmigrated: Settings, job: str) -> None:
    done = run(job, unmigrated)
    (line,) = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert line.startswith("DATABASE_URL=")
    assert line.endswith(f" cannot be used: the tables are not there: {MIGRATE}.")


def test_a_job_ends_with_a_sentence_where_the_tables_are_of_an_older_version(unmigrated: Settings) -> None:
    migrate(unmigrated.database_url, to="0016")
    done = run("retain", unmigrated)
    (line,) = done.stderr.strip().splitlines()
    assert (done.returncode, line.endswith(f"the tables are of an older version: {MIGRATE}.")) == (1, True)


def test_a_pipe_leaves_its_message_to_the_mail_server_where_there_are_no_tables(unmigrated: Settings) -> None:
    done = run("inbound", unmigrated)
    assert (done.returncode, MIGRATE in done.stderr) == (75, True)


def test_a_role_that_may_not_make_tables_is_told_what_it_lacks(unmigrated: Settings) -> None:
    address = urlsplit(unmigrated.database_url)
    poor = urlunsplit(address._replace(netloc=f"poor:geheim@{address.netloc.rpartition('@')[2]}"))
    with psycopg.connect(unmigrated.database_url, autocommit=True) as steward:
        steward.execute("DROP ROLE IF EXISTS poor")
        steward.execute("CREATE ROLE poor LOGIN PASSWORD 'geheim'")
        try:
            done = run("migrate", replace(unmigrated, database_url=poor))
        finally:
            steward.execute("DROP ROLE poor")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "CREATE on schema public" in done.stderr
    assert "geheim" not in done.stderr


def test_revisions_that_there_are_not_or_that_are_behind_us_are_refused_in_words(unmigrated: Settings) -> None:
    engine = connect(unmigrated)
    assert run("migrate", unmigrated, "--to", "0004").stdout == "The tables are at 0004.\n"
    for to, said in (("0099", "there is no such revision. There is: head, base, 0001, 0002,"), ("0003", "are at 0004")):
        refused = run("migrate", unmigrated, "--to", to)
        assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr
    assert fit.revision(engine) == "0004"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    done = run("migrate", unmigrated)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1), done.stderr
    assert "its tables are at 9999, which this version does not know. Install the newer version" in done.stderr


def test_a_local_mailbox_whose_port_is_taken_is_named(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.mail_port)):
        done = run("mailbox", settings)
    (line,) = done.stderr.strip().splitlines()
    assert (done.returncode, line.startswith(f"MAIL_PORT='{settings.mail_port}' cannot be used: nobody")) == (1, True)


def test_an_address_that_swallows_all_is_not_waited_for_for_minutes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONNECT_S", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://ana@127.0.0.1:{silent.getsockname()[1]}/db"
        began = monotonic()
        with pytest.raises(BadSetting, match=r"no PostgreSQL answered there \(.*timeout"):
            connect(replace(settings, database_url=url))
        assert monotonic() - began < 20
    assert opening.patience_of(f"{url}?connect_timeout=60") == {}

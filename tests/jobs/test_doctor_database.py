"""The doctor looks at a database: whether it answers, takes writes, is whole and has room, and keeps the same time."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from jobs import doctor_database
from jobs.findings import Finding, fault
from tests import places
from tests.conftest import fresh_database
from tests.jobs.test_doctor import levels
from web import create_app
from web.db import engine_of
from web.local import migrate
from web.settings import Settings


def database(settings: Settings) -> list[Finding]:
    return list(doctor_database.of_database(settings, clock=lambda: datetime.now(UTC)))


def test_a_database_that_is_as_it_should_be(settings: Settings) -> None:
    checks = ["database", "migrations", "indexes", "connections", "clock"]
    assert levels(database(settings)) == [(each, "ok") for each in checks]


def test_a_standby_is_no_database_that_can_be_used(server: str, settings: Settings, template: str) -> None:
    name = f"standby_{os.getpid()}"
    with fresh_database(server, name, template=template) as url:
        with engine_of(url).begin() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
        engine_of(url).dispose()
        there = replace(settings, database_url=url)
        found = database(there)[0]
        assert (found.level, "takes no writes" in found.said) == ("fault", True)
        assert found.do == "Name the primary in DATABASE_URL."
        answer = create_app(there).test_client().get("/healthz")
        assert (answer.status_code, "takes no writes" in answer.json["database"]) == (503, True)
        engine_of(url).dispose()


def test_no_database_at_the_port_is_one_fault_without_its_password() -> None:
    url = f"postgresql://ana:geheim@127.0.0.1:{places.free_port()}/db"
    (found,) = database(Settings(database_url=url))
    assert (found.check, found.level) == ("database", "fault")
    assert "ana:***@127.0.0.1" in found.said
    assert "geheim" not in found.said + found.do


def test_tables_that_are_behind_and_ahead(server: str, settings: Settings) -> None:
    with fresh_database(server, f"behind_{os.getpid()}") as url:
        behind = replace(settings, database_url=url)
        assert database(behind)[1] == fault("migrations", database(behind)[1].said, "Run python -m jobs.migrate.")
        migrate(url, to="0004")
        assert "the tables are at 0004" in database(behind)[1].said
        with engine_of(url).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert "which this version does not know" in database(behind)[1].said
        engine_of(url).dispose()


def test_an_index_that_was_lost_is_named(server: str, settings: Settings, template: str) -> None:
    with fresh_database(server, f"lost_{os.getpid()}", template=template) as url:
        with engine_of(url).begin() as connection:
            connection.execute(text("DROP INDEX ix_letter_turn"))
        found = database(replace(settings, database_url=url))
        assert ("indexes", "fault") in levels(found)
        assert "ix_letter_turn" in found[2].said
        engine_of(url).dispose()


@pytest.mark.parametrize(("apart_s", "level"), [(0, "ok"), (10, "warning"), (-4000, "fault")])
def test_a_clock_that_goes_wrong(settings: Settings, apart_s: int, level: str) -> None:
    wrong = timedelta(seconds=apart_s)
    found = list(doctor_database.of_database(settings, clock=lambda: datetime.now(UTC) + wrong))
    assert levels(found)[-1] == ("clock", level)


def test_a_database_whose_connections_run_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_database, "WORKER", 100_000)
    assert ("connections", "warning") in levels(database(settings))

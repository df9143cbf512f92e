"""Migrations: an empty database becomes what the models say, and goes back to nothing."""

import itertools
import os
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from matcher.models import Base
from tests.conftest import fresh_database
from web.db import engine_of
from web.local import migrate

LEFT = """
    SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = 'public'
    UNION ALL SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname = 'public'
    UNION ALL SELECT typname FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace WHERE n.nspname = 'public'
"""
NUMBERS = itertools.count(1)


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """Give the URL of a database without any table."""
    with fresh_database(server, f"empty_{os.getpid()}_{next(NUMBERS)}") as url:
        yield url
        engine_of(url).dispose()


def ours(_object: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith("procrastinate_")


def differences(url: str) -> list[object]:
    """List what the models have and the database has not, or the other way round."""
    options = {"include_object": ours, "compare_server_default": True, "compare_type": True}
    with engine_of(url).connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)


def checks(url: str) -> set[str]:
    """List the names of check constraints, which Alembic does not compare."""
    with engine_of(url).connect() as connection:
        return set(connection.scalars(text("SELECT conname FROM pg_constraint WHERE starts_with(conname, 'ck_')")))


def left(url: str) -> set[str]:
    with engine_of(url).connect() as connection:
        return set(connection.scalars(text(LEFT))) - {"alembic_version", "alembic_version_pkc", "_alembic_version"}


def test_an_empty_database_becomes_exactly_what_the_models_say(empty: str) -> None:
    migrate(empty)
    assert differences(empty) == []


def test_the_checks_of_the_models_are_in_the_database(empty: str) -> None:
    migrate(empty)
    wanted = {
        str(each.name)
        for table in Base.metadata.tables.values()
        for each in table.constraints
        if type(each).__name__ == "CheckConstraint"
    }
    assert checks(empty) == wanted


def test_going_back_to_the_base_leaves_nothing_and_the_way_up_is_open_again(empty: str) -> None:
    migrate(empty)
    assert "procrastinate_jobs" in left(empty)
    migrate(empty, to="base")
    assert left(empty) == set()
    migrate(empty)
    assert differences(empty) == []


def test_migrating_twice_changes_nothing(empty: str) -> None:
    migrate(empty)
    before = left(empty)
    migrate(empty)
    assert left(empty) == before


def test_whoever_spoke_norwegian_by_another_code_speaks_it_by_that_of_postings(empty: str) -> None:
    migrate(empty, to="0017")
    spoken = {"alder": ["nb", "en"], "quay": ["no", "nn", "de"], "fjord": ["sv"]}
    with engine_of(empty).begin() as connection:
        for key, languages in spoken.items():
            told = {"key": key, "languages": languages}
            connection.execute(text("INSERT INTO partner (key, name, languages) VALUES (:key, :key, :languages)"), told)
    migrate(empty)
    with engine_of(empty).connect() as connection:
        found = dict(connection.execute(text("SELECT key, languages FROM partner")).tuples().all())
    assert found == {"alder": ["en", "no"], "quay": ["de", "no"], "fjord": ["sv"]}

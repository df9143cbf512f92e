"""Tables are changed while letters are written: a migration waits briefly, steps back, and comes again."""

import os
import threading
from collections.abc import Iterator
from time import perf_counter

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from matcher.migrations.patience import be_brief
from tests.conftest import fresh_database
from web.db import engine_of
from web.local import MIGRATIONS, migrate

LETTER = "INSERT INTO letter (key, kind, to_address) VALUES (%s, 'answer', 'ann@firm.example')"


@pytest.fixture
def older(server: str) -> Iterator[str]:
    """Give the URL of a database before the migration that adds a column to the matches."""
    with fresh_database(server, f"older_{os.getpid()}") as url:
        migrate(url, to="0004")
        yield url
        engine_of(url).dispose()


def test_whoever_waits_for_a_table_keeps_letters_waiting_only_briefly(database: str) -> None:
    with psycopg.connect(database) as reader, psycopg.connect(database, autocommit=True) as writer:
        reader.execute("SELECT count(*) FROM letter")
        refused: list[BaseException] = []
        changing = threading.Thread(target=_change, args=(database, refused))
        changing.start()
        began, n_written = perf_counter(), 0
        while changing.is_alive():
            n_written += 1
            writer.execute(LETTER, [str(n_written)])
        assert perf_counter() - began < 5
        changing.join()
        writer.execute(LETTER, ["afterwards"])
    assert isinstance(refused[0].orig, LockNotAvailable)


def _change(url: str, refused: list[BaseException]) -> None:
    with engine_of(url).connect() as connection:
        be_brief(connection, lock_s=0.4)
        try:
            connection.execute(text("ALTER TABLE letter ADD COLUMN more text"))
        except OperationalError as error:
            refused.append(error)


def test_a_statement_that_takes_too_long_under_its_lock_is_broken_off(database: str) -> None:
    with engine_of(database).connect() as connection:
        be_brief(connection, statement_s=0.2)
        with pytest.raises(OperationalError) as caught:
            connection.execute(text("SELECT pg_sleep(5)"))
        connection.invalidate()
    assert isinstance(caught.value.orig, QueryCanceled)


def test_a_migration_that_met_a_long_reader_is_done_after_it(older: str) -> None:
    with psycopg.connect(older) as reader:
        reader.execute("SELECT count(*) FROM match")
        ending = threading.Timer(1.5, reader.rollback)
        ending.start()
        config = Config(attributes={"url": older, "lock_s": 0.2})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0005")
        ending.join()
        assert reader.execute("SELECT count(team_needs) FROM match").fetchone() == (0,)


def test_an_index_that_was_left_half_made_is_made_anew(older: str) -> None:
    with psycopg.connect(older, autocommit=True) as connection:
        connection.execute("CREATE INDEX ix_outcome_contact_id ON outcome (contact_id)")
        connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_outcome_contact_id'::regclass"
        )
        migrate(older)
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_outcome_contact_id'::regclass"
        assert connection.execute(valid).fetchone() == (True,)

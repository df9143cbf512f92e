"""Tables are changed while letters are written: a migration waits briefly, steps back, and comes again."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from matcher.migrations.patience import LOCK_S, be_brief
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


REVISION = """
from time import sleep

from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{after}", None, None


def upgrade() -> None:
    op.execute("CREATE TABLE tried (id int)")
    {body}


def downgrade() -> None:
    pass
"""


@pytest.fixture
def newer(older: str, tmp_path: Path) -> Callable[..., None]:
    """Run a migration of the test's own behind those before 0005, which has half a second for its work."""

    def run(body: str) -> None:
        (tmp_path / "9999_slow.py").write_text(REVISION.format(number="9999", after="0004", body=body))
        config = Config(attributes={"url": older, "work_s": 0.5, "pause_s": 0.05})
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'} {tmp_path}")
        config.set_main_option("path_separator", "space")
        command.upgrade(config, "9999")

    return run


def test_short_statements_that_take_too_long_together_are_broken_off_with_a_sentence(
    newer: Callable[..., None], older: str
) -> None:
    with pytest.raises(SystemExit, match=r"after 0004 .*SELECT pg_sleep\(0.2\).* 3 times; nothing of it is left"):
        newer('for _ in range(4): op.execute("SELECT pg_sleep(0.2)")')
    with psycopg.connect(older) as connection:
        assert connection.execute("SELECT to_regclass('tried')").fetchone() == (None,)


def test_time_in_which_no_statement_runs_counts_too(newer: Callable[..., None]) -> None:
    with pytest.raises(SystemExit, match="nothing of it is left"):
        newer('sleep(0.6); op.execute("SELECT 1")')


def test_a_migration_that_was_too_slow_once_is_done_at_the_next_try(newer: Callable[..., None], older: str) -> None:
    with psycopg.connect(older, autocommit=True) as connection:
        connection.execute("CREATE SEQUENCE tries")
        newer("op.execute(\"SELECT pg_sleep(CASE WHEN nextval('tries') = 1 THEN 2 ELSE 0.01 END)\")")
        assert connection.execute("SELECT last_value FROM tries").fetchone() == (2,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_work_beside_the_mail_may_take_its_time(newer: Callable[..., None], older: str) -> None:
    beside = "from matcher.migrations.patience import beside_the_mail as beside\n    "
    newer(beside + 'with beside(): op.execute("SELECT pg_sleep(0.8)")\n    op.execute("SELECT 1")')
    with psycopg.connect(older) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_several_that_migrate_an_empty_database_at_once_wait_for_each_other(server: str) -> None:
    with fresh_database(server, f"crowd_{os.getpid()}") as url:
        command_line = [sys.executable, "-c", f"from web.local import migrate; migrate({url!r})"]
        crowd = [subprocess.Popen(command_line, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        assert [(each.communicate(timeout=120)[1], each.returncode) for each in crowd] == [("", 0)] * 3


def test_whoever_migrates_waits_for_as_long_as_another_does(server: str) -> None:
    with fresh_database(server, f"turn_{os.getpid()}") as url, psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('counterpart migrations'))")
        migrating = threading.Thread(target=migrate, args=(url,), kwargs={"to": "0001"})
        migrating.start()
        migrating.join(LOCK_S + 1)  # longer than it would wait for a table
        assert migrating.is_alive()
        other.execute("SELECT pg_advisory_unlock_all()")
        migrating.join(60)
        row = other.execute("SELECT version_num, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) "
                            "FROM alembic_version").fetchone()  # fmt: skip
        assert row == ("0001", 0)

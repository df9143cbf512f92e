"""A change of tables while mail goes in and out → how long it may keep others waiting, and work that keeps nobody."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from sqlalchemy import Connection, text

LOCK_S = 3.0  # everything else waits behind us while we wait for a lock
STATEMENT_S = 5.0  # … and while one statement works under it; with this much nobody is locked out for long

INVALID = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname = :name AND NOT i.indisvalid
"""


def be_brief(connection: Connection, *, lock_s: float = LOCK_S, statement_s: float = STATEMENT_S) -> None:
    """Let the database break off whatever would keep others from a table for longer."""
    connection.execute(text(f"SET lock_timeout = {int(lock_s * 1000)}"))
    connection.execute(text(f"SET statement_timeout = {int(statement_s * 1000)}"))


@contextmanager
def beside_the_mail() -> Iterator[Connection]:
    """Run statements that lock nobody out, each in a transaction of its own and for as long as it takes."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        was = [connection.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")]
        be_brief(connection, lock_s=0, statement_s=0)
        yield connection
        connection.execute(text(f"SET lock_timeout = '{was[0]}'"))
        connection.execute(text(f"SET statement_timeout = '{was[1]}'"))


def drop_half_made(connection: Connection, name: str) -> None:
    """Drop an index that an interrupted migration left invalid: it costs every write and serves no query."""
    if connection.scalar(text(INVALID), {"name": name}):
        connection.execute(text(f'DROP INDEX CONCURRENTLY "{name}"'))

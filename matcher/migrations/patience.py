"""A change of tables while mail goes in and out → how long it may keep others waiting, and work that keeps nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from alembic import op
from sqlalchemy import Connection, event, text

LOCK_S = 3.0  # everything else waits behind us while we wait for a lock
STATEMENT_S = 5.0  # … and while statements of one transaction work under it; so nobody is locked out for long

INVALID = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname = :name AND NOT i.indisvalid
"""


class TimeIsUp(Exception):  # noqa: N818 - as the database says it of a statement
    """A transaction has had its time; the statement that was next is not begun."""

    def __init__(self, statement: str):
        self.statement = statement


def be_brief(connection: Connection, *, lock_s: float = LOCK_S, statement_s: float = STATEMENT_S) -> None:
    """Let the database break off whatever would keep others from a table for longer."""
    connection.execute(text(f"SET lock_timeout = {int(lock_s * 1000)}"))
    connection.execute(text(f"SET statement_timeout = {int(statement_s * 1000)}"))


def be_brief_together(connection: Connection, *, transaction_s: float = STATEMENT_S) -> None:
    """Give the statements of one transaction so much time together: all that they lock is locked until its end.

    What stands outside a transaction is left to `be_brief` and `beside_the_mail`. Raises `TimeIsUp`.
    """
    began = [monotonic()]

    def begin(_: Connection) -> None:
        began[0] = monotonic()

    def allow(_: Connection, cursor: Any, statement: str, *__: object) -> None:
        if cursor.connection.autocommit:
            return
        left_ms = int((transaction_s - (monotonic() - began[0])) * 1000)
        if left_ms < 1:
            raise TimeIsUp(statement)
        cursor.execute(f"SET LOCAL statement_timeout = {left_ms}")

    event.listen(connection, "begin", begin)
    event.listen(connection, "before_cursor_execute", allow)


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

"""A database's address → an engine that reads times in UTC, and says nothing of what stands in rows as it stumbles."""

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext

# What a database, its server or a login has chosen for itself must not change what we read. A statement it is, as
# PgBouncer refuses such options at the start.
OURS = "SET TIME ZONE 'UTC'; SET datestyle TO 'ISO'"
# Where an address names no `connect_timeout`: a network that swallows all would be waited for two minutes.
CONNECT_S = 10


def open_engine(url: str, **options: Any) -> Engine:
    """Make an engine for an address that begins with postgresql://; every engine of ours is made here."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, connect_args=patience_of(url), hide_parameters=True, **options)
    event.listen(engine, "connect", _read_in_utc)
    event.listen(engine, "handle_error", _say_no_values)
    return engine


def patience_of(url: str) -> dict[str, int]:
    """Say how long a connection may take to be made, unless the address says so itself."""
    return {} if "connect_timeout" in make_url(url).query else {"connect_timeout": CONNECT_S}


def _read_in_utc(connection: "psycopg.Connection[Any]", _: object) -> None:
    before, connection.autocommit = connection.autocommit, True  # or it would stand in a transaction from then on
    connection.execute(OURS)
    connection.autocommit = before


async def read_in_utc(connection: "psycopg.AsyncConnection[Any]") -> None:
    """Let a connection of the queue's own read times as those of our engines do."""
    before = connection.autocommit
    await connection.set_autocommit(True)
    await connection.execute(OURS)
    await connection.set_autocommit(before)


def _say_no_values(stumbled: ExceptionContext) -> None:
    """Leave of an error what was wrong, and not the rows that its details name ("Key (email)=(…) already exists")."""
    theirs, ours = stumbled.original_exception, stumbled.sqlalchemy_exception
    primary = theirs.diag.message_primary if isinstance(theirs, psycopg.Error) else None
    if not primary:
        return  # it never got as far as the server
    whole = str(theirs)
    theirs.args = (primary,)
    if ours is not None:
        ours.args = tuple(str(each).replace(whole, primary) for each in ours.args)

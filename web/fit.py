"""A database that answers → what about it cannot work, in a sentence that says what to do; empty when all is well."""

import psycopg
from psycopg.errors import InsufficientPrivilege, UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from matcher.store.opening import patience_of
from web.local import revisions

ENCODING = "UTF8"
NO_TABLES = "the tables are not there: run python -m jobs.migrate"
OLD_TABLES = "the tables are of an older version: run python -m jobs.migrate"
NO_RIGHT = (
    "its role may not use or make tables there: make it the owner of the database, or grant it CREATE on schema public"
)
READ_ONLY = "it takes no writes, as a standby or with default_transaction_read_only: name the primary in DATABASE_URL"
BROKEN = ("08", "57P")  # SQLSTATEs of a connection that is gone; one that was never made has none
SAID = {UndefinedTable: NO_TABLES, UndefinedColumn: OLD_TABLES, InsufficientPrivilege: NO_RIGHT}


def of_encoding(url: str) -> str:
    """Say what is wrong with the letters that a database can keep. Raises `psycopg.Error`."""
    with psycopg.connect(url, **patience_of(url)) as connection:
        kept, name = connection.info.parameter_status("server_encoding"), connection.info.dbname
    if kept == ENCODING:
        return ""
    return (
        f"the database is in {kept}, which cannot keep every name; make one in UTF8: "
        f"createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 {name}2"
    )


def of_tables(engine: Engine) -> str:
    """Say that there are no tables yet, or those of an older version; newer ones hold all that a program knows."""
    at = revision(engine)
    return NO_TABLES if not at else OLD_TABLES if at < revisions()[-1] else ""


def of_writes(ask: Connection | Session) -> str:
    """Say that nothing can be written, as after a failover to which nobody moved us."""
    return READ_ONLY if ask.scalar(text("SHOW transaction_read_only")) == "on" else ""


def revision(engine: Engine) -> str:
    """Name the revision that the tables are at; empty where there are none."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return ""
        return connection.scalar(text("SELECT max(version_num) FROM alembic_version")) or ""


def of_error(error: BaseException) -> str:
    """Say what an error of the database is about, when it is about the database and not about what was asked."""
    return SAID.get(type(getattr(error, "orig", None)), "")


def is_away(error: BaseException | None) -> bool:
    """Tell whether an error, or what it came of, is a database that does not answer, not one that refused a wish."""
    while error is not None:
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return not error.sqlstate or error.sqlstate.startswith(BROKEN)
        error = error.__cause__ or getattr(error, "orig", None)
    return False

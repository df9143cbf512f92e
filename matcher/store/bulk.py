"""Many rows at once: by COPY into a table of the transaction's own, from there into the real one, each once per key."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql
from psycopg.errors import UniqueViolation
from sqlalchemy import Select, text
from sqlalchemy.orm import Session


def add(session: Session, table: str, columns: Sequence[str], *, rows: Iterable[Sequence[Any]]) -> set[int]:
    """Insert rows in their order, leaving out those whose key is taken; return the ids of those inserted.

    Two that insert the same keys at once must both come in the order of the keys; else each may wait for the other.
    """
    connection = driver(session)
    fields, into = sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table)
    copied = sql.Identifier(f"new_{table}")
    connection.execute(
        sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(copied, fields, into)
    )
    with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(copied, fields)) as copy:
        for row in rows:
            copy.write_row(row)
    added = connection.execute(
        sql.SQL("INSERT INTO {} ({fields}) SELECT {fields} FROM {} ON CONFLICT DO NOTHING RETURNING id").format(
            into, copied, fields=fields
        )
    ).fetchall()
    connection.execute(sql.SQL("DROP TABLE {}").format(copied))
    return {row[0] for row in added}


def copy(session: Session, table: str, columns: Mapping[str, str], *, rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose keys nobody else can have taken; `columns` maps names to types, and `JSON` comes as text."""
    fields = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), fields)
    with driver(session).cursor().copy(into) as to:
        to.set_types(list(columns.values()))
        for row in rows:
            to.write_row(row)


def copied(session: Session, table: str, columns: Mapping[str, str], *, rows: Sequence[Sequence[Any]]) -> bool:
    """Insert rows of which hardly one can be there; False, and nothing is inserted, where the key of one is taken.

    It takes half of what `add` takes. The order of the rows matters as there.
    """
    try:
        with session.begin_nested():
            copy(session, table, columns, rows=rows)
    except UniqueViolation:
        return False
    return True


def ids(session: Session, table: str, n: int) -> list[int]:
    """Take the next ids of a table, rising, so that rows can name each other before they are inserted."""
    counter = "(SELECT pg_get_serial_sequence(%s, 'id')::regclass AS id OFFSET 0)"  # looked up once, not for each id
    numbers = f"SELECT array_agg(nextval(counter.id)) FROM {counter} counter, generate_series(1, %s)"
    found = driver(session).execute(numbers, [table, n]).fetchone()
    return sorted(found[0] or ()) if found else []


JSON = "bytea"  # of a column of `copy`: what `packed` made


def packed(words: str) -> bytes:
    """Write JSON as PostgreSQL takes it by COPY: the version of the format before it."""
    return b"\x01" + words.encode()


def read(session: Session, chosen: Select[Any]) -> list[tuple[Any, ...]]:
    """Read rows of numbers, texts and days as the driver gives them: to wrap each costs twice what reading it does."""
    cursor = session.connection().execute(chosen).cursor
    return list(cursor.fetchall()) if cursor else []


# By an index alone each row's page is asked for when the one before is there; by a bitmap of rows many are at once. A
# server that cannot ask ahead says 0 and takes no other number.
ASKED_AHEAD = 200
MANY_PAGES = f"""
    SELECT set_config('enable_indexscan', 'off', true), set_config('effective_io_concurrency',
    CASE current_setting('effective_io_concurrency') WHEN '0' THEN '0' ELSE '{ASKED_AHEAD}' END, true)
"""
AS_BEFORE = """
    SELECT set_config('enable_indexscan', :indexscan, true), set_config('effective_io_concurrency', :ahead, true)
"""
NOW = "SELECT current_setting('enable_indexscan'), current_setting('effective_io_concurrency')"


@contextmanager
def scattered(session: Session) -> Iterator[None]:
    """Read rows that lie all over their tables, many pages at a time: a thousand partners are on twenty thousand.

    Where something fails meanwhile, the end of the transaction puts things back.
    """
    indexscan, ahead = session.execute(text(NOW)).one()
    session.execute(text(MANY_PAGES))
    yield
    session.execute(text(AS_BEFORE), {"indexscan": indexscan, "ahead": ahead})


as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: to make one costs more than most values


def driver(session: Session) -> Connection[Any]:
    """Return the connection of a session's transaction, with everything written that the session holds."""
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    return connection

"""Statements as they are sent → how the database would run each, and which of them would read a whole large table."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

from tests.benchmarks import night_database as databases
from tests.benchmarks import web_rows
from tests.conftest import fresh_database
from tests.places import database_url
from web.local import migrate

N_PARTNERS = 5_000
LARGER = "PLANS_DATABASE"  # names a market that `python -m tests.benchmarks.web --keep` left, by its URL
# In a larger one the planner rightly reads 700 kB of bounces as a whole where a hundred addresses are asked for.
N_LARGE = 10_000 if LARGER in os.environ else 900
LARGE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s AND relnamespace = 'public'::regnamespace"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

# Columns that name another table's row, which goes or is let go with it, and that no index begins with.
FOREIGN = """
    SELECT c.conrelid::regclass || '.' || a.attname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confdeltype IN ('c', 'n') AND c.conrelid::regclass::text !~ '^procrastinate_'
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
                    AND i.indpred IS NULL)
"""


@contextmanager
def market(server: str, template: str) -> Iterator[str]:
    """Make a market for the length of a block, or copy the one that the environment names; return the URL."""
    if larger := os.environ.get(LARGER):
        with databases.copy_of(database_url(larger, "postgres"), urlsplit(larger).path[1:]) as url:
            migrate(url)
            yield url
        return
    with fresh_database(server, f"crowded_{os.getpid()}", template=template) as url:
        web_rows.fill(url, N_PARTNERS)
        _stand_still(url)
        yield url


def _stand_still(url: str) -> None:
    """Let the server count no table anew behind our back: just after changes it would take each page for half empty."""
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(table)))


def whole_reads(plan: dict[str, Any], large: frozenset[str], *, limited: bool = False) -> Iterator[str]:
    """Name the large tables of which a plan reads every row, one way or the other."""
    kind, table = plan["Node Type"], plan.get("Relation Name", "")
    limited = limited or kind == "Limit"
    if table in large and _reads_all(plan, kind, limited=limited):
        yield f"{kind} on {table}" + (f" ({plan['Filter'][:100]})" if "Filter" in plan else "")
    for each in plan.get("Plans", ()):
        yield from whole_reads(each, large, limited=limited)


def _reads_all(plan: dict[str, Any], kind: str, *, limited: bool) -> bool:
    """Tell a scan of the whole table, or of a whole index of it that leaves out no row."""
    if kind == "Seq Scan":
        return True
    if "Index" not in kind or "Index Cond" in plan or not plan["Index Name"].startswith(("pk_", "uq_")):
        return False  # an index of some rows only may be read from end to end
    return "Filter" in plan or not limited


@dataclass(slots=True)
class Watch:
    """While it is open, every new statement of an engine is planned, just before it runs, in its own transaction."""

    engine: Engine
    found: dict[str, str] = field(default_factory=dict)  # what reads a whole table, by statement
    n_planned: int = 0
    _seen: set[str] = field(default_factory=set)
    _large: frozenset[str] = frozenset()

    def __enter__(self) -> "Watch":
        with self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            self._large = frozenset(row[0] for row in driver.execute(LARGE, [N_LARGE]))
        event.listen(self.engine, "before_cursor_execute", self._plan)
        return self

    def __exit__(self, *_: object) -> None:
        print(f"{self.n_planned} statements planned, {len(self.found)} of them read a whole table: {self.found}")
        event.remove(self.engine, "before_cursor_execute", self._plan)

    def _plan(self, _: Any, cursor: Any, statement: str, parameters: Any, __: Any, many: bool) -> None:
        if statement in self._seen or not statement.lstrip().upper().startswith(PLANNED) or (many and not parameters):
            return
        self._seen.add(statement)
        first = parameters[0] if many else parameters
        # With the values written in, as the planner sees them as long as a plan of the values' own is the better one.
        asked = psycopg.ClientCursor(cursor.connection).execute("EXPLAIN (FORMAT JSON) " + statement, first)
        row = asked.fetchone()
        assert row
        self.n_planned += 1
        reads = list(whole_reads(row[0][0]["Plan"], self._large))
        if reads:
            self.found[" ".join(statement.split())[:400]] = "; ".join(reads)

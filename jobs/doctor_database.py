"""A database → whether it can be reached, is new enough, has all tables and indexes, and keeps the same time."""

from collections.abc import Callable, Iterator
from datetime import datetime

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Index, Table, UniqueConstraint, text

from jobs.connections import WORKER, said, together
from jobs.findings import Finding, fault, ok, warning
from matcher.models import Base
from web import fit
from web.db import engine_of
from web.local import MIGRATIONS
from web.settings import BadSetting, Settings, address_of, without_password

OLDEST = 150_000  # as PostgreSQL numbers version 15.0
SLOW_CLOCK_S, WRONG_CLOCK_S = 2.0, 60.0
ROOM = """
    SELECT current_setting('max_connections'),
        current_setting('superuser_reserved_connections')::int
            + coalesce(current_setting('reserved_connections', true)::int, 0),
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')
"""
INDEXES = """
    SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()
"""


def of_database(settings: Settings, *, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Look at the database of the settings; the first fault that hides the others is the last that is said."""
    try:
        shown = without_password(address_of(settings.database_url))
        if unfit := fit.of_encoding(settings.database_url):
            yield fault("database", f"DATABASE_URL={shown}: {unfit}.", "Name the new one in DATABASE_URL.")
            return
        connection = engine_of(settings.database_url).connect()
    except BadSetting as bad:
        yield fault("database", str(bad), "Correct DATABASE_URL.")
        return
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the steward needs one sentence
        cause = str(error.__cause__ or error).strip().splitlines()[0]
        yield fault("database", f"DATABASE_URL={shown}: no PostgreSQL answered ({cause}).", "Start or correct it.")
        return
    with connection:
        yield from (_version(connection, shown), *_tables(connection), _room(connection), _clock(connection, clock))


def _version(connection: Connection, shown: str) -> Finding:
    number = int(connection.scalar(text("SHOW server_version_num")) or 0)
    name = connection.scalar(text("SHOW server_version"))
    if unfit := fit.of_writes(connection):
        said, _, do = unfit.partition(": ")
        return fault("database", f"PostgreSQL {name} at {shown}: {said}.", f"{do[0].upper()}{do[1:]}.")
    if number < OLDEST:
        return fault("database", f"PostgreSQL {name} at {shown} is too old.", "Move to version 15 or newer.")
    return ok("database", f"PostgreSQL {name} at {shown}")


def _tables(connection: Connection) -> Iterator[Finding]:
    """Say whether the tables are those of this version; only then it makes sense to look at the indexes."""
    at = set(MigrationContext.configure(connection).get_current_heads())
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    newest = set(script.get_heads())
    if at == newest:
        yield ok("migrations", f"at {', '.join(sorted(at))}, the newest")
        yield _indexes(connection)
    elif at <= {each.revision for each in script.walk_revisions()}:
        said = (
            f"the tables are at {', '.join(sorted(at)) or 'nothing'}; this version needs {', '.join(sorted(newest))}."
        )
        yield fault("migrations", said, "Run python -m jobs.migrate.")
    else:
        said = f"the tables are at {', '.join(sorted(at))}, which this version does not know."
        yield fault("migrations", said, "Install the newer version that made them.")


def _indexes(connection: Connection) -> Finding:
    there = {name: is_valid for name, is_valid in connection.execute(text(INDEXES))}
    wanted = {name for table in Base.metadata.tables.values() for name in _index_names(table)}
    missing, broken = sorted(wanted - set(there)), sorted(name for name, is_valid in there.items() if not is_valid)
    if missing:
        do = "Make them as the migrations do, or restore the database from a back-up made with its indexes."
        return fault("indexes", f"missing: {', '.join(missing)}. Pages and the night will be slow.", do)
    if broken:
        return fault("indexes", f"half made: {', '.join(broken)}.", f"Run REINDEX INDEX CONCURRENTLY {broken[0]};")
    return ok("indexes", f"all {len(wanted)} are there")


def _index_names(table: Table) -> Iterator[str]:
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    both: list[Index | UniqueConstraint] = [*table.indexes, *unique]
    yield from (str(each.name) for each in both if each.name)


def _room(connection: Connection) -> Finding:
    most, kept_back, used = (int(each or 0) for each in connection.execute(text(ROOM)).one())
    there, do = most - kept_back, "Raise max_connections, or put PgBouncer (session mode) between."
    wanted = f"the processes of the Procfile may take {together()} ({said()})"
    if there < together():
        return warning("connections", f"max_connections = {most}, {kept_back} of it reserved; {wanted}.", do)
    if there - used < WORKER:
        return warning("connections", f"{used} of {there} in use; another worker may take {WORKER}.", do)
    return ok("connections", f"{used} of {there} in use; {wanted}")


def _clock(connection: Connection, clock: Callable[[], datetime]) -> Finding:
    before = clock()
    theirs = connection.scalar(text("SELECT clock_timestamp()"))
    ours = before + (clock() - before) / 2
    apart_s = abs((theirs - ours).total_seconds())
    if apart_s < SLOW_CLOCK_S:
        return ok("clock", f"within {max(apart_s, 0.01):.2f} s of the database")
    said = f"this machine and the database are {apart_s:,.0f} s apart"
    do = "Let both set their clocks by NTP: digests, claims and tokens go by them."
    return fault("clock", said + ".", do) if apart_s >= WRONG_CLOCK_S else warning("clock", said + ".", do)

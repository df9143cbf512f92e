"""The database named by the caller → migrations run on it, in one transaction each, patient with whoever uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

from alembic import context
from alembic.runtime.migration import MigrationContext
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from matcher.migrations.patience import LOCK_S, STATEMENT_S, TimeIsUp, be_brief, be_brief_together
from matcher.models import Base
from matcher.store.opening import open_engine

TRIES = 40
PAUSE_S = 1.0  # between two tries whoever waited behind us goes first
# What was broken off at its work has kept others waiting for the whole of its time; another try may find the disk
# warm and the machine idle, but it is no wait for a lock that somebody is bound to give back.
TRIES_AT_WORK, PAUSE_AT_WORK_S = 3, 10.0
TURN, ASK_AGAIN_S = "hashtext('counterpart migrations')", 0.2


class TooLong(SystemExit):
    """A change that would keep others waiting for too long was broken off, and nothing of it is left."""


def ours(_object: object, name: str | None, *_: object) -> bool:
    """Leave the queue's own tables to the queue."""
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    """Run the migrations over one connection; one that waits too long for a lock steps back and tries again."""
    engine = open_engine(context.config.attributes["url"])
    try:
        with _our_turn(engine):
            _run(engine)
    finally:
        engine.dispose()


@contextmanager
def _our_turn(engine: Engine) -> Iterator[None]:
    """Let one process at a time migrate a database; one that dies holds up nobody.

    We ask again and again in place of waiting inside the database: an index that another makes beside the mail would
    wait for our statement, which waits for that other.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text(f"SELECT pg_try_advisory_lock({TURN})")):
            sleep(ASK_AGAIN_S)
        try:
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({TURN})"))


def _run(engine: Engine) -> None:
    waiting, working = TRIES, TRIES_AT_WORK
    while True:
        try:
            return _run_once(engine)
        except (OperationalError, TimeIsUp) as error:
            cause = getattr(error, "orig", error)
            if isinstance(cause, (LockNotAvailable, DeadlockDetected)) and waiting > 1:
                waiting, pause_s = waiting - 1, PAUSE_S
            elif isinstance(cause, (QueryCanceled, TimeIsUp)):
                working, pause_s = working - 1, PAUSE_AT_WORK_S
            else:
                raise
            if not working:
                raise TooLong(_too_long(engine, error)) from error
        sleep(context.config.attributes.get("pause_s", pause_s))


def _too_long(engine: Engine, error: OperationalError | TimeIsUp) -> str:
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    statement = " ".join((error.statement or "").split())[:100]
    return (
        f"The migration after {at} needs more than {STATEMENT_S:.0f} s under its locks ({statement}) and was broken "
        f"off {TRIES_AT_WORK} times; nothing of it is left. Run it again when less is going on."
    )


def _run_once(engine: Engine) -> None:
    named = context.config.attributes
    with engine.connect() as connection:
        be_brief(connection, lock_s=named.get("lock_s", LOCK_S), statement_s=named.get("work_s", STATEMENT_S))
        connection.commit()
        be_brief_together(connection, transaction_s=named.get("work_s", STATEMENT_S))
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()

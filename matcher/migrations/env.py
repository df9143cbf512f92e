"""The database named by the caller → migrations run on it, in one transaction each, patient with whoever uses it."""

from time import sleep

from alembic import context
from psycopg.errors import LockNotAvailable
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from matcher.migrations.patience import LOCK_S, be_brief
from matcher.models import Base

TRIES = 40
PAUSE_S = 1.0  # between two tries whoever waited behind us goes first


def ours(_object: object, name: str | None, *_: object) -> bool:
    """Leave the queue's own tables to the queue."""
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    """Run the migrations over one connection; one that waits too long for a lock steps back and tries again."""
    url = context.config.attributes["url"].replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    try:
        for n_left in reversed(range(TRIES)):
            try:
                return _run_once(engine)
            except OperationalError as error:
                if not isinstance(error.orig, LockNotAvailable) or not n_left:
                    raise
                sleep(PAUSE_S)
    finally:
        engine.dispose()


def _run_once(engine: Engine) -> None:
    with engine.connect() as connection:
        be_brief(connection, lock_s=context.config.attributes.get("lock_s", LOCK_S))
        connection.commit()
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

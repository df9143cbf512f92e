"""Settings → an engine, and transactions whose wishes become jobs in the same commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from flask import current_app
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from matcher.store.wake import wishes_of
from web.settings import BadSetting, Settings, address_of, without_password

QUEUES = {
    "match": "now",
    "receive": "now",
    "deliver": "mail",
    "why_not": "now",
    "refresh": "whenever",
    "night": "tonight",
}

queue = App(connector=SyncPsycopgConnector())


@lru_cache(maxsize=8)
def engine_of(url: str) -> Engine:
    """Return the one engine of this process for a database."""
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)


def connect(settings: Settings) -> Engine:
    """Open the database and say in one sentence what is wrong when it cannot be reached. Raises `BadSetting`."""
    shown = without_password(address_of(settings.database_url))
    try:
        engine = engine_of(settings.database_url)
        with engine.connect():
            return engine
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the person needs one sentence
        cause = str(error.__cause__ or error).strip().splitlines()[0]
        raise BadSetting("DATABASE_URL", shown, f"no PostgreSQL answered there ({cause}).") from None


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Session]:
    """Open one transaction; at its end the session's wishes are deferred as jobs, then all of it commits."""
    with Session(engine or current_app.extensions["counterpart"].engine) as session, session.begin():
        session.info["request"] = request = str(get_contextvars().get("request", ""))
        yield session
        session.flush()
        _defer_wishes(session, request)


def _defer_wishes(session: Session, request: str) -> None:
    """Defer what the session wishes for; each job knows the request that set it off, so that one id finds all of it."""
    wishes = wishes_of(session)
    if not wishes:
        return
    connection = session.connection().connection.driver_connection
    for task, arguments in wishes:
        job = queue.configure_task(task, queue=QUEUES[task], connection=connection, allow_unknown=True)
        job.defer(**dict(arguments), **({"request": request} if request else {}))

"""Settings → an engine, and transactions whose wishes become jobs in the same commit."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from flask import current_app
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as Waited
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from matcher.store.opening import open_engine
from matcher.store.wake import wishes_of
from web import fit
from web.settings import BadSetting, Settings, address_of, without_password

QUEUES = {
    "match": "now",
    "receive": "now",
    "deliver": "mail",
    "why_not": "now",
    "refresh": "whenever",
    "night": "tonight",
}

# Connections that a process opens at most, by what it is: one for each thread that asks the database, and one to spare
# (a page has one of four threads, a worker's letters are claimed and marked by two at once, eight keep what comes in).
AT_MOST = {"web": 5, "worker": 12, "inbound": 8, "hand": 4}
ELSEWHERE = 15  # tests and measurements
WAIT_S = 10  # for one that is free
FULL = re.compile("too many clients|too many connections|connection slots")  # as PostgreSQL says it
_here: dict[str, str] = {}

queue = App(connector=SyncPsycopgConnector())


class NoConnection(Waited):
    """All connections that this process may open were in use for too long."""


AWAY = (OperationalError, InterfaceError, NoConnection)  # the database, and not what it was asked


def act_as(role: str) -> None:
    """Say what this process is, before it first asks the database; the first word stands."""
    _here.setdefault("role", role)


@lru_cache(maxsize=8)
def engine_of(url: str) -> Engine:
    """Return the one engine of this process for a database; it opens no more connections than its role may.

    The one used last is used next: in turn, each would in time hold the plans of every statement, at the server.
    """
    return open_engine(
        url, pool_pre_ping=True, pool_size=AT_MOST.get(_here.get("role", ""), ELSEWHERE), pool_use_lifo=True,
        max_overflow=0, pool_timeout=WAIT_S,
    )  # fmt: skip


def connect(settings: Settings) -> Engine:
    """Open the database and say in one sentence what is wrong when it cannot be reached. Raises `BadSetting`."""
    shown = without_password(address_of(settings.database_url))
    try:
        if unfit := fit.of_encoding(settings.database_url):
            raise BadSetting("DATABASE_URL", shown, f"{unfit}.")
        engine = engine_of(settings.database_url)
        with engine.connect():
            return engine
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, the person needs one sentence
        cause = str(error.__cause__ or error).strip().splitlines()[0]
        raise BadSetting("DATABASE_URL", shown, f"no PostgreSQL answered there ({cause}).") from None


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Session]:
    """Open one transaction; at its end the session's wishes are deferred as jobs, then all of it commits.

    Raises `NoConnection`.
    """
    chosen = engine or current_app.extensions["counterpart"].engine
    try:
        with Session(chosen) as session, session.begin():
            session.info["request"] = request = str(get_contextvars().get("request", ""))
            yield session
            session.flush()
            _defer_wishes(session, request)
    except (Waited, OperationalError) as error:
        if isinstance(error, NoConnection) or not (isinstance(error, Waited) or FULL.search(str(error.orig))):
            raise
        all_in_use = f"All {chosen.pool.size()} database connections of this process were in use for {WAIT_S} s."
        cause = all_in_use if isinstance(error, Waited) else f"The database has no connection left ({error.orig})."
        raise NoConnection(f"{cause} Nothing was written; try again when less is going on.") from None


def _defer_wishes(session: Session, request: str) -> None:
    """Defer what the session wishes for; each job knows the request that set it off, so that one id finds all of it."""
    wishes = wishes_of(session)
    if not wishes:
        return
    connection = session.connection().connection.driver_connection
    for task, arguments in wishes:
        job = queue.configure_task(task, queue=QUEUES[task], connection=connection, allow_unknown=True)
        job.defer(**dict(arguments), **({"request": request} if request else {}))

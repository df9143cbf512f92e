"""How many connections to the database each process of the Procfile opens at most, for whoever sets up the server."""

from procrastinate import PsycopgConnector

from matcher.store.opening import read_in_utc
from web.db import AT_MOST
from web.settings import Settings

QUEUE = 4  # with which a worker takes and ends jobs: so many more than its jobs have
LISTENING = 4  # a line for each queue, over which a worker hears of jobs
BUILDER = 1  # the process that builds the next ranker beside a worker
WORKER = AT_MOST["worker"] + QUEUE + LISTENING + BUILDER
# Process → (how many of it, connections of each); a mailbox, for trying things out, opens one.
PROCFILE = {"web": (2, AT_MOST["web"]), "worker": (1, WORKER), "inbound": (1, AT_MOST["inbound"])}


def connector_of(settings: Settings, *, wait_s: float) -> PsycopgConnector:
    """Make what the worker's queue takes and ends its jobs through; who finds no connection free waits so long."""
    return PsycopgConnector(conninfo=settings.database_url, max_size=QUEUE, timeout=wait_s, configure=read_in_utc)


def together() -> int:
    """Count what all processes of a Procfile may take at the same time."""
    return sum(n * each for n, each in PROCFILE.values())


def said() -> str:
    """Say who may take how many."""
    return ", ".join(f"{name} {n} × {each}" if n > 1 else f"{name} {each}" for name, (n, each) in PROCFILE.items())

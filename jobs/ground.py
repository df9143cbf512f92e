"""What every job stands on: settings, engine, the application for letters, and the one model of this process."""

import sys
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Event, Lock

import structlog
from flask import Flask
from sqlalchemy import Engine

from jobs.alone import Alone
from matcher.exchange.receiving import Post
from matcher.matching import Shelf
from matcher.ranking.embed import Embedder
from matcher.ranking.snapshot import Snapshots
from matcher.store.embeddings import ALL, Mark
from web import clock, create_app, fit
from web.db import act_as
from web.inbound_post import post_of
from web.log import log_to
from web.settings import BadSetting, Settings, address_of, without_password

log = structlog.get_logger()


@dataclass(slots=True)
class Ground:
    """Settings, engine and application of this process; the model is loaded when first asked for."""

    app: Flask
    settings: Settings
    engine: Engine
    shelf: Shelf = field(default_factory=Shelf)
    lock: Lock = field(default_factory=Lock)  # one thread at a time uses the model and the ranker
    stopping: Event = field(default_factory=Event)  # set when this process was asked to end
    embedding: Lock = field(default_factory=Lock)  # one thread at a time embeds what has no vector
    looked: tuple[str, Mark] = ("", ALL)  # up to where, in an hour and for a model, every text had its vector
    _embedder: Embedder | None = None

    @property
    def embedder(self) -> Embedder:
        """Return the model, loaded once in this process (a second or two)."""
        if self._embedder is None:
            from matcher.ranking.embed import SentenceEmbedder

            there = self.settings
            self._embedder = Alone(SentenceEmbedder(there.embedding_model, device=there.embedding_device))
        return self._embedder

    @property
    def post(self) -> Post:
        """Return what the reader of inbound mail must know."""
        return post_of(self.settings)


def ground_on(app: Flask) -> Ground:
    """Stand on an application that was made already."""
    there = app.extensions["counterpart"]
    return Ground(app, there.settings, there.engine, Shelf(kept=kept_at(there.settings)))


def kept_at(settings: Settings) -> Snapshots | None:
    """Say where built rankers are kept; nowhere without a secret to know our own by."""
    folder = Path(settings.ranker_folder) if settings.ranker_folder else settings.folder / "ranker"
    return Snapshots(folder, settings.secret_key) if settings.secret_key else None


@cache
def ground() -> Ground:
    """Stand on the environment's settings, once per process. Raises `BadSetting`."""
    log_to(sys.stderr)
    act_as("hand")  # unless this process has said already that it is more
    g = ground_on(create_app())
    if unfit := fit.of_tables(g.engine):
        raise BadSetting("DATABASE_URL", without_password(address_of(g.settings.database_url)), f"{unfit}.")
    return g


def now() -> datetime:
    """Return the present moment by the clock of the pages."""
    return clock.now()

"""A database → the ranker of its network, built once and shared by the workers of a machine, seldom waited for."""

import json
import logging
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from matcher.ranking.meaning import Meanings
from matcher.ranking.model import SHIPPED, Model
from matcher.ranking.rank import Ranker, Recipe, build_ranker
from matcher.ranking.snapshot import Missing, Snapshots, Unusable
from matcher.store import embeddings, network, rankers, reading
from matcher.terms import Network

# Fewer are read in the time that it takes to look for a file, and a change is seen at once.
KEPT_FROM = 20_000
BUILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from matcher.shelving import build_apart; build_apart(sys.stdin.read())"
)
Mark: TypeAlias = tuple[object, ...]
Built: TypeAlias = tuple[Ranker, Network, Mark]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Shelf:
    """The worker's ranker and the mark of the network it was built from; a cache that may be thrown away."""

    ranker: Ranker | None = None
    mark: Mark = ()
    meanings: Meanings | None = None
    known: Network | None = None
    recipe: tuple[tuple[date, bool], Recipe] | None = None  # of a day, and whether all workers agreed on it
    model: Model = SHIPPED
    kept: Snapshots | None = None  # where a built ranker is kept for the other workers and the next start
    builder: "subprocess.Popen[str] | None" = None  # builds anew while this one goes on ranking
    stamp: tuple[int, int] | None = None  # of the file that is in use


def shelve(session: Session, shelf: Shelf, *, model: str) -> Ranker:
    """Return the ranker of the network, with the newest weights.

    A small network is read anew when it changed. Of a large one, which takes a minute or more to read, the ranker that
    is there serves while a process of its own builds the next.
    """
    mark = network.mark(session)
    if shelf.ranker is None or shelf.mark != mark:
        if shelf.kept and network.n_partners(session) >= KEPT_FROM:
            _share(session, shelf, shelf.kept, model=model, mark=mark)
        else:
            _put(shelf, _built(session, model))
    assert shelf.ranker
    if shelf.model.version != rankers.version_now(session):
        shelf.model = rankers.now_ranking(session)
    shelf.ranker.weights = shelf.model.weights
    return shelf.ranker


def build_apart(asked: str) -> None:
    """Build the ranker of a database and keep it in a file, for the process that asks for it; no other builds one."""
    told = json.loads(asked)
    kept, engine = Snapshots(Path(told["folder"]), told["secret"]), create_engine(told["url"])
    with kept.alone(), Session(engine) as session:
        with suppress(Unusable):
            if kept.read((told["model"],))[2] == network.mark(session):
                return
        kept.write(_built(session, told["model"]), (told["model"],))


def _built(session: Session, model: str) -> Built:
    """Read the network and build its ranker; what changes meanwhile is no part of the mark."""
    mark = network.mark(session)
    vectors = embeddings.table(session, model=model)
    known = reading.load(session)
    return build_ranker(known, vectors), known, mark


def _put(shelf: Shelf, built: Built) -> None:
    shelf.ranker, shelf.known, shelf.mark = built
    shelf.meanings = None


def _share(session: Session, shelf: Shelf, kept: Snapshots, *, model: str, mark: Mark) -> None:
    """Use the newest file; let one be built where it is not of this mark, and wait for that only without any."""
    if kept.stamp() != shelf.stamp:
        _map(shelf, kept, model)
    if shelf.mark == mark or (shelf.builder and shelf.builder.poll() is None):
        return
    failed = shelf.builder is not None and shelf.builder.returncode != 0
    shelf.builder = None if failed else _begin(session, kept, model)
    if shelf.builder and shelf.ranker is None:
        shelf.builder.wait()
        _map(shelf, kept, model)
    if failed or shelf.ranker is None:
        log.warning("the ranker cannot be shared in %s; this worker builds its own in memory", kept.folder)
        shelf.ranker = shelf.known = None  # the old one and the new one together would be too much
        _put(shelf, _built(session, model))


def _map(shelf: Shelf, kept: Snapshots, model: str) -> None:
    stamp = kept.stamp()
    try:
        _put(shelf, kept.read((model,)))
    except Unusable as error:
        how_bad = logging.INFO if isinstance(error, Missing) else logging.WARNING
        log.log(how_bad, "the ranker is not taken from %s: %s", kept.path, error)
    shelf.stamp = stamp


def _begin(session: Session, kept: Snapshots, model: str) -> "subprocess.Popen[str]":
    """Start a process that builds the next ranker and gives all its memory back; the secret is no argument of it."""
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    asked = json.dumps({"url": url, "model": model, "folder": str(kept.folder), "secret": kept.secret})
    root = str(Path(__file__).resolve().parent.parent)
    builder = subprocess.Popen([sys.executable, "-c", BUILD, root], stdin=subprocess.PIPE, text=True)
    assert builder.stdin
    with suppress(BrokenPipeError):  # it ended already, and will be found to have failed
        builder.stdin.write(asked)
        builder.stdin.close()
    return builder

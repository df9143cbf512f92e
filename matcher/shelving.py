"""A database → the ranker of its network, built once and shared by the workers of a machine, seldom waited for."""

import json
import logging
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from pathlib import Path
from time import monotonic

from sqlalchemy import NullPool
from sqlalchemy.orm import Session

from matcher.ranking.meaning import Meanings
from matcher.ranking.model import SHIPPED, Model
from matcher.ranking.overlay import OverlaidRanker, overlaid_network
from matcher.ranking.rank import Ranker, Recipe, build_ranker
from matcher.ranking.snapshot import Damaged, Missing, Snapshots, Unusable
from matcher.ranking.tables import Capabilities, as_table
from matcher.store import bulk, embeddings, network, rankers, reading, watermark
from matcher.store.opening import open_engine
from matcher.store.watermark import NOTHING, Mark, Since
from matcher.terms import Network

# Fewer are read in the time that it takes to look for a file, and a change is seen at once.
KEPT_FROM = 20_000
# Changes are laid over the ranker that is there, in a time that grows with them; from the first share on the next one
# is built meanwhile, and behind the second it is waited for. Once a day it is built in any case.
BUILT_FROM_SHARE = 0.01
LAID_UP_TO_SHARE = 0.05
BUILT_AFTER = timedelta(hours=20)
# After a builder that failed the next begins three times as long later as that one took: as long as a disk is full,
# trying takes a quarter of one processor at most.
RESTS_TIMES, LONGEST_REST_S = 3, 1_800.0
ALL = inf
BUILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from matcher.shelving import build_apart; build_apart(sys.stdin.read())"
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Built:
    """A ranker, the network it was built from and the moment of that network."""

    ranker: Ranker
    known: Network
    mark: Mark


@dataclass(slots=True)
class Shelf:
    """The worker's ranker, what was built and which changes were laid over that; a cache that may be thrown away."""

    ranker: Ranker | None = None
    known: Network | None = None
    built: Built | None = None
    laid: Since = NOTHING  # what was noted since the mark of what was built, up to the last look
    meanings: Meanings | None = None
    recipe: tuple[tuple[date, bool], Recipe] | None = None  # of a day, and whether all workers agreed on it
    model: Model = SHIPPED
    kept: Snapshots | None = None  # where a built ranker is kept for the other workers and the next start
    builder: "subprocess.Popen[str] | None" = None  # builds anew while this one goes on ranking
    begun_at: float = 0.0  # when the builder was, in seconds of `monotonic`
    rests_until: float = 0.0  # no builder begins before this, in seconds of `monotonic`
    stamp: tuple[int, int] | None = None  # of the file that was looked at last
    lacks_file: bool = False  # none is there for the next worker to begin with, or it is damaged


def shelve(session: Session, shelf: Shelf, *, model: str) -> Ranker:
    """Return the ranker of the network as it is now, with the newest weights.

    A small network is read anew when it changed. Over a large one, which takes a minute or more to read, the partners
    that changed are laid; when they are many, a process of its own builds the next ranker meanwhile.
    """
    if shelf.kept and _n_partners(session, shelf) >= KEPT_FROM:
        _share(session, shelf, shelf.kept, model=model)
    elif shelf.built is None or watermark.since(session, shelf.built.mark, model=model) != NOTHING:
        _put(shelf, _built(session, model))
    assert shelf.ranker
    if shelf.model.version != rankers.version_now(session):
        shelf.model = rankers.now_ranking(session)
    shelf.ranker.weights = shelf.model.weights
    return shelf.ranker


def build_apart(asked: str) -> None:
    """Build the ranker of a database and keep it in a file, for the process that asks for it; no other builds one."""
    told = json.loads(asked)
    kept, model = Snapshots(Path(told["folder"]), told["secret"]), told["model"]
    newer_than = datetime.fromisoformat(told["newer_than"]) if told["newer_than"] else None
    engine = open_engine(told["url"], poolclass=NullPool)
    with kept.alone(), Session(engine) as session:
        try:
            _keep_built(session, kept, model=model, newer_than=newer_than)
            session.commit()  # that damaged vectors are forgotten
        except OSError as error:
            sys.exit(f"the next ranker cannot be kept in {kept.folder}: {error}")


def build_ahead(session: Session, kept: Snapshots, *, model: str) -> bool | None:
    """Build the ranker's file that workers of this program begin with; False where it is there already, None where the
    network is so small that there is no file. Raises `OSError` where it cannot be written."""
    if network.n_partners(session) < KEPT_FROM:
        return None
    with kept.alone():
        return _keep_built(session, kept, model=model, newer_than=None)


def _keep_built(session: Session, kept: Snapshots, *, model: str, newer_than: datetime | None) -> bool:
    with suppress(Unusable):
        there: Built = kept.read((model,))
        is_newer = newer_than is None or there.mark.made_at > newer_than
        if is_newer and watermark.since(session, there.mark, model=model) is not None:
            return False  # another worker wanted one too
    built = _built(session, model)
    built.ranker.warm()
    kept.write(built, (model,))
    return True


def _n_partners(session: Session, shelf: Shelf) -> int:
    return len(shelf.built.known.partners) if shelf.built else network.n_partners(session)


def _built(session: Session, model: str) -> Built:
    """Read the network and build its ranker; what changes meanwhile is noted behind the mark, though read perhaps."""
    mark = watermark.mark(session)
    vectors = embeddings.table(session, model=model)
    known = reading.load(session)
    return Built(build_ranker(known, vectors), known, mark)


def _put(shelf: Shelf, built: Built) -> None:
    shelf.built, shelf.ranker, shelf.known, shelf.laid = built, built.ranker, built.known, NOTHING
    shelf.meanings = None


def _share(session: Session, shelf: Shelf, kept: Snapshots, *, model: str) -> None:
    """Use the newest file and lay over it what changed since; wait for one to be built only without any.

    A file that was found damaged or gone is built anew though nothing changed: a worker that starts would wait for it.
    """
    if kept.stamp() != shelf.stamp:
        _map(shelf, kept, model)
    if shelf.built is None and _begun(session, shelf, kept, model=model) and shelf.builder:
        shelf.builder.wait()
        _map(shelf, kept, model)
    if shelf.built is None:
        return _build_alone(session, shelf, kept, model=model)
    noted = watermark.since(session, shelf.built.mark, model=model)
    if noted == shelf.laid:
        if shelf.lacks_file:
            _begun(session, shelf, kept, model=model)
        return None
    built = shelf.built
    share = _lay(session, shelf, built, model=model) if noted else ALL
    is_old = watermark.age(session, built.mark) >= BUILT_AFTER
    is_wanted = share >= BUILT_FROM_SHARE or is_old or shelf.lacks_file or _holds_who_left(shelf, built)
    if is_wanted and not _begun(session, shelf, kept, model=model) and share == ALL:
        return _build_alone(session, shelf, kept, model=model)
    if noted and share < ALL:
        shelf.laid = noted
    return None


def _lay(session: Session, shelf: Shelf, built: Built, *, model: str) -> float:
    """Lay the partners that changed over what was built; return their share, `ALL` where they are too many for that."""
    n = max(len(built.known.partners), 1)
    touched = watermark.whose(session, built.mark, model=model, most=int(LAID_UP_TO_SHARE * n) or n)
    if touched is None:
        return ALL
    with bulk.scattered(session):
        told = reading.told(session, touched)
        hashes = as_table(Capabilities, told.capabilities).text_hash.values
        vectors = embeddings.some(session, model=model, hashes=[one.decode() for one in hashes.tolist()])
    shelf.known = overlaid_network(built.known, told, touched)
    shelf.ranker = OverlaidRanker(built.ranker, told, vectors, touched=touched)
    return len(touched) / n


def _holds_who_left(shelf: Shelf, built: Built) -> bool:
    """Tell whether words of a firm that has left since, which are erased everywhere else, stand in what was built."""
    told = shelf.ranker.touched if isinstance(shelf.ranker, OverlaidRanker) and shelf.known else frozenset[int]()
    return any(_state(shelf.known, each) == "left" != _state(built.known, each) for each in told)


def _state(known: Network | None, partner_id: int) -> str:
    row = known.partners.get(partner_id) if known else None
    return row.state if row else "left"


def _begun(session: Session, shelf: Shelf, kept: Snapshots, *, model: str) -> bool:
    """Let the next ranker be built unless that goes on already; tell whether it may be hoped for.

    It may not be after a builder that failed, nor for a while from then on.
    """
    if shelf.builder and shelf.builder.poll() is None:
        return True
    if shelf.builder and shelf.builder.returncode != 0:
        rest = min(RESTS_TIMES * (monotonic() - shelf.begun_at), LONGEST_REST_S)
        shelf.builder, shelf.rests_until = None, monotonic() + rest
        log.warning(
            "the next ranker was not built in %s; changes are laid over the last one, and the next try comes in %.0f s",
            kept.folder,
            rest,
        )
    if monotonic() < shelf.rests_until:
        return False
    shelf.begun_at, shelf.builder = monotonic(), _begin(session, kept, model, shelf.built)
    return True


def _build_alone(session: Session, shelf: Shelf, kept: Snapshots, *, model: str) -> None:
    log.warning("the ranker cannot be shared in %s; this worker builds its own in memory", kept.folder)
    shelf.built = shelf.ranker = shelf.known = None  # the old one and the new one together would be too much
    _put(shelf, _built(session, model))
    shelf.lacks_file = True


def _map(shelf: Shelf, kept: Snapshots, model: str) -> None:
    stamp = kept.stamp()
    try:
        _put(shelf, kept.read((model,)))
        shelf.lacks_file = False
    except Unusable as error:
        # One of another program is left to its workers: else the two would write it over each other's without end.
        shelf.lacks_file = isinstance(error, Missing | Damaged)
        how_bad = logging.INFO if isinstance(error, Missing) else logging.WARNING
        log.log(how_bad, "the ranker is not taken from %s: %s", kept.path, error)
    shelf.stamp = stamp


def _begin(session: Session, kept: Snapshots, model: str, built: Built | None) -> "subprocess.Popen[str]":
    """Start a process that builds the next ranker and gives all its memory back; the secret is no argument of it."""
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    asked: dict[str, str | None] = {"url": url, "model": model, "folder": str(kept.folder), "secret": kept.secret}
    asked["newer_than"] = built.mark.made_at.isoformat() if built else None
    root = str(Path(__file__).resolve().parent.parent)
    builder = subprocess.Popen([sys.executable, "-c", BUILD, root], stdin=subprocess.PIPE, text=True)
    assert builder.stdin
    with suppress(BrokenPipeError):  # it ended already, and will be found to have failed
        builder.stdin.write(json.dumps(asked))
        builder.stdin.close()
    return builder

"""This machine and its workers → whether the model is there and quick, the index is up to date, and nothing is full."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy.orm import Session

from jobs.findings import Finding, fault, ok, warning
from jobs.ground import kept_at
from matcher.ranking.embed import Embedder, NoDevice, NoModel, SentenceEmbedder
from matcher.ranking.snapshot import Missing, Snapshots, Unusable
from matcher.store import damaged, health, unreadable, watching
from web.db import engine_of
from web.settings import Settings
from web.wording import counted

GB = 1_000_000_000
FULL, NEARLY_FULL = 1 * GB, 5 * GB
SLOWEST = 5.0  # texts a second, one by one; under it a posting waits for its matches
TRIES = 8
WAITS = timedelta(minutes=15)
PUT_OFF_AFTER = 5  # tries: for half an hour


def of_model(settings: Settings, embedder: Embedder | None = None) -> Iterator[Finding]:
    """Load the model and let it read a few texts."""
    try:
        model = embedder or SentenceEmbedder(settings.embedding_model, device=settings.embedding_device)
        model.encode(["warm"])
        began = perf_counter()
        for number in range(TRIES):
            n_dimensions = model.encode([f"Move {number} mailboxes to another server."]).shape[1]
        rate = TRIES / (perf_counter() - began)
    except (NoDevice, NoModel) as error:
        said, _, do = str(error).rpartition(". ")
        yield fault("model", f"{said}.", do)
        return
    said = f"{model.model}: {n_dimensions} numbers a text, {rate:.0f} texts a second one by one"
    yield ok("model", said) if rate >= SLOWEST else warning("model", said, "Give the worker more of a core.")


def of_index(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Say whether every partner can be found, and whether the ranker's file can be used."""
    with Session(engine_of(settings.database_url)) as session:
        n_behind, n_unreadable = health.n_behind(session, now=now), unreadable.n_noted(session)
    if n_behind:
        said = f"{counted(n_behind, 'partner', 'partners')} changed over five minutes ago and cannot be found yet."
        yield fault("index", said, "See that a worker runs; or run python -m jobs.refresh by hand.")
    else:
        yield ok("index", "every partner can be found as it is now")
    if n_unreadable:
        said = f"{counted(n_unreadable, 'partner', 'partners')} cannot be read; what was read before still holds."
        yield warning("index", said, "Look at the reason: python -m jobs.steward.")
    yield from _vectors(settings)
    if kept := kept_at(settings):
        yield from _file(kept, SentenceEmbedder(settings.embedding_model, device=settings.embedding_device))


def _vectors(settings: Settings) -> Iterator[Finding]:
    try:
        model = SentenceEmbedder(settings.embedding_model, device=settings.embedding_device).model
    except (NoDevice, NoModel):
        return  # of which is said above
    with Session(engine_of(settings.database_url)) as session:
        n_damaged = len(damaged.listed(session, model=model))
    if n_damaged:
        said = f"{counted(n_damaged, 'stored vector is', 'stored vectors are')} damaged: no numbers a text can have."
        yield warning("index", said, "Run python -m jobs.refresh: it makes them anew. Then look at disk and memory.")


def _file(kept: Snapshots, embedder: Embedder) -> Iterator[Finding]:
    """Look at the file that workers of this machine share; a small network has none."""
    folder = _existing(kept.folder)
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        said = f"nothing can be written to RANKER_FOLDER={kept.folder}: each worker builds a ranker of its own."
        yield warning("index", said, "Give the workers a folder of their own there, or name another.")
        return
    try:
        kept.read((embedder.model,))
    except Missing:
        return
    except Unusable as error:
        said = f"{kept.path} is not used: {error}."
        yield warning("index", said, "Start a worker: it builds it anew, which takes some minutes; or delete it.")
    except (NoDevice, NoModel):
        return  # without the model, of which is said above, nobody knows whose file it should be
    else:
        yield ok("index", f"{kept.path} is whole and of this program and model")


def _existing(folder: Path) -> Path:
    """Find the folder, or the nearest one above it that is there."""
    return next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)


def of_workers(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Say whether somebody does the work, and whether it piles up."""
    with Session(engine_of(settings.database_url)) as session:
        n_workers = health.n_workers(session)
        there = watching.queues(session, now=now)
        unsent_at = watching.oldest_letter_at(session, now=now)
        n_put_off, why = watching.put_off(session, n_tries=PUT_OFF_AFTER)
    if n_workers:
        yield ok("workers", f"{n_workers} signs of life in the last minute (a worker gives four)")
    else:
        yield fault("workers", "none gave a sign of life in the last minute.", "Start python -m jobs.worker.")
    for each in there:
        if each.oldest_at and each.oldest_at < now - WAITS:
            said = f"the oldest job of “{each.name}” waits since {each.oldest_at:%Y-%m-%d %H:%M} UTC."
            yield warning("queue", said, "Start another worker.")
    if n_failed := sum(each.n_failed for each in there):
        said = f"{counted(n_failed, 'job that failed was', 'jobs that failed were')} set aside."
        yield warning("queue", said, "Look at them: python -m jobs.steward.")
    if unsent_at and unsent_at < now - WAITS:
        said = f"the oldest letter that is due waits since {unsent_at:%Y-%m-%d %H:%M} UTC."
        yield warning("letters", said, "See mail out above, and that a worker runs.")
    if n_put_off:
        said = f"{n_put_off:,} were put off {PUT_OFF_AFTER} times or more: {why}"
        yield warning("letters", said, "Many at once speak against the relay or us: see the steward's page.")


def of_disk(settings: Settings) -> Iterator[Finding]:
    """Say how much room is left where we write, once for each disk."""
    kept, seen = kept_at(settings), set()
    for folder in (settings.folder, *([kept.folder] if kept else [])):
        there = _existing(folder)
        if (disk := _disk_of(there)) not in seen:
            seen.add(disk)
            yield _room(folder, shutil.disk_usage(there))


def _disk_of(folder: Path) -> int:
    return folder.stat().st_dev


def _room(folder: Path, room: "shutil._ntuple_diskusage") -> Finding:
    said = f"{room.free / GB:,.1f} GB of {room.total / GB:,.0f} GB are free at {folder}"
    do = "Make room: a full disk stops the private database and the snapshot of the index."
    if room.free < FULL:
        return fault("disk", said + ".", do)
    if room.free < NEARLY_FULL:
        return warning("disk", said + ".", do)
    return ok("disk", said)

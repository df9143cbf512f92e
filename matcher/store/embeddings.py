"""Vectors of texts, kept as bytes under the name of their model."""

from collections.abc import Mapping, Sequence
from itertools import islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Subquery, func, select, text, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Capability, Embedding, Need
from matcher.ranking.index import EXACT_UNTIL, listed, put_in_order
from matcher.ranking.vectors import Keys, VectorTable
from matcher.store import bulk, damaged

N_LOCKS = 1024
SIZES_LOOKED_AT = 100
LOCK_KIND = 0x7EC7  # of all advisory locks of the database, those of texts
TRY = text("SELECT lock FROM unnest(CAST(:locks AS int[])) AS lock WHERE pg_try_advisory_xact_lock(:kind, lock)")
Vector = NDArray[np.float32]
COPIED = sql.SQL(
    "COPY (SELECT text_hash, vector FROM embedding WHERE model = {model} AND {}EXISTS (SELECT FROM capability c "
    "WHERE c.text_hash = embedding.text_hash AND c.source <> 'collaboration')) TO STDOUT (FORMAT binary)"
)


def load(session: Session, *, model: str, hashes: Sequence[str] | None = None) -> dict[str, Vector]:
    """Read vectors of one model by text hash: those named, or all. Each is float32 (d,), unit length.

    Damaged ones are forgotten, as if they had never been made; in `table` and `some` too.
    """
    chosen = select(Embedding.text_hash, Embedding.vector).where(Embedding.model == model)
    if hashes is not None:
        chosen = chosen.where(Embedding.text_hash.in_(hashes))
    rows = session.execute(chosen).all()
    if bad := damaged.among([row[1] for row in rows]):
        damaged.forget(session, [rows[at][0] for at in bad], model=model)
    return {row[0]: np.frombuffer(row[1], dtype="<f4") for at, row in enumerate(rows) if at not in bad}


def table(session: Session, *, model: str) -> VectorTable:
    """Read all vectors of one model into one array; those that only past work has stand behind all others."""
    there = select(func.count(), func.max(func.octet_length(Embedding.text_hash))).where(Embedding.model == model)
    n, longest = session.execute(there).one()
    size = _usual_size(session, model)
    matrix = np.empty((n + 1, size // 4), np.float32)
    keys, bad = np.empty(n, f"S{longest or 1}"), list[str]()
    row, n_said = 0, 0
    for which in (sql.SQL(""), sql.SQL("NOT ")):
        with bulk.driver(session).cursor().copy(COPIED.format(which, model=sql.Literal(model))) as rows:
            rows.set_types(["bytea", "bytea"])
            # Whatever comes in while this reads is read with the next change.
            for key, vector in islice(rows.rows(), n - row):
                if len(vector) != size:
                    bad.append(key.decode())
                    continue
                keys[row], matrix[row] = key, np.frombuffer(vector, dtype="<f4")
                row += 1
            for _ in rows:
                pass
        n_said = n_said or row
    unsound = ~damaged.is_sound(matrix[:row])
    bad += [key.decode() for key in keys[:row][unsound].tolist()]
    if bad:
        damaged.forget(session, bad, model=model)
    matrix[:row][unsound] = 0
    matrix[row] = 0
    # A server gives rows in the order of its scans, so that two readers would add up and cut off ties differently.
    for part in (slice(0, n_said), slice(n_said, row)):
        order = np.argsort(keys[part], kind="stable")
        put_in_order(matrix[part], order)
        keys[part] = keys[part][order]
    return _in_lists(keys[:row], matrix[: row + 1], n_said)


def _usual_size(session: Session, model: str) -> int:
    """Say how many bytes most vectors of a model have; 0 where there are none."""
    size = func.octet_length(Embedding.vector)
    there = select(size).where(Embedding.model == model).limit(SIZES_LOOKED_AT).subquery()
    usual = select(there.c[0]).group_by(there.c[0]).order_by(func.count().desc()).limit(1)
    return session.scalar(usual) or 0


def some(session: Session, *, model: str, hashes: Sequence[str]) -> VectorTable:
    """Read those vectors of one model that are there for some texts into one array, in order of hash."""
    found = load(session, model=model, hashes=hashes)
    keys = sorted(found)
    return VectorTable(keys, np.stack([found[one] for one in keys]) if keys else np.zeros((0, 0), np.float32))


def _in_lists(keys: Keys, matrix: Vector, n: int) -> VectorTable:
    """Let the first n vectors stand in lists where there are enough of them."""
    if n < EXACT_UNTIL:
        return VectorTable(keys, matrix[:-1], padded=matrix)
    lists, order = listed(matrix[:n])
    put_in_order(matrix[:n], order)
    keys[:n] = keys[order]
    return VectorTable(keys, matrix[:-1], lists=lists, padded=matrix)


def known(session: Session, *, model: str, hashes: Sequence[str]) -> frozenset[str]:
    """Tell which of these hashes have a vector of one model."""
    chosen = select(Embedding.text_hash).where(Embedding.model == model, Embedding.text_hash.in_(hashes))
    return frozenset(session.scalars(chosen))


def taken(session: Session, *, model: str, hashes: Sequence[str]) -> frozenset[str]:
    """Take those texts that nobody else is embedding, until this transaction ends; return those without a vector.

    Texts share `N_LOCKS` locks, so that many machines never fill the server's table of locks: one may be held back
    for another's sake and comes with the next look.
    """
    lock_of = {each: crc32(f"{model} {each}".encode()) % N_LOCKS for each in hashes}
    free = set(session.scalars(TRY, {"kind": LOCK_KIND, "locks": sorted(set(lock_of.values()))}))
    ours = [each for each in hashes if lock_of[each] in free]
    return frozenset(ours) - known(session, model=model, hashes=ours)


def save(session: Session, vectors: Mapping[str, Vector], *, model: str) -> None:
    """Write vectors once per text and model."""
    rows = [
        {"text_hash": key, "model": model, "vector": np.ascontiguousarray(vector, dtype="<f4").tobytes()}
        for key, vector in vectors.items()
    ]
    if rows:
        session.execute(insert(Embedding).values(rows).on_conflict_do_nothing(index_elements=["text_hash", "model"]))


Mark = tuple[int, int]  # the newest capability and the newest need that were looked at
ALL: Mark = (0, 0)
OPEN_IDS = 200  # so many ids may be given out already to transactions that have not ended


def newest(session: Session) -> Mark:
    """Say up to where texts are there to be looked at; those of transactions that are still open count as not there."""
    found = [session.scalar(select(func.max(table.id))) or 0 for table in (Capability, Need)]
    return max(found[0] - OPEN_IDS, 0), max(found[1] - OPEN_IDS, 0)


def texts_without(session: Session, *, model: str, limit: int, after: Mark = ALL) -> list[tuple[str, str]]:
    """List (hash, text) of capabilities and needs that have no vector under a model, each text once, shortest first.

    Texts of like length go through a model together without padding, so they are handed out in that order. `after` is
    what `newest` said before a look that found nothing: without it every text there is is looked at.
    """
    bare = _bare(model, after)
    words = func.min(bare.c.text)
    chosen = select(bare.c.text_hash, words).group_by(bare.c.text_hash)
    rows = session.execute(chosen.order_by(func.length(words), bare.c.text_hash).limit(limit))
    return [(row[0], row[1]) for row in rows]


def n_without(session: Session, *, model: str) -> int:
    """Count the different texts of capabilities and needs that have no vector under a model."""
    return session.scalar(select(func.count(_bare(model, ALL).c.text_hash.distinct()))) or 0


def _bare(model: str, after: Mark) -> Subquery:
    found = []
    seen: dict[type[Capability] | type[Need], int] = {Capability: after[0], Need: after[1]}
    for table, last in seen.items():
        known = select(Embedding.id).where(Embedding.text_hash == table.text_hash, Embedding.model == model).exists()
        found.append(select(table.text_hash, table.text).where(~known, table.id > last))
    return union_all(*found).subquery()

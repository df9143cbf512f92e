"""Vectors of texts, kept as bytes under the name of their model."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Subquery, func, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Capability, Embedding, Need
from matcher.ranking.vectors import VectorTable
from matcher.store import bulk

Vector = NDArray[np.float32]
COPIED = sql.SQL(
    "COPY (SELECT text_hash, vector FROM embedding WHERE model = {model} AND {}EXISTS (SELECT FROM capability c "
    "WHERE c.text_hash = embedding.text_hash AND c.source <> 'collaboration')) TO STDOUT (FORMAT binary)"
)


def load(session: Session, *, model: str, hashes: Sequence[str] | None = None) -> dict[str, Vector]:
    """Read vectors of one model by text hash: those named, or all. Each is float32 (d,), unit length."""
    chosen = select(Embedding.text_hash, Embedding.vector).where(Embedding.model == model)
    if hashes is not None:
        chosen = chosen.where(Embedding.text_hash.in_(hashes))
    return {row[0]: np.frombuffer(row[1], dtype="<f4") for row in session.execute(chosen)}


def table(session: Session, *, model: str) -> VectorTable:
    """Read all vectors of one model into one array; those that only past work has stand behind all others."""
    n = session.scalar(select(func.count()).select_from(Embedding).where(Embedding.model == model)) or 0
    first = session.scalar(select(Embedding.vector).where(Embedding.model == model).limit(1)) or b""
    matrix = np.empty((n, len(first) // 4), np.float32)
    hashes: list[str] = []
    for which in (sql.SQL(""), sql.SQL("NOT ")):
        with bulk.driver(session).cursor().copy(COPIED.format(which, model=sql.Literal(model))) as rows:
            rows.set_types(["text", "bytea"])
            for key, vector in rows.rows():
                matrix[len(hashes)] = np.frombuffer(vector, dtype="<f4")
                hashes.append(key)
    return VectorTable(hashes, matrix[: len(hashes)])


def known(session: Session, *, model: str, hashes: Sequence[str]) -> frozenset[str]:
    """Tell which of these hashes have a vector of one model."""
    chosen = select(Embedding.text_hash).where(Embedding.model == model, Embedding.text_hash.in_(hashes))
    return frozenset(session.scalars(chosen))


def save(session: Session, vectors: Mapping[str, Vector], *, model: str) -> None:
    """Write vectors once per text and model."""
    rows = [
        {"text_hash": key, "model": model, "vector": np.ascontiguousarray(vector, dtype="<f4").tobytes()}
        for key, vector in vectors.items()
    ]
    if rows:
        session.execute(insert(Embedding).values(rows).on_conflict_do_nothing(index_elements=["text_hash", "model"]))


def texts_without(session: Session, *, model: str, limit: int) -> list[tuple[str, str]]:
    """List (hash, text) of capabilities and needs that have no vector under a model, each text once, shortest first.

    Texts of like length go through a model together without padding, so they are handed out in that order.
    """
    bare = _bare(model)
    text = func.min(bare.c.text)
    chosen = select(bare.c.text_hash, text).group_by(bare.c.text_hash)
    rows = session.execute(chosen.order_by(func.length(text), bare.c.text_hash).limit(limit))
    return [(row[0], row[1]) for row in rows]


def n_without(session: Session, *, model: str) -> int:
    """Count the different texts of capabilities and needs that have no vector under a model."""
    return session.scalar(select(func.count(_bare(model).c.text_hash.distinct()))) or 0


def _bare(model: str) -> Subquery:
    found = []
    for table in (Capability, Need):
        known = select(Embedding.id).where(Embedding.text_hash == table.text_hash, Embedding.model == model).exists()
        found.append(select(table.text_hash, table.text).where(~known))
    return union_all(*found).subquery()

"""Vectors of texts, kept as bytes under the name of their model."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Capability, Embedding, Need

Vector = NDArray[np.float32]


def load(session: Session, *, model: str, hashes: Sequence[str] | None = None) -> dict[str, Vector]:
    """Read vectors of one model by text hash: those named, or all. Each is float32 (d,), unit length."""
    chosen = select(Embedding.text_hash, Embedding.vector).where(Embedding.model == model)
    if hashes is not None:
        chosen = chosen.where(Embedding.text_hash.in_(hashes))
    return {row[0]: np.frombuffer(row[1], dtype="<f4") for row in session.execute(chosen)}


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
    """List (hash, text) of capabilities and needs that have no vector under a model."""
    found: dict[str, str] = {}
    for table in (Capability, Need):
        known = select(Embedding.id).where(Embedding.text_hash == table.text_hash, Embedding.model == model).exists()
        rows = session.execute(select(table.text_hash, table.text).where(~known).order_by(table.id).limit(limit))
        found.update({row[0]: row[1] for row in rows})
    return sorted(found.items())[:limit]

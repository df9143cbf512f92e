"""Stored vectors that are no numbers (a bit that flipped, an older program) → forgotten, so that they are made anew."""

import logging
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matcher.models import Embedding
from matcher.store import bulk

log = logging.getLogger(__name__)

LONGEST = 1e6  # of a square; they are of length 1, or 0 where the model makes no numbers of a text
AT_ONCE = 4096
ALL = sql.SQL("COPY (SELECT text_hash, vector FROM embedding WHERE model = {model}) TO STDOUT (FORMAT binary)")


def is_sound(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell of each vector, float32 (n, d), whether it is made of numbers and of a length that a vector may have."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.einsum("ij,ij->i", rows, rows) < LONGEST)


def among(vectors: Sequence[bytes]) -> set[int]:
    """Tell which of some stored vectors are damaged, by their place; one is too that is of another size than most."""
    if not vectors:
        return set()
    ((size, _),) = Counter(map(len, vectors)).most_common(1)
    whole = [at for at, each in enumerate(vectors) if len(each) == size and size and not size % 4]
    rows = np.frombuffer(b"".join(vectors[at] for at in whole), "<f4").reshape(len(whole), -1 if whole else 0)
    return set(range(len(vectors))) - set(np.array(whole, int)[is_sound(rows)].tolist())


def forget(session: Session, hashes: Sequence[str], *, model: str) -> None:
    """Delete some damaged vectors: their texts count as not embedded from then on."""
    ours = (Embedding.model == model) & (Embedding.text_hash == func.any(list(hashes)))
    there = select(Embedding.id).where(ours).order_by(Embedding.id).with_for_update(skip_locked=True)
    session.execute(delete(Embedding).where(Embedding.id.in_(there)), execution_options={"synchronize_session": False})
    log.warning(
        "%d stored vectors of %s were damaged and are forgotten: their texts are ranked by their words until they are "
        "embedded again, which takes an hour at most (or python -m jobs.refresh)", len(hashes), model,
    )  # fmt: skip


def listed(session: Session, *, model: str) -> list[str]:
    """List the texts, by hash, whose stored vector is damaged. All vectors of the model are read: some ten seconds for
    a network of 430,000."""
    found: list[str] = []
    with bulk.driver(session).cursor().copy(ALL.format(model=sql.Literal(model))) as rows:
        rows.set_types(["bytea", "bytea"])
        each = rows.rows()
        while some := list(islice(each, AT_ONCE)):
            found += [some[at][0].decode() for at in among([vector for _, vector in some])]
    return sorted(found)

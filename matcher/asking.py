"""Rows of opportunities become what is asked of the ranker: needs understood, each with its vector."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Need as NeedRow
from matcher.models import Opportunity as Row
from matcher.posting.levels import level_asked
from matcher.posting.reach import placed
from matcher.ranking import leanings
from matcher.ranking.arrays import FloatArray
from matcher.ranking.embed import Embedder
from matcher.ranking.hashing import text_hash
from matcher.ranking.meaning import Meanings, texts_of
from matcher.shelving import Shelf
from matcher.store import embeddings, network
from matcher.terms import NOBODY, Competency, Need, Opportunity


def asked(session: Session, shelf: Shelf, embedder: Embedder, row: Row) -> tuple[Opportunity, FloatArray]:
    """Return what one opportunity asks and the vectors of its needs, float32 (n_needs, d)."""
    return asked_of(session, shelf, embedder, [row])[0]


def asked_of(
    session: Session, shelf: Shelf, embedder: Embedder, rows: Sequence[Row]
) -> list[tuple[Opportunity, FloatArray]]:
    """Do for many what `asked` does for one, with as many statements."""
    vectors = _vectors(session, [need for row in rows for need in row.needs], embedder)
    posted = [network.as_opportunity(row) for row in rows]
    needs = [need for each in posted for need in each.needs]
    understood = iter(_understood(session, shelf, needs, vectors, model=embedder.model))
    found, begin = [], 0
    for row, each in zip(rows, posted, strict=True):
        mine, begin = vectors[begin : begin + len(each.needs)], begin + len(each.needs)
        own = row.partner.practices if row.partner and each.partner_id != NOBODY else ()
        needed = [replace(need, level=level_asked(need.text)) for need in islice(understood, len(each.needs))]
        read = leanings.leant(needed, mine, encoder=embedder.model, own=own)
        found.append((placed(replace(each, needs=read), row.place_text), mine))
    return found


def meanings_of(session: Session, known: Sequence[Competency], model: str) -> Meanings | None:
    """Build what practices mean from stored vectors; nothing while the worker has not embedded all of them."""
    hashes = {text: text_hash(text) for text in texts_of(known)}
    # Where vectors are missing, mostly all are: to ask for one costs a hundredth of reading those that there are.
    if not embeddings.known(session, model=model, hashes=list(hashes.values())[-1:]):
        return None
    vectors = embeddings.load(session, model=model, hashes=list(hashes.values()))
    if not hashes or len(vectors) < len(set(hashes.values())):
        return None
    return Meanings(known, lambda texts: np.stack([vectors[hashes[text]] for text in texts]))


def _vectors(session: Session, needs: Sequence[NeedRow], embedder: Embedder) -> FloatArray:
    """Return the vectors of needs, (n, d), those made that are not stored yet."""
    known = embeddings.load(session, model=embedder.model, hashes=[each.text_hash for each in needs])
    todo = {each.text_hash: each.text for each in needs if each.text_hash not in known}
    if todo:
        made = embedder.encode(list(todo.values()))
        known |= {key: made[i] for i, key in enumerate(todo)}
        embeddings.save(session, {key: known[key] for key in todo}, model=embedder.model)
    return np.stack([known[each.text_hash] for each in needs]) if needs else np.zeros((0, 0), np.float32)


def _understood(
    session: Session, shelf: Shelf, needs: Sequence[Need], vectors: FloatArray, *, model: str
) -> Sequence[Need]:
    """Give the practices that they are about to needs that name none."""
    silent = [at for at, need in enumerate(needs) if not need.competency_keys]
    if not silent:
        return needs
    known = network.competencies(session)
    shelf.meanings = shelf.meanings or meanings_of(session, known, model)
    if shelf.meanings is None:
        return needs
    linker, found = wording.linker_of(known), list(needs)
    read = shelf.meanings.understand(vectors[silent], [linker.named(needs[at].text) for at in silent])
    for at, one in zip(silent, read, strict=True):
        found[at] = replace(needs[at], competency_keys=one.keys)
    return found

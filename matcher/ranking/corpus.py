"""Capabilities and their vectors become rows, a partner's rows side by side, ready to be compared with needs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.capability import work_text
from matcher.ranking.graph import HALF_LIFE_DAYS, WORTH
from matcher.ranking.grouped import Flags, Numbers
from matcher.ranking.hashing import text_hash
from matcher.ranking.vectors import VectorTable
from matcher.terms import Capability, Collaboration, Network

UNDATED_AGE_DAYS = HALF_LIFE_DAYS
# The oldest piece of work still shows that it can be done.
LEAST_STRENGTH = 0.5


class Corpus:
    """All that the partners can do: `capabilities[i]` has the vector `vectors[text_at[i]]`, zeros where none is known.

    Many rows share a text: what one has declared is told in the same words as another's.
    """

    def __init__(self, network: Network, vectors: Mapping[str, FloatArray]) -> None:
        self.capabilities: tuple[Capability, ...] = tuple(sorted(network.capabilities, key=_row_order))
        n = len(self.capabilities)
        self.partner_ids: IntArray = np.fromiter((one.partner_id for one in self.capabilities), np.int64, n)
        self.text_at, self.vectors = _stacked(self.capabilities, vectors)
        self.is_work = np.fromiter((one.source == "collaboration" for one in self.capabilities), np.bool_, n)
        self.works = _works_by_row(self.capabilities, network)
        self._outcomes, self._ended = np.ones(n, np.float32), np.full(n, np.nan, np.float32)
        for row, work in self.works.items():
            # Lost work was still work of that kind, often lost for another's sake: it counts more here than as a tie.
            self._outcomes[row] = 1.0 if work.outcome == "won" else 0.5 + WORTH.get(work.outcome, 0.0) / 2
            self._ended[row] = work.ended_on.toordinal()
        self._keys = Numbers()
        self._key_at = self._keys.of(one.competency_key for one in self.capabilities)

    def __len__(self) -> int:
        return len(self.capabilities)

    def rows_of(self, partner_ids: Sequence[int] | IntArray) -> tuple[IntArray, IntArray]:
        """Return the partners' rows, partner after partner, and where each partner's rows begin, with the end last."""
        wanted = np.asarray(partner_ids, dtype=np.int64)
        first = np.searchsorted(self.partner_ids, wanted, side="left")
        past = np.searchsorted(self.partner_ids, wanted, side="right")
        begins = np.concatenate([[0], np.cumsum(past - first)]).astype(np.int64)
        rows = np.arange(begins[-1], dtype=np.int64)
        return rows + np.repeat(first - begins[:-1], past - first), begins

    def fitting(self, vectors: FloatArray) -> FloatArray:
        """Return the needs' vectors as the rows can be compared with: (n, 0) while no row has a vector."""
        n_dimensions = self.vectors.shape[1]
        if n_dimensions and vectors.shape[1] != n_dimensions:
            raise ValueError(f"The needs have vectors of {vectors.shape[1]} numbers, the capabilities {n_dimensions}.")
        return vectors[:, :n_dimensions]

    def strength(self, rows: IntArray, today: date) -> FloatArray:
        """Return what each row weighs, in (0, 1]: past work by outcome and age, everything else 1."""
        age = np.maximum(np.nan_to_num(today.toordinal() - self._ended[rows], nan=UNDATED_AGE_DAYS), 0)
        faded = LEAST_STRENGTH + (1 - LEAST_STRENGTH) * 0.5 ** (age / HALF_LIFE_DAYS)
        return np.where(self.is_work[rows], faded * self._outcomes[rows], 1).astype(np.float32)

    def names_one_of(self, rows: IntArray, keys: Collection[str]) -> Flags:
        """Tell for each row whether it is about one of the competencies."""
        wanted = np.zeros(len(self._keys) + 1, dtype=bool)
        wanted[self._keys.known(keys)] = True
        return wanted[self._key_at[rows]]


def _row_order(one: Capability) -> tuple[int, str]:
    return one.partner_id, one.text_hash


def _stacked(capabilities: Sequence[Capability], vectors: Mapping[str, FloatArray]) -> tuple[IntArray, FloatArray]:
    """Return for each row which text it has, and the texts' vectors; a table of vectors is taken as it is."""
    if isinstance(vectors, VectorTable):
        text_at = vectors.rows_of([one.text_hash for one in capabilities])
        if (text_at >= 0).all():
            return text_at, vectors.matrix
    texts: dict[str, int] = {}
    text_at = np.array([texts.setdefault(one.text_hash, len(texts)) for one in capabilities], dtype=np.int64)
    known = next(iter(vectors.values()), None)
    stacked = np.zeros((len(texts), 0 if known is None else len(known)), np.float32)
    for key, place in texts.items():
        vector = vectors.get(key)
        if vector is not None:
            stacked[place] = vector
    return text_at, stacked


def _works_by_row(capabilities: Sequence[Capability], network: Network) -> dict[int, Collaboration]:
    """Find the collaboration behind each row of past work; of several with the same words, the newest."""
    rows = {
        (one.partner_id, one.text_hash): row for row, one in enumerate(capabilities) if one.source == "collaboration"
    }
    told = {one.partner_id for one in capabilities if one.source == "collaboration"}
    hashes: dict[tuple[str, str], str] = {}
    newest: dict[int, Collaboration] = {}
    for one in network.collaborations:
        if one.partner_id not in told:
            continue
        words = (one.competency_key, one.summary)
        if words not in hashes:
            hashes[words] = text_hash(work_text(one, network.competencies))
        row = rows.get((one.partner_id, hashes[words]))
        if row is not None and (row not in newest or _age(newest[row]) <= _age(one)):
            newest[row] = one
    return newest


def _age(one: Collaboration) -> tuple[date, str, int]:
    return one.ended_on, one.outcome, one.lead_id

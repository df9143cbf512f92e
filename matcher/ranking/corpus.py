"""Capabilities and their vectors become rows, a partner's rows side by side, ready to be compared with needs."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.capability import work_text
from matcher.ranking.graph import HALF_LIFE_DAYS, WORTH
from matcher.ranking.hashing import text_hash
from matcher.terms import Capability, Collaboration, Network

UNDATED_AGE_DAYS = HALF_LIFE_DAYS
# The oldest piece of work still shows that it can be done.
LEAST_STRENGTH = 0.5


class Corpus:
    """All that the partners can do: `capabilities[i]` has the vector `vectors[i]`, zeros where none is known yet."""

    def __init__(self, network: Network, vectors: Mapping[str, FloatArray]) -> None:
        self.capabilities: tuple[Capability, ...] = tuple(sorted(network.capabilities, key=_row_order))
        self.partner_ids: IntArray = np.array([one.partner_id for one in self.capabilities], dtype=np.int64)
        self.vectors = _stacked(self.capabilities, vectors)
        self.is_work = np.array([one.source == "collaboration" for one in self.capabilities], dtype=bool)
        self.works = _works_by_row(self.capabilities, network)
        self._outcomes = np.array([self._outcome(row) for row in range(len(self.capabilities))], dtype=np.float32)
        self._ended = np.array([self._ended_on(row) for row in range(len(self.capabilities))], dtype=np.float32)

    def __len__(self) -> int:
        return len(self.capabilities)

    def rows_of(self, partner_ids: Sequence[int]) -> tuple[IntArray, IntArray]:
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

    def _outcome(self, row: int) -> float:
        work = self.works.get(row)
        # Lost work was still work of that kind, often lost for another's sake: it counts more here than as a tie.
        return 1.0 if work is None or work.outcome == "won" else 0.5 + WORTH.get(work.outcome, 0.0) / 2

    def _ended_on(self, row: int) -> float:
        work = self.works.get(row)
        return work.ended_on.toordinal() if work else float("nan")


def _row_order(one: Capability) -> tuple[int, str]:
    return one.partner_id, one.text_hash


def _stacked(capabilities: Sequence[Capability], vectors: Mapping[str, FloatArray]) -> FloatArray:
    known = next(iter(vectors.values()), None)
    n_dimensions = 0 if known is None else len(known)
    stacked = np.zeros((len(capabilities), n_dimensions), np.float32)
    for row, one in enumerate(capabilities):
        vector = vectors.get(one.text_hash)
        if vector is not None:
            stacked[row] = vector
    return stacked


def _works_by_row(capabilities: Sequence[Capability], network: Network) -> dict[int, Collaboration]:
    """Find the collaboration behind each row of past work; of several with the same words, the newest."""
    newest: dict[tuple[int, str], Collaboration] = {}
    for one in sorted(network.collaborations, key=lambda one: (one.ended_on, one.outcome, one.lead_id)):
        newest[one.partner_id, text_hash(work_text(one, network.competencies))] = one
    keys = ((row, (one.partner_id, one.text_hash)) for row, one in enumerate(capabilities))
    return {row: newest[key] for row, key in keys if key in newest and capabilities[row].source == "collaboration"}

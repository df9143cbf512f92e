"""What partners can do becomes what they can do after some of them were told anew, without copying vectors."""

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.corpus import Corpus
from matcher.ranking.grouped import Flags, Numbers
from matcher.ranking.overlay.rows import Stacked, joined

JOINED = ("partner_ids", "has_vector", "is_work", "_outcomes", "_ended")


class OverlaidCorpus(Corpus):
    """A corpus with the rows of the partners told anew behind all others; their old rows are asked for by nobody.

    A text that both have keeps the number it has in the first.
    """

    def __init__(self, first: Corpus, second: Corpus, touched: IntArray) -> None:
        self.first, self.second = first, second
        self._touched, self.n_first = touched, len(first)
        self.capabilities = joined(first.capabilities, second.capabilities)
        for name in JOINED:
            setattr(self, name, joined(getattr(first, name), getattr(second, name)))
        self.gone = first.rows_of(touched)[0]
        self.text_at = np.concatenate([first.text_at, self._numbers_of_texts()])
        self.vectors = Stacked(first.vectors, fitted(second, first))  # type: ignore[assignment]
        self.lists = None
        self.works = _ToldInBoth(first, second)  # type: ignore[assignment]
        self._numbers = Numbers(first.keys)
        codes = self._numbers.of(second.keys)
        self.keys = self._numbers.words
        self.key_at = np.concatenate([first.key_at, codes.astype(np.int32)[second.key_at]])

    def spans(self, partner_ids: IntArray) -> tuple[IntArray, IntArray]:
        """Return where the rows of each partner begin and where they end."""
        begins, ends = self.first.spans(partner_ids)
        anew = np.isin(partner_ids, self._touched)
        if anew.any():
            mine = self.second.spans(partner_ids[anew])
            begins[anew], ends[anew] = mine[0] + self.n_first, mine[1] + self.n_first
        return begins, ends

    def _numbers_of_texts(self) -> IntArray:
        """Give each row of the second the number that its text has in the first, where it has a vector there."""
        told = self.second.capabilities.text_hash
        known = self.first.texts.of(told.values)
        there = np.flatnonzero(known >= 0)
        there = there[self.first.vectors[known[there]].any(axis=1)]
        found = np.full(len(told.values), -1)
        found[there] = known[there]
        of_row = found[told.codes]
        return np.where(of_row >= 0, of_row, self.second.text_at + len(self.first.vectors))


class _ToldInBoth:
    def __init__(self, first: Corpus, second: Corpus) -> None:
        self._first, self._second, self._n = first, second, len(first)

    def get(self, row: int) -> object:
        """Return the collaboration behind a row."""
        return self._first.works.get(row) if row < self._n else self._second.works.get(row - self._n)

    def led_by(self, partner_id: int, rows: IntArray) -> Flags:
        """Tell for each row whether the work behind it was done for a partner."""
        found, is_first = np.zeros(len(rows), dtype=bool), rows < self._n
        found[is_first] = self._first.works.led_by(partner_id, rows[is_first])
        found[~is_first] = self._second.works.led_by(partner_id, rows[~is_first] - self._n)
        return found


def fitted(second: Corpus, first: Corpus) -> np.ndarray:
    """Return the vectors of the second, zeros of the first's length where it has none at all."""
    d = first.vectors.shape[1]
    if second.vectors.shape[1] == d:
        return second.vectors
    return np.zeros((len(second.vectors), d), np.float32)

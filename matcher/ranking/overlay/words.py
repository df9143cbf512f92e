"""An index of words becomes the one of the same texts after some came and some went: how rare words are is exact."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray, largest
from matcher.ranking.grouped import Flags
from matcher.ranking.lexical import FULL_SCORE_LOGS, LexicalIndex, tokens
from matcher.ranking.overlay.corpus import OverlaidCorpus
from matcher.ranking.overlay.rows import flags_at
from matcher.ranking.postings import K1, B, Postings


class OverlaidWords(LexicalIndex):
    """Texts of all rows of a corpus; the place behind the last text of the first is that of rows without words."""

    def __init__(self, first: LexicalIndex, corpus: OverlaidCorpus) -> None:
        nowhere, told = len(first._places), list(corpus.second.own_words)
        self._first, self._corpus, self._nowhere = first, corpus, nowhere
        self._is_gone: Flags = flags_at(corpus.gone, corpus.n_first)
        self._known = {text: first._places.of(text) for text in dict.fromkeys(one for one in told if one)}
        new = [text for text, place in self._known.items() if place < 0]
        self._known |= {text: nowhere + 1 + at for at, text in enumerate(new)}
        self._mine: IntArray = np.array([self._known[one] if one else nowhere for one in told], dtype=np.int64)
        self._rows = np.concatenate([first._rows, self._mine])
        before = first._rows[corpus.gone]
        self._dead = _without_holders(first, before[before != nowhere], self._mine)
        n = first._n - len(self._dead) - int((before == nowhere).sum()) + len(new) + int((self._mine == nowhere).sum())
        dead = {int(place): tokens(first._places.texts[int(place)]) for place in self._dead}
        self._postings = OverlaidPostings(first._postings, Postings(map(tokens, new), n), n, dead=dead)
        self._n, self._full = n, FULL_SCORE_LOGS * float(np.log1p(n))
        self._places = self  # type: ignore[assignment]
        self._raws = type(first._raws)()

    def of(self, text: str) -> int:
        """Return the place of a text, -1 for one that is not here."""
        place = self._known.get(text)
        if place is not None:
            return place
        place = self._first._places.of(text)
        return -1 if place in self._dead else place

    def best(self, query: str, k: int) -> IntArray:
        """Return the k rows that score highest, fewer where fewer have a word of the query, best first, ties by id."""
        raw, full = self._raw(query)
        places = largest(raw, k)
        places = places[raw[places] > 0]
        rows, _ = self._first._rows_of.of(places[places < self._nowhere])
        mine = np.flatnonzero(np.isin(self._mine, places)) + self._corpus.n_first
        rows = np.concatenate([rows[~self._is_gone[rows]], mine])
        scores = raw[self._rows[rows]] / np.float32(full)
        return rows[np.lexsort((rows, self._corpus.partner_ids[rows], -scores))][:k]


class OverlaidPostings(Postings):
    """The postings of two sets of texts, without some texts of the first."""

    def __init__(self, first: Postings, second: Postings, n: int, *, dead: dict[int, list[str]]) -> None:
        self._first, self._second, self._n = first, second, n
        self._dead = np.array(sorted(dead), dtype=np.int64)
        self._gone = Counter(word for text in dead.values() for word in set(text))
        self.n_words = first.n_words - sum(map(len, dead.values())) + second.n_words
        self._mean_length = float(self.n_words) / max(n, 1)

    def scores(self, asked: Sequence[str]) -> FloatArray:
        """Return float32: the sum over the words asked for; 0 behind the last text of the first, then the second's."""
        behind = len(self._first.lengths) + 1
        found = np.zeros(behind + len(self._second.lengths), np.float32)
        for word in dict.fromkeys(asked):
            rare = self._rarity(word)
            for postings, begin in ((self._first, 0), (self._second, behind)):
                texts, times = postings.times(word)
                length = K1 * (1 - B + B * postings.lengths[texts] / (self._mean_length or 1))
                found[texts + begin] += (rare * times / (times + length)).astype(np.float32)
        found[self._dead] = 0
        return found

    def has(self, word: str, place: int) -> bool:
        """Tell whether the text at a place has a word."""
        behind = len(self._first.lengths) + 1
        return self._first.has(word, place) if place < behind else self._second.has(word, place - behind)

    def _rarity(self, word: str) -> np.ndarray:
        n_with = np.array([self._n_with(word)])
        return np.asarray(np.log(1 + (self._n - n_with + 0.5) / (n_with + 0.5)))

    def _n_with(self, word: str) -> int:
        return self._first._n_with(word) - self._gone[word] + self._second._n_with(word)


def _without_holders(first: LexicalIndex, gone: IntArray, mine: IntArray) -> IntArray:
    """Return the places whose rows are all gone and that no new row has."""
    places, n_gone = np.unique(gone, return_counts=True)
    empty = places[first._rows_of.count(places) == n_gone]
    return np.setdiff1d(empty, mine)

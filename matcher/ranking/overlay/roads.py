"""The ways to a candidate become those on which some partners' rows are others now."""

from collections.abc import Iterator, Sequence

import numpy as np

from matcher.ranking import candidates
from matcher.ranking.arrays import FloatArray, IntArray, largest
from matcher.ranking.candidates import EMPTY, MeaningRoad, Roads
from matcher.ranking.facts import Facts
from matcher.ranking.index import GONE, QUERIES_AT_ONCE
from matcher.ranking.lexical import Lexicon
from matcher.ranking.overlay.corpus import OverlaidCorpus
from matcher.ranking.overlay.rows import flags_at
from matcher.ranking.ties import Ties


class OverlaidRoads(Roads):
    """The roads over both."""

    def __init__(
        self, first: Roads, corpus: OverlaidCorpus, lexical: Lexicon, *, facts: tuple[Facts, Facts, Facts], ties: Ties
    ) -> None:
        self._corpus, self._lexical, self._facts, self._ties = corpus, lexical, facts[2], ties
        self.said, self.done = (
            OverlaidRoad(road, corpus, np.flatnonzero(corpus.has_vector & (corpus.is_work == is_work)), facts=facts[:2])
            for road, is_work in ((first.said, False), (first.done, True))
        )


class OverlaidRoad(MeaningRoad):
    """A road with some rows gone and others new; the places of texts that are new stand behind all others."""

    def __init__(
        self, first: MeaningRoad, corpus: OverlaidCorpus, rows: IntArray, *, facts: tuple[Facts, Facts]
    ) -> None:
        self._first, self._corpus, self._of_first, self._of_second = first, corpus, facts[0], facts[1]
        self._is_gone = flags_at(corpus.gone, corpus.n_first)
        mine = rows[rows.searchsorted(corpus.n_first) :]
        places = _places(first.texts, corpus.text_at[mine])
        new, at = np.unique(corpus.text_at[mine[places < 0]], return_inverse=True)
        places[places < 0] = len(first.texts) + at
        order = np.argsort(places, kind="stable")
        self._mine, self._places_of_mine = mine[order], places[order]
        self._new = np.arange(len(first.texts), len(first.texts) + len(new))
        self._vectors = corpus.vectors[new]
        gone = corpus.gone[np.isin(corpus.gone, rows, assume_unique=True)]
        self.index = first.index.without(self._without_holders(_places(first.texts, corpus.text_at[gone])))

    def _without_holders(self, gone: IntArray) -> IntArray:
        """Return the places whose rows are all gone and that no new row has."""
        places, n_gone = np.unique(gone, return_counts=True)
        return np.setdiff1d(places[self._first._holders.count(places) == n_gone], self._places_of_mine)

    def nearest(self, vectors: FloatArray) -> IntArray:
        """Return the nearest rows of each vector, all together."""
        near = zip(*self.index.search(vectors, candidates.ROWS_EACH_ROAD), strict=True)
        found = [self._reached(*one, new) for one, new in zip(near, self._near_new(vectors), strict=True)]
        return np.concatenate([np.zeros(0, np.int64), *found])

    def nearest_of_all(self, vectors: Sequence[FloatArray]) -> Iterator[IntArray]:
        """Yield the nearest rows of each of many vectors."""
        asked = np.concatenate([*vectors]) if vectors else EMPTY
        near = self.index.search_many(asked, candidates.ROWS_EACH_ROAD)
        for (scores, places), new in zip(near, self._near_new(asked), strict=True):
            yield self._reached(scores, places, new)

    def _near_new(self, vectors: FloatArray) -> Iterator[FloatArray]:
        """Yield the cosines of each vector with the texts that are new."""
        for begin in range(0, len(vectors), QUERIES_AT_ONCE):
            yield from vectors[begin : begin + QUERIES_AT_ONCE] @ self._vectors.T

    def _reached(self, scores: FloatArray, places: IntArray, new: FloatArray) -> IntArray:
        nearest = largest(new, candidates.ROWS_EACH_ROAD)
        there = (places >= 0) & (scores > GONE)
        return self.rows_of(
            np.concatenate([places[there], self._new[nearest]]), np.concatenate([scores[there], new[nearest]])
        )

    def rows_of(self, places: IntArray, scores: FloatArray) -> IntArray:
        """Return the rows behind texts, best first, ties by id, as many as one road takes."""
        rows, whose = self._first_holders(places)
        mine, of = self._new_holders(places)
        if len(mine):
            rows, whose = self._best_holders(np.concatenate([rows, mine]), np.concatenate([whose, of]))
        order = np.lexsort((rows, self._corpus.partner_ids[rows], -scores[whose]))
        return np.asarray(rows[order][: candidates.ROWS_EACH_ROAD])

    def _first_holders(self, places: IntArray) -> tuple[IntArray, IntArray]:
        """Return those rows of the first that are not gone, text after text, and for each which of the texts it has."""
        here = np.flatnonzero(places < len(self._first.texts))
        at, whose = self._first._holders.of(places[here])
        rows = self._first._rows[at]
        stay = np.flatnonzero(~self._is_gone[rows])
        rows, whose = rows[stay], here[whose[stay]]
        kept = _first_of_each(whose, candidates.HOLDERS_EACH_TEXT)
        return rows[kept], whose[kept]

    def _new_holders(self, places: IntArray) -> tuple[IntArray, IntArray]:
        begins, ends = (self._places_of_mine.searchsorted(places, side) for side in ("left", "right"))
        whose = np.repeat(np.arange(len(places)), ends - begins)
        at = np.arange(len(whose)) - np.repeat(np.cumsum(ends - begins) - ends, ends - begins)
        return self._mine[at], whose

    def _best_holders(self, rows: IntArray, whose: IntArray) -> tuple[IntArray, IntArray]:
        """Keep for each text the rows of those who won most work in what the row is about."""
        n, corpus, n_won = self._corpus.n_first, self._corpus, np.zeros(len(rows))
        old = np.flatnonzero((rows < n) & np.isin(whose, whose[rows >= n]))
        n_won[old] = self._of_first.n_won_in(corpus.first, rows[old])
        n_won[rows >= n] = self._of_second.n_won_in(corpus.second, rows[rows >= n] - n)
        order = np.lexsort((rows, corpus.partner_ids[rows], -n_won, whose))
        kept = order[_first_of_each(whose[order], candidates.HOLDERS_EACH_TEXT)]
        return rows[kept], whose[kept]


def _first_of_each(whose: IntArray, n: int) -> IntArray:
    """Return where the first n rows of each owner stand, owners standing one behind the other."""
    first = np.flatnonzero(np.concatenate([[True], whose[1:] != whose[:-1]])) if len(whose) else np.zeros(0, np.int64)
    lengths = np.diff(np.concatenate([first, [len(whose)]]))
    return np.flatnonzero(np.arange(len(whose)) - np.repeat(first, lengths) < n)


def _places(texts: IntArray, wanted: IntArray) -> IntArray:
    """Return where each of the wanted stands among texts in order, -1 for one that is not there."""
    if not len(texts):
        return np.full(len(wanted), -1)
    at = np.minimum(texts.searchsorted(wanted), len(texts) - 1)
    return np.where(texts[at] == wanted, at, -1)

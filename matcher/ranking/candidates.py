"""An opportunity becomes the partners worth judging, found on several roads."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from matcher.ranking.arrays import FloatArray, IntArray
from matcher.ranking.closeness import Asked
from matcher.ranking.corpus import Corpus
from matcher.ranking.facts import Facts
from matcher.ranking.grouped import Grouped
from matcher.ranking.index import VectorIndex
from matcher.ranking.lexical import Lexicon
from matcher.ranking.ties import Ties

ROWS_EACH_ROAD = 300
PARTNERS_EACH_ROAD = 150
# What very many have declared in the same words leads to those who won most work in it, and leaves room for others.
HOLDERS_EACH_TEXT = 64
EMPTY = np.zeros((0, 0), np.float32)
NOBODY = np.zeros(0, np.int64)


class Roads:
    """The ways to a candidate: near in meaning, in past work, in words, by competency, by acquaintance."""

    def __init__(self, corpus: Corpus, lexical: Lexicon, *, facts: Facts, ties: Ties) -> None:
        self._corpus = corpus
        self._lexical = lexical
        self._facts = facts
        self._ties = ties
        self.said = MeaningRoad(corpus, np.flatnonzero(corpus.has_vector & ~corpus.is_work), facts)
        self.done = MeaningRoad(corpus, np.flatnonzero(corpus.has_vector & corpus.is_work), facts)

    def candidates(self, asked: Asked) -> IntArray:
        """Return the ids of all partners that any road leads to, in order of id."""
        return np.unique(np.concatenate([NOBODY, *self.each(asked).values()]))

    def each(self, asked: Asked) -> dict[str, IntArray]:
        """Return the ids that each road leads to, by its name, need after need, the nearest first; some come again."""
        near = {"own words by meaning": self.said, "past work by meaning": self.done}
        found = {name: self._corpus.partner_ids[road.nearest(asked.vectors)] for name, road in near.items()}
        return found | self._by_name(asked)

    def nearest_of_all(self, asked: Sequence[Asked]) -> Iterator[list[IntArray]]:
        """Yield for each of many what the roads of meaning lead to."""
        said, done = (road.nearest_of_all([one.vectors for one in asked]) for road in (self.said, self.done))
        for one in asked:
            yield [*islice(said, len(one.needs)), *islice(done, len(one.needs))]

    def united(self, asked: Asked, near: Iterable[IntArray]) -> IntArray:
        """Return the ids that the roads of meaning, walked already, and all others lead to, in order of id."""
        found = [self._corpus.partner_ids[each] for each in near]
        return np.unique(np.concatenate([NOBODY, *found, *self._by_name(asked).values()]))

    def _by_name(self, asked: Asked) -> dict[str, IntArray]:
        """Return what the roads lead to that need no vector."""
        words = [self._corpus.partner_ids[self._lexical.best(need.text, ROWS_EACH_ROAD)] for need in asked.needs]
        named = [self._ids(self._facts.able(key)) for practices in asked.practices for key in sorted(practices)]
        unnamed = [need for need in asked.needs if not need.competency_keys]
        likely = [one for need in unnamed for key, _ in need.leanings for one in self._facts.records.practices(key)]
        leant = [self._ids(self._facts.able(key)) for key in likely]
        return {
            "words": np.concatenate([NOBODY, *words]),
            "competency named": np.concatenate([NOBODY, *named]),
            "practice it sounds like": np.concatenate([NOBODY, *leant]),
            "acquaintance": np.array(self._ties.around(asked.poster_id, limit=PARTNERS_EACH_ROAD), dtype=np.int64),
        }

    def _ids(self, rows: IntArray) -> IntArray:
        return self._facts.firms.ids[rows[:PARTNERS_EACH_ROAD]]


class MeaningRoad:
    """Some rows of the corpus by the texts that they share."""

    def __init__(self, corpus: Corpus, rows: IntArray, facts: Facts) -> None:
        texts, place = np.unique(corpus.text_at[rows], return_inverse=True)
        order = np.lexsort((rows, -facts.n_won_in(corpus, rows), place))
        self.texts, self._rows = texts, rows[order]
        self._holders = Grouped(place[order], len(texts))
        lists = corpus.lists if corpus.lists and _are_first(texts, len(corpus.lists)) else None
        self.index = VectorIndex(np.arange(len(texts)), _taken(corpus.vectors, texts), lists=lists)

    def nearest(self, vectors: FloatArray) -> IntArray:
        """Return the nearest rows of each vector, all together."""
        scores, places = self.index.search(vectors, ROWS_EACH_ROAD)
        return np.concatenate([np.zeros(0, np.int64), *self._each(scores, places)])

    def _each(self, scores: FloatArray, places: IntArray) -> Iterator[IntArray]:
        for score, place in zip(scores, places, strict=True):
            yield self.rows_of(place[place >= 0], score[place >= 0])

    def nearest_of_all(self, vectors: Sequence[FloatArray]) -> Iterator[IntArray]:
        """Yield the nearest rows of each of many vectors."""
        for scores, places in self.index.search_many(np.concatenate([*vectors]) if vectors else EMPTY, ROWS_EACH_ROAD):
            yield self.rows_of(places, scores)

    def rows_of(self, places: IntArray, scores: FloatArray) -> IntArray:
        """Return the rows behind texts, best first, ties by row, as many as one road takes."""
        at, whose = self._holders.of(places)
        first = np.concatenate([[0], np.cumsum(self._holders.count(places))])[:-1]
        kept = np.arange(len(whose)) - first[whose] < HOLDERS_EACH_TEXT
        rows, values = self._rows[at[kept]], scores[whose[kept]]
        return np.asarray(rows[np.lexsort((rows, -values))][:ROWS_EACH_ROAD])


def _are_first(texts: IntArray, n: int) -> bool:
    """Tell whether texts, each once and in order, are the first n of all."""
    return len(texts) == n and (n == 0 or int(texts[-1]) == n - 1)


def _taken(vectors: FloatArray, texts: IntArray) -> FloatArray:
    """Return the vectors of texts; those that stand side by side are not copied."""
    if len(texts) and texts[-1] - texts[0] + 1 == len(texts):
        return vectors[texts[0] : texts[-1] + 1]
    return vectors[texts]

"""An opportunity becomes the partners worth judging, found on several roads."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.closeness import Asked
from matcher.ranking.corpus import Corpus
from matcher.ranking.graph import CollaborationGraph
from matcher.ranking.index import VectorIndex
from matcher.ranking.lexical import Lexicon
from matcher.ranking.records import Records

ROWS_EACH_ROAD = 300
PARTNERS_EACH_ROAD = 150


class Roads:
    """The ways to a candidate: near in meaning, in past work, in words, by competency, by acquaintance."""

    def __init__(self, corpus: Corpus, lexical: Lexicon, *, records: Records, graph: CollaborationGraph) -> None:
        self._corpus = corpus
        self._lexical = lexical
        self._graph = graph
        self._said = _indexed(corpus, np.flatnonzero(~corpus.is_work))
        self._done = _indexed(corpus, np.flatnonzero(corpus.is_work))
        self._able = _by_practice(records)

    def candidates(self, asked: Asked) -> tuple[int, ...]:
        """Return the ids of all partners that any road leads to, in order of id."""
        found = set(self._graph.around(asked.poster_id, limit=PARTNERS_EACH_ROAD))
        for practices in asked.practices:
            for key in sorted(practices):
                found.update(self._able.get(key, ())[:PARTNERS_EACH_ROAD])
        found.update(self._near(self._said, asked), self._near(self._done, asked), self._worded(asked))
        return tuple(sorted(found))

    def _near(self, index: VectorIndex, asked: Asked) -> Iterable[int]:
        _, rows = index.search(asked.vectors, ROWS_EACH_ROAD)
        return (int(self._corpus.partner_ids[row]) for row in np.unique(rows) if row >= 0)

    def _worded(self, asked: Asked) -> Iterable[int]:
        for need in asked.needs:
            scores = self._lexical.scores(need.text)
            best = np.argsort(-scores, kind="stable")[:ROWS_EACH_ROAD]
            yield from (int(self._corpus.partner_ids[row]) for row in best if scores[row] > 0)


def _indexed(corpus: Corpus, rows: IntArray) -> VectorIndex:
    return VectorIndex(rows.tolist(), corpus.vectors[rows])


def _by_practice(records: Records) -> dict[str, tuple[int, ...]]:
    """List for each practice who shows it, those with most work won in it first, ties by id."""
    shown: dict[str, dict[int, int]] = defaultdict(dict)
    for partner in records.partners.values():
        keys = {*partner.practices, *records.mentioned(partner.id)}
        keys.update(key for person in records.people(partner.id) for key in person.competency_keys)
        keys.update(key for badge in records.badges(partner.id) for key in records.practices(badge.competency_key))
        won = [one.competency_key for one in records.works(partner.id) if one.outcome == "won"]
        for key in keys | set(won):
            shown[key][partner.id] = won.count(key)
    return {key: tuple(sorted(ids, key=lambda one: (-ids[one], one))) for key, ids in shown.items()}

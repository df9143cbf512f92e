"""A ranker and some partners told anew become a ranker that answers like one built from scratch, in a moment.

What was built stays where it is, mapped and shared; each of its parts gets one beside it that knows the partners told
anew, their old rows are passed over, and how rare words are is counted again for the words of a query.
"""

from collections.abc import Mapping

import numpy as np

from matcher.ranking.arrays import FloatArray
from matcher.ranking.corpus import Corpus
from matcher.ranking.facts import Facts
from matcher.ranking.grounds import Witness
from matcher.ranking.lexical import LexicalIndex
from matcher.ranking.overlay.corpus import OverlaidCorpus
from matcher.ranking.overlay.facts import OverlaidFacts, OverlaidRecords
from matcher.ranking.overlay.network import overlaid_network
from matcher.ranking.overlay.roads import OverlaidRoads
from matcher.ranking.overlay.ties import OverlaidTies
from matcher.ranking.overlay.words import OverlaidWords
from matcher.ranking.rank import Ranker
from matcher.ranking.records import Records
from matcher.ranking.tables import packed
from matcher.ranking.ties import Ties
from matcher.terms import Network

__all__ = ["OverlaidRanker", "overlaid_network"]


class OverlaidRanker(Ranker):
    """A ranker of a network of which some partners were told anew.

    `told` holds all that there is to know of those partners now, work on either side included, and nothing else;
    whoever of them is not in it has left. The competencies are those of the first ranker, which is never changed.
    """

    def __init__(
        self, first: Ranker, told: Network, vectors: Mapping[str, FloatArray], *, touched: frozenset[int]
    ) -> None:
        self.weights, self.touched = first.weights, touched
        told, ids = packed(told), np.array(sorted(touched), dtype=np.int64)
        records, corpus, ties = Records(told), Corpus(told, vectors), Ties(told.collaborations)
        facts = Facts(told, records)
        assert isinstance(first._lexical, LexicalIndex)
        self._records = OverlaidRecords(first._records, records, touched)
        self._corpus = OverlaidCorpus(first._corpus, corpus, ids)
        self._facts = OverlaidFacts(first._facts, facts, self._records, touched=ids)
        self._lexical = OverlaidWords(first._lexical, self._corpus)
        self._ties = self._graph = OverlaidTies(first._ties, ties, touched)
        of_each = (first._facts, facts, self._facts)
        self._roads = OverlaidRoads(first._roads, self._corpus, self._lexical, facts=of_each, ties=self._ties)
        self._witness = Witness(self._corpus, self._lexical, self._records, self._graph)

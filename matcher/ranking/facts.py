"""A network becomes everything that is counted about its partners, in columns."""

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import zip_longest

import numpy as np

from matcher.ranking import tables
from matcher.ranking.arrays import IntArray
from matcher.ranking.corpus import Corpus
from matcher.ranking.coverage import BENCH_BUSY_SHARE, DECLARED, MENTIONED
from matcher.ranking.deeds import Badges, Past
from matcher.ranking.firms import Bench, Crew, Firms
from matcher.ranking.grouped import Doubles
from matcher.ranking.records import Records
from matcher.ranking.tables import as_table
from matcher.terms import Need, Network

NO_NAME = "\0"  # which no competency has


class Facts:
    """Partners, their people, badges and work; nothing in it depends on the opportunity."""

    def __init__(self, network: Network, records: Records) -> None:
        self.records = records
        self.firms = Firms(network, records)
        self.bench = Bench(network, self.firms)
        self.badges = Badges(as_table(tables.Badges, network.badges), self.firms, records)
        self.past = Past(as_table(tables.Works, network.collaborations), self.firms)
        self._able: dict[str, IntArray] = {}

    def able(self, practice: str) -> IntArray:
        """Return the rows of all who show a practice, those with most work won in it first, ties by id."""
        if practice not in self._able:
            shown = self._showing(practice)
            self._able[practice] = shown[np.lexsort((shown, -self.past.n_won(shown, practice)))]
        return self._able[practice]

    def warm(self) -> None:
        """Make the lists of practices."""
        for one in self.records.competencies.values():
            if one.kind == "practice":
                self.able(one.key)

    def n_won_in(self, corpus: Corpus, rows: IntArray) -> Doubles:
        """Return for each row of a corpus how much work its partner won in what the row is about."""
        owners, found = self.firms.rows_or_none(corpus.partner_ids[rows]), np.zeros(len(rows))
        for names in zip_longest(*map(self._names, corpus.keys), fillvalue=NO_NAME):
            found += self.past.n_won_in_each(owners, self.past.keys.each(names)[corpus.key_at[rows]])
        return found

    def coverage(self, rows: IntArray, need: Need, *, crew: Crew, today: date, by: date) -> tuple[Doubles, IntArray]:
        """Return in [0, 1] how well each firm covers a need, and the place of the competency that it covers best.

        The best competency counts most, all of them on average the rest.
        """
        if not need.competency_keys:
            return np.zeros(len(rows)), np.zeros(len(rows), np.int64)
        people = partial(crew.worth, by=by, level=need.level, busy_share=BENCH_BUSY_SHARE)
        values = np.stack([self._covered(rows, key, people, today) for key in need.competency_keys])
        return np.asarray(0.6 * values.max(axis=0) + 0.4 * values.mean(axis=0)), values.argmax(axis=0)

    def _covered(self, rows: IntArray, key: str, people: Callable[[frozenset[str]], Doubles], today: date) -> Doubles:
        practices = frozenset(self.records.practices(key))
        work_doubt, believed = self.past.doubt_and_belief(rows, practices, today)
        mentioned = np.where(self.firms.mentioned.has_any(rows, practices), MENTIONED, 0)
        told = np.where(self.firms.declared.has_any(rows, practices), DECLARED, mentioned)
        doubt = (1 - self.badges.worth(rows, key, today)) * (1 - people(practices))
        return np.asarray((1 - doubt * work_doubt * (1 - told)) * believed)

    def _names(self, key: str) -> tuple[str, ...]:
        """Return every name of a practice, of anything else its own."""
        competency = self.records.competencies.get(key)
        return self.records.practices(key) if competency and competency.kind == "practice" else (key,)

    def _showing(self, practice: str) -> IntArray:
        everybody = np.arange(len(self.firms))
        told = self.firms.declared.has_any(everybody, (practice,)) | self.firms.mentioned.has_any(
            everybody, (practice,)
        )
        shown = [np.flatnonzero(told), self.bench.owners_in(practice), self.badges.owners_in(practice)]
        return np.unique(np.concatenate([*shown, self.past.winners(practice)]))

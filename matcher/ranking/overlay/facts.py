"""What is counted about partners becomes what it is after some of them were told anew."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes
from matcher.ranking.corpus import Corpus
from matcher.ranking.deeds import Badges, Past
from matcher.ranking.facts import Facts
from matcher.ranking.grouped import Doubles, Flags
from matcher.ranking.overlay.firms import OverlaidBench, OverlaidFirms
from matcher.ranking.overlay.rows import each_from_its_own, flags_at
from matcher.ranking.overlay.tables import joined_tables
from matcher.ranking.records import Records
from matcher.ranking.tables import ById
from matcher.terms import Badge, BenchPerson, Collaboration, Need


class OverlaidFacts(Facts):
    """Facts of which some firms' come from elsewhere; their old rows answer nobody."""

    def __init__(self, first: Facts, second: Facts, records: Records, *, touched: IntArray) -> None:
        n = len(first.firms)
        self._first, self._second, self._n = first, second, n
        self.records = records
        self.firms = OverlaidFirms(first.firms, second.firms, touched)
        self.bench = OverlaidBench(first.bench, second.bench, n)
        self.badges = OverlaidBadges(first.badges, second.badges, n)
        self.past = OverlaidPast(first.past, second.past, n)
        self._is_gone: Flags = flags_at(first.firms.rows_of(touched.tolist()), n)
        self._able: dict[str, IntArray] = {}

    def _showing(self, practice: str) -> IntArray:
        shown = self._first.able(practice)
        return np.concatenate([shown[~self._is_gone[shown]], self._second.able(practice) + self._n])

    def able(self, practice: str) -> IntArray:
        """Return the rows of all who show a practice, those with most work won in it first, ties by id."""
        if practice not in self._able:
            shown = self._showing(practice)
            self._able[practice] = shown[np.lexsort((self.firms.ids[shown], -self.past.n_won(shown, practice)))]
        return self._able[practice]

    def n_won_in(self, corpus: Corpus, rows: IntArray) -> Doubles:
        """Return for each row of one of the two corpora how much work its partner won in what the row is about."""
        raise NotImplementedError("Ask the facts that belong to the rows.")


class OverlaidPast(Past):
    """The past of both."""

    def __init__(self, first: Past, second: Past, n: int) -> None:
        self._first, self._second, self._n = first, second, n

    def n_won(self, owners: IntArray, key: str) -> Doubles:
        """Return how many pieces of work in a competency each partner won."""
        return each_from_its_own(
            owners, self._n, lambda rows: self._first.n_won(rows, key), lambda rows: self._second.n_won(rows, key)
        )

    def doubt_and_belief(self, owners: IntArray, practices: Iterable[str], today: date) -> tuple[Doubles, Doubles]:
        """Return the doubt that won work leaves, and how far everything that a partner shows is to be believed."""
        keys = tuple(practices)
        doubt, belief = each_from_its_own(
            owners,
            self._n,
            lambda rows: np.stack(self._first.doubt_and_belief(rows, keys, today)),
            lambda rows: np.stack(self._second.doubt_and_belief(rows, keys, today)),
        )
        return doubt, belief


class OverlaidBadges(Badges):
    """The badges of both."""

    def __init__(self, first: Badges, second: Badges, n: int) -> None:
        self._first, self._second, self._n = first, second, n

    def worth(self, owners: IntArray, key: str, today: date) -> Doubles:
        """Return what the badge that says most about a competency is worth to each partner."""
        return each_from_its_own(
            owners,
            self._n,
            lambda rows: self._first.worth(rows, key, today),
            lambda rows: self._second.worth(rows, key, today),
        )

    def tell_of(self, owners: IntArray, needs: Sequence[Need]) -> Flags:
        """Tell of each partner whether it holds or held a badge that shows by itself what is asked for."""
        return each_from_its_own(
            owners,
            self._n,
            lambda rows: self._first.tell_of(rows, needs),
            lambda rows: self._second.tell_of(rows, needs),
        )


class OverlaidPartners(ById):
    """Partners of whom some are others now, or gone."""

    def __init__(self, first: ById, second: ById, touched: frozenset[int]) -> None:
        self._first, self._second, self._touched = first, second, touched
        self.table = joined_tables(first.table, second.table)

    def row_of(self, partner_id: int) -> int:
        """Return where a partner stands, -1 for one that is not here."""
        if partner_id not in self._touched:
            return self._first.row_of(partner_id)
        row = self._second.row_of(partner_id)
        return row + len(self._first) if row >= 0 else -1

    def __iter__(self) -> Iterator[int]:
        return iter(sorted([one for one in self._first if one not in self._touched] + list(self._second)))

    def __len__(self) -> int:
        return len(self._first) - sum(one in self._first for one in self._touched) + len(self._second)


class OverlaidRecords(Records):
    """Look-ups by partner, of which some go elsewhere."""

    def __init__(self, first: Records, second: Records, touched: frozenset[int]) -> None:
        self._first, self._second, self._touched = first, second, touched
        self.partners = OverlaidPartners(first.partners, second.partners, touched)
        self.competencies = first.competencies
        self._practices = first._practices
        self.everybody = joined_tables(first.everybody, second.everybody)

    def _of(self, partner_id: int) -> Records:
        return self._second if partner_id in self._touched else self._first

    def people(self, partner_id: int) -> tuple[BenchPerson, ...]:
        """Return the partner's bench, in the order given."""
        return self._of(partner_id).people(partner_id)

    def badges(self, partner_id: int) -> tuple[Badge, ...]:
        """Return every badge the partner holds or held."""
        return self._of(partner_id).badges(partner_id)

    def works(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work in which the partner did the missing part."""
        return self._of(partner_id).works(partner_id)

    def bought(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work that the partner led and had another do."""
        return self._of(partner_id).bought(partner_id)

    def rows_of_people(self, partner_id: int) -> Codes:
        """Return where the partner's bench stands among everybody, in the order given."""
        rows = self._of(partner_id).rows_of_people(partner_id)
        return rows + np.int32(len(self._first.everybody)) if partner_id in self._touched else rows

    def work_in(self, rows: Codes, practices: frozenset[str]) -> Flags:
        """Tell of some of everybody, by row, whether they work in one of the practices."""
        return each_from_its_own(
            rows.astype(np.int64),
            len(self._first.everybody),
            lambda mine: self._first.work_in(mine.astype(np.int32), practices),
            lambda mine: self._second.work_in(mine.astype(np.int32), practices),
        )

    def able(self, partner_id: int, practices: frozenset[str]) -> tuple[BenchPerson, ...]:
        """Return those on the partner's bench who work in one of the practices, in the order given."""
        return self._of(partner_id).able(partner_id, practices)

    def told(self, partner_id: int, practices: frozenset[str]) -> tuple[Collaboration, ...]:
        """Return the work that the partner won in one of the practices and that has words, the newest few first."""
        return self._of(partner_id).told(partner_id, practices)

    def names(self, partner_id: int) -> tuple[str, ...]:
        """Return what a partner is called, nothing for one that is not here."""
        return self._of(partner_id).names(partner_id)

    def mentioned(self, partner_id: int) -> frozenset[str]:
        """Return the competencies named in the partner's own words."""
        return self._of(partner_id).mentioned(partner_id)

"""Partners and their people become columns of numbers, in order of id."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import NO_DAY, Lists
from matcher.ranking.coverage import BENCH_ASKED, HEIGHTS
from matcher.ranking.grouped import Doubles, Flags, Grouped, Masks, any_of, most_of
from matcher.ranking.records import Records
from matcher.ranking.tables import Partners, People, as_table, by_id
from matcher.terms import Network

NEVER = date.max.toordinal()
# What people of each height are worth, by the level that a need asks for.
WORTHS = {asked: np.array([worth.get(level, 0.0) for level in HEIGHTS]) for asked, worth in BENCH_ASKED.items()}


class Firms:
    """What a partner is, one row a partner."""

    def __init__(self, network: Network, records: Records) -> None:
        self.partners: Partners = by_id(network.partners).table
        self.ids: IntArray = self.partners.id.values
        self.live: Flags = self.partners.state.are("live")
        self.countries = self.partners.country.each(self.partners.country.words, "U2")
        self.n_people: IntArray = self.partners.n_people.values
        self.joined_on: IntArray = self.partners.joined_on.values.astype(np.int64)
        self.least_eur: Doubles = self.partners.min_eur.values.astype(np.float64)
        self.most_eur: Doubles = self.partners.max_eur.values.astype(np.float64)
        day = self.partners.profile_on.values
        self.profile_on: Doubles = np.where(day == NO_DAY, np.nan, day)
        self.languages = Masks(self.partners.languages)
        self.industries = Masks(self.partners.industries)
        self.jurisdictions = Masks(self.partners.jurisdictions)
        self.clearances = Masks(self.partners.clearances)
        self.declared = Masks(self.partners.practices)
        self.mentioned = Masks(self._mentioned(records))

    def __len__(self) -> int:
        return len(self.partners)

    def rows_of(self, partner_ids: Iterable[int]) -> IntArray:
        """Return the rows of those partners that are here, in the order given."""
        rows = self.rows_or_none(np.fromiter(partner_ids, dtype=np.int64))
        return rows[rows >= 0]

    def rows_or_none(self, partner_ids: IntArray) -> IntArray:
        """Return the row of each partner, -1 for one that is not here."""
        rows = np.searchsorted(self.ids, partner_ids)
        here = rows < len(self.ids)
        here[here] = self.ids[rows[here]] == partner_ids[here]
        return np.where(here, rows, -1)

    @cached_property
    def refused_by(self) -> dict[int, list[int]]:
        """Give for each partner the ids of those who said that they do not work with it."""
        found: dict[int, list[int]] = {}
        refusing = np.flatnonzero(self.partners.conflict_ids.are_there)
        for row in refusing.tolist():
            for other in self.partners.conflict_ids[row]:
                found.setdefault(other, []).append(int(self.ids[row]))
        return found

    def _mentioned(self, records: Records) -> Lists[str]:
        """Lay out what each firm names of itself."""
        told = records.mentions
        rows = self.rows_or_none(told.partner_ids)
        n_each = np.bincount(rows[rows >= 0], minlength=len(self))
        begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_each)])
        return Lists(np.arange(len(self), dtype=np.int32), begins, told.codes[rows >= 0], told.words)


class Bench:
    """The people of the partners, one row a person."""

    def __init__(self, network: Network, firms: Firms) -> None:
        everybody = as_table(People, network.people)
        owners = firms.rows_or_none(everybody.partner_id.values)
        people = everybody.taken(np.flatnonzero(owners >= 0))
        self._owners = owners[owners >= 0]
        self._of_firm = Grouped(self._owners, len(firms))
        self._heights = people.level.each([HEIGHTS.get(one, 0) for one in people.level.words], np.int8)
        self._free_from: IntArray = np.where(people.free_days.values > 0, people.free_from.values, NEVER)
        self._travels: Flags = people.on_site.values
        self._practices = Masks(people.competency_keys)
        self._languages = Masks(people.languages)

    def at(self, firms: IntArray) -> "Crew":
        """Return the people of some firms."""
        rows, whose = self._of_firm.of(firms)
        return Crew(self, rows, whose, len(firms))

    def owners_in(self, practice: str) -> IntArray:
        """Return the rows of partners with somebody in a practice."""
        everybody = np.arange(len(self._owners))
        return self._owners[self._practices.has_any(everybody, (practice,))]

    @property
    def columns(self) -> tuple[IntArray, IntArray, Flags, Masks, Masks]:
        """Give how high the level is, the day from which free, whether one travels, practices, languages."""
        return self._heights, self._free_from, self._travels, self._practices, self._languages


class Crew:
    """The people of some firms; every answer is one value a firm."""

    def __init__(self, bench: Bench, rows: IntArray, whose: IntArray, n: int) -> None:
        self._bench, self._rows, self._whose, self._n = bench, rows, whose, n
        self._practices, self._languages = bench.columns[3:]
        self._able: dict[frozenset[str], Flags] = {}

    def only(self, kept: Flags) -> "Crew":
        """Return the people of the firms that are flagged."""
        mine, place = kept[self._whose], np.cumsum(kept) - 1
        return Crew(self._bench, self._rows[mine], place[self._whose[mine]], int(kept.sum()))

    @cached_property
    def _free_from(self) -> IntArray:
        return self._bench.columns[1][self._rows]

    @cached_property
    def _heights(self) -> IntArray:
        return self._bench.columns[0][self._rows]

    @cached_property
    def listed(self) -> Flags:
        """Tell whether a firm lists anybody."""
        return self._any(np.ones(len(self._rows), dtype=bool))

    def able(self, practices: frozenset[str]) -> Flags:
        """Tell whether somebody works in one of the practices."""
        return self._any(self._are_able(practices))

    def free(self, by: date) -> Flags:
        """Tell whether anybody is free by a day."""
        return self._any(self._free_from <= by.toordinal())

    def able_and_free(self, practices: frozenset[str], by: date, level: str = "") -> Flags:
        """Tell whether somebody who works in one of the practices, at a level or above, is free by a day."""
        able = self._are_able(practices) & (self._free_from <= by.toordinal())
        return self._any(able & (self._heights >= HEIGHTS[level]) if level else able)

    def worth(self, practices: frozenset[str], by: date, *, level: str, busy_share: float) -> Doubles:
        """Return what the best person in one of the practices is worth, of one who is not free in time a share."""
        share = np.where(self._free_from <= by.toordinal(), 1.0, busy_share)
        worth = WORTHS[level][self._heights]
        return most_of(worth * share * self._are_able(practices), self._whose, self._n)

    @cached_property
    def travels(self) -> Flags:
        """Tell whether somebody works on site."""
        return self._any(self._bench.columns[2][self._rows])

    def speaks(self, language: str) -> Flags:
        """Tell whether somebody speaks a language."""
        return self._any(self._languages.has_any(self._rows, (language,)))

    def able_speaks_all(self, practices: frozenset[str], languages: Iterable[str]) -> Flags:
        """Tell whether one person in one of the practices speaks all the languages."""
        return self._any(self._are_able(practices) & self._languages.has_all(self._rows, tuple(languages)))

    def _are_able(self, practices: frozenset[str]) -> Flags:
        if practices not in self._able:
            self._able[practices] = self._practices.has_any(self._rows, practices)
        return self._able[practices]

    def _any(self, flags: Flags) -> Flags:
        return any_of(flags, self._whose, self._n)

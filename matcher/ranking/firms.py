"""Partners and their people become columns of numbers, in order of id."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.grouped import Doubles, Flags, Grouped, Masks, any_of, most_of
from matcher.ranking.records import Records
from matcher.terms import BenchPerson, Network, Partner

NEVER = date.max.toordinal()


class Firms:
    """What a partner is, one row a partner."""

    def __init__(self, network: Network, records: Records) -> None:
        self.partners: tuple[Partner, ...] = tuple(network.partners[one] for one in sorted(network.partners))
        self.ids: IntArray = np.array([one.id for one in self.partners], dtype=np.int64)
        self.live: Flags = np.array([one.state == "live" for one in self.partners], dtype=bool)
        self.countries = np.array([one.country for one in self.partners], dtype="U2")
        self.least_eur = self._numbers(lambda one: one.min_eur)
        self.most_eur = self._numbers(lambda one: one.max_eur)
        self.profile_on = self._numbers(lambda one: one.profile_on.toordinal() if one.profile_on else np.nan)
        self.languages = Masks([one.languages for one in self.partners])
        self.industries = Masks([one.industries for one in self.partners])
        self.jurisdictions = Masks([one.jurisdictions for one in self.partners])
        self.clearances = Masks([one.clearances for one in self.partners])
        self.declared = Masks([one.practices for one in self.partners])
        self.mentioned = Masks([records.mentioned(one.id) for one in self.partners])

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
        for one in self.partners:
            for other in one.conflict_ids:
                found.setdefault(other, []).append(one.id)
        return found

    def _numbers(self, of: Callable[[Partner], float]) -> Doubles:
        return np.fromiter((of(one) for one in self.partners), np.float64, len(self.partners))


class Bench:
    """The people of the partners, one row a person."""

    def __init__(self, network: Network, firms: Firms, worth: dict[str, float]) -> None:
        people = [one for one in network.people if one.partner_id in network.partners]
        self._owners = firms.rows_of(one.partner_id for one in people)
        self._of_firm = Grouped(self._owners, len(firms))
        self._worth = np.array([worth.get(one.level, 0.0) for one in people], dtype=np.float64)
        self._free_from = np.array([_free_from(one) for one in people], dtype=np.int64)
        self._travels = np.array([one.on_site for one in people], dtype=bool)
        self._practices = Masks([one.competency_keys for one in people])
        self._languages = Masks([one.languages for one in people])

    def at(self, firms: IntArray) -> "Crew":
        """Return the people of some firms."""
        rows, whose = self._of_firm.of(firms)
        return Crew(self, rows, whose, len(firms))

    def owners_in(self, practice: str) -> IntArray:
        """Return the rows of partners with somebody in a practice."""
        everybody = np.arange(len(self._owners))
        return self._owners[self._practices.has_any(everybody, (practice,))]

    @property
    def columns(self) -> tuple[Doubles, IntArray, Flags, Masks, Masks]:
        """Give worth, the day from which free, whether one travels, practices, languages."""
        return self._worth, self._free_from, self._travels, self._practices, self._languages


class Crew:
    """The people of some firms; every answer is one value a firm."""

    def __init__(self, bench: Bench, rows: IntArray, whose: IntArray, n: int) -> None:
        self._rows, self._whose, self._n = rows, whose, n
        worth, free_from, travels, self._practices, self._languages = bench.columns
        self._worth, self._free_from, self._travels = worth[rows], free_from[rows], travels[rows]
        self._able: dict[frozenset[str], Flags] = {}

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

    def able_and_free(self, practices: frozenset[str], by: date) -> Flags:
        """Tell whether somebody who works in one of the practices is free by a day."""
        return self._any(self._are_able(practices) & (self._free_from <= by.toordinal()))

    def worth(self, practices: frozenset[str], by: date, *, busy_share: float) -> Doubles:
        """Return what the best person in one of the practices is worth, of one who is not free in time a share."""
        share = np.where(self._free_from <= by.toordinal(), 1.0, busy_share)
        return most_of(self._worth * share * self._are_able(practices), self._whose, self._n)

    @cached_property
    def travels(self) -> Flags:
        """Tell whether somebody works on site."""
        return self._any(self._travels)

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


def _free_from(one: BenchPerson) -> int:
    if one.free_days <= 0:
        return NEVER
    return one.free_from.toordinal() if one.free_from else 0

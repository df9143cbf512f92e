"""A network becomes look-ups by partner: its people, badges, work, and which practices a competency stands for."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import Codes
from matcher.ranking.grouped import Flags
from matcher.ranking.lately import Lately
from matcher.ranking.tables import Badges, ById, Capabilities, People, Rows, Works, as_table, by_id
from matcher.terms import Badge, BenchPerson, Collaboration, Competency, Need, Network

T = TypeVar("T")
# A badge that stands for more practices does not tell which of them its holder does.
MOST_PRACTICES_TOLD = 2
# Pieces of work that are looked at, more than are ever quoted.
NEWEST = 16


class Book(Generic[T]):
    """Rows under an id each; the rows of one id keep their order."""

    def __init__(self, rows: Rows[T], ids: IntArray) -> None:
        self._rows = rows
        order = np.argsort(ids, kind="stable")
        self._order: Codes = order.astype(np.int32)
        self._ids = ids[order]

    def under(self, wanted: int) -> tuple[T, ...]:
        """Return the rows of an id."""
        return tuple([self._rows[row] for row in self.rows_of(wanted).tolist()])

    def rows_of(self, wanted: int) -> Codes:
        """Return where the rows of an id stand."""
        begin, end = self._ids.searchsorted((wanted, wanted + 1)).tolist()
        return self._order[begin:end]


class Records:
    """What the rooms of ranking look up; nothing in it depends on the day."""

    def __init__(self, network: Network) -> None:
        self.partners: ById = by_id(network.partners)
        self.competencies: dict[str, Competency] = network.competencies
        people, badges = as_table(People, network.people), as_table(Badges, network.badges)
        works = as_table(Works, network.collaborations)
        self.everybody, self._all_works = people, works
        self._is_told = works.outcome.are("won") & (works.summary.codes >= 0)
        self._people: Book[BenchPerson] = Book(people, people.partner_id.values)
        self._badges: Book[Badge] = Book(badges, badges.partner_id.values)
        self._works: Book[Collaboration] = Book(works, works.partner_id.values)
        self._bought: Book[Collaboration] = Book(works, works.lead_id.values)
        self.mentions = Mentions(as_table(Capabilities, network.capabilities))
        self._practices: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[frozenset[str], tuple[Flags, Flags]] = {}

    def people(self, partner_id: int) -> tuple[BenchPerson, ...]:
        """Return the partner's bench, in the order given."""
        return self._people.under(partner_id)

    def rows_of_people(self, partner_id: int) -> Codes:
        """Return where the partner's bench stands among everybody, in the order given."""
        return self._people.rows_of(partner_id)

    def work_in(self, rows: Codes, practices: frozenset[str]) -> Flags:
        """Tell of some of everybody, by row, whether they work in one of the practices."""
        return np.asarray(self._are_of(practices)[0][self.everybody.competency_keys.kinds[rows]])

    def badges(self, partner_id: int) -> tuple[Badge, ...]:
        """Return every badge the partner holds or held."""
        return self._held(partner_id)

    def works(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work in which the partner did the missing part."""
        return self._works.under(partner_id)

    def bought(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work that the partner led and had another do."""
        return self._bought.under(partner_id)

    def able(self, partner_id: int, practices: frozenset[str]) -> tuple[BenchPerson, ...]:
        """Return those on the partner's bench who work in one of the practices, in the order given."""
        return self._able((partner_id, practices))

    def told(self, partner_id: int, practices: frozenset[str]) -> tuple[Collaboration, ...]:
        """Return the work that the partner won in one of the practices and that has words, the newest few first."""
        return self._told((partner_id, practices))

    def names(self, partner_id: int) -> tuple[str, ...]:
        """Return what a partner is called, nothing for one that is not here."""
        return self._called(partner_id)

    @cached_property
    def _held(self) -> Lately[int, tuple[Badge, ...]]:
        return Lately(self._badges.under)

    @cached_property
    def _called(self) -> Lately[int, tuple[str, ...]]:
        return Lately(self._names_of)

    @cached_property
    def _able(self) -> Lately[tuple[int, frozenset[str]], tuple[BenchPerson, ...]]:
        return Lately(self._who_are_able)

    @cached_property
    def _told(self) -> Lately[tuple[int, frozenset[str]], tuple[Collaboration, ...]]:
        return Lately(self._newest_told)

    def _who_are_able(self, key: tuple[int, frozenset[str]]) -> tuple[BenchPerson, ...]:
        partner_id, practices = key
        rows = self._people.rows_of(partner_id)
        found = rows[self.work_in(rows, practices)] if len(rows) else rows
        return tuple([self.everybody[row] for row in found.tolist()])

    def _newest_told(self, key: tuple[int, frozenset[str]]) -> tuple[Collaboration, ...]:
        partner_id, practices = key
        rows = self._works.rows_of(partner_id)
        found = rows[self._is_told[rows] & self._are_of(practices)[1][self._all_works.competency_key.codes[rows]]]
        days = self._all_works.ended_on.values[found]
        if len(found) > NEWEST:  # those of one day stay together, so that their words can put them in order
            found = found[days >= np.partition(days, -NEWEST)[-NEWEST]]
        works = [self._all_works[row] for row in found.tolist()]
        works.sort(key=lambda one: (one.ended_on, one.summary), reverse=True)
        return tuple(dict.fromkeys(works))

    def _names_of(self, partner_id: int) -> tuple[str, ...]:
        row = self.partners.row_of(partner_id)
        return (self.partners.table.name[row], self.partners.table.key[row]) if row >= 0 else ()

    def _are_of(self, practices: frozenset[str]) -> tuple[Flags, Flags]:
        """Tell which kinds of lists of people's competencies, and which competencies of work, are among practices."""
        if practices not in self._kinds:
            lists, keys = self.everybody.competency_keys, self._all_works.competency_key
            kinds = np.zeros(len(lists.begins), np.bool_)
            wanted = np.array([word in practices for word in lists.words] or [False])
            kinds[lists.kind_of_code[wanted[lists.codes]]] = True
            self._kinds[practices] = kinds, np.array([word in practices for word in keys.words] or [False])
        return self._kinds[practices]

    def mentioned(self, partner_id: int) -> frozenset[str]:
        """Return the competencies named in the partner's own words."""
        return self.mentions.of(partner_id)

    def stands_for(self, key: str) -> tuple[str, ...]:
        """Return the practices of today that a competency is evidence of; a practice stands for itself."""
        if key not in self._practices:
            found = practices_of(key, self.competencies) or (key,)
            today = (each for one in found for each in practices_of(one, self.competencies) or (one,))
            self._practices[key] = tuple(dict.fromkeys(today))
        return self._practices[key]

    def practices(self, key: str) -> tuple[str, ...]:
        """Return what a competency stands for under every name that facts may have: today's, then those replaced.

        What firms have said, learned and done stays under the name that it had then.
        """
        if key not in self._named:
            today = self.stands_for(key)
            before = (old for one in today for old in self._replaced.get(one, ()))
            self._named[key] = tuple(dict.fromkeys((*today, *before)))
        return self._named[key]

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _replaced(self) -> dict[str, list[str]]:
        """Give for each practice of today those that it came in the place of."""
        found: dict[str, list[str]] = {}
        for one in self.competencies.values():
            for today in self.stands_for(one.key) if is_replaced_practice(one) else ():
                found.setdefault(today, []).append(one.key)
        return found

    def practices_needed(self, needs: Iterable[Need]) -> frozenset[str]:
        """Return the practices that the needs ask for, under every name."""
        return frozenset(one for need in needs for key in need.competency_keys for one in self.practices(key))

    def tells_of(self, badge_key: str, needs: Iterable[Need]) -> bool:
        """Tell whether a badge is one of those asked for, or stands for few practices and for one that is needed."""
        stands_for = self.stands_for(badge_key)
        asked = tuple(needs)
        if any(badge_key in need.competency_keys for need in asked):
            return True
        return len(stands_for) <= MOST_PRACTICES_TOLD and not self.practices_needed(asked).isdisjoint(stands_for)


class Mentions:
    """The competencies that partners name in their own words, each once a partner."""

    def __init__(self, capabilities: Capabilities) -> None:
        keys = capabilities.competency_key
        named = np.flatnonzero(capabilities.source.are("profile") & ~keys.are(""))
        n = max(len(keys.words), 1)
        pairs = np.unique(capabilities.partner_id.values[named] * n + keys.codes[named])
        self.words = keys.words
        self.partner_ids: IntArray = (pairs // n).astype(np.int64)
        self.codes: Codes = (pairs % n).astype(np.int32)

    def of(self, partner_id: int) -> frozenset[str]:
        """Return what one partner names."""
        begin, end = np.searchsorted(self.partner_ids, [partner_id, partner_id + 1])
        return frozenset(self.words[code] for code in self.codes[begin:end].tolist())


def practices_of(key: str, competencies: Mapping[str, Competency]) -> tuple[str, ...]:
    """Follow a competency, through what replaced it, to the practices it is evidence of."""
    found: dict[str, None] = {}
    ahead, seen = [key], set()
    while ahead:
        here = ahead.pop(0)
        competency = competencies.get(here)
        if here in seen or competency is None:
            continue
        seen.add(here)
        found.update(dict.fromkeys([here] if is_current_practice(competency) else competency.practices))
        ahead += [] if found else competency.replaced_by
    return tuple(found)


def is_current_practice(competency: Competency) -> bool:
    """Tell whether a competency is a practice of its own that nothing has replaced."""
    return competency.kind == "practice" and not competency.replaced_by


def is_replaced_practice(competency: Competency) -> bool:
    """Tell whether a competency is a practice in whose place there is another."""
    return competency.kind == "practice" and bool(competency.replaced_by)

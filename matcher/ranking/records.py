"""A network becomes look-ups by partner: its people, badges, work, and which practices a competency stands for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from matcher.terms import Badge, BenchPerson, Collaboration, Competency, Need, Network, Partner

T = TypeVar("T")


class Book(Generic[T]):
    """Rows under an id each; the rows of one id keep their order."""

    def __init__(self, rows: Sequence[T], ids: Sequence[int]) -> None:
        self._rows = rows
        numbers = np.array(ids, dtype=np.int64)
        self._order = np.argsort(numbers, kind="stable")
        self._ids = numbers[self._order]

    def under(self, wanted: int) -> tuple[T, ...]:
        """Return the rows of an id."""
        begin, end = np.searchsorted(self._ids, [wanted, wanted + 1])
        return tuple(self._rows[row] for row in self._order[begin:end].tolist())


class Records:
    """What the rooms of ranking look up; nothing in it depends on the day."""

    def __init__(self, network: Network) -> None:
        self.partners: dict[int, Partner] = network.partners
        self.competencies: dict[str, Competency] = network.competencies
        self._people = Book(network.people, [one.partner_id for one in network.people])
        self._badges = Book(network.badges, [one.partner_id for one in network.badges])
        self._works = Book(network.collaborations, [one.partner_id for one in network.collaborations])
        self._bought = Book(network.collaborations, [one.lead_id for one in network.collaborations])
        self._mentioned: dict[int, frozenset[str]] = _mentioned(network)
        self._practices: dict[str, tuple[str, ...]] = {}

    def people(self, partner_id: int) -> tuple[BenchPerson, ...]:
        """Return the partner's bench, in the order given."""
        return self._people.under(partner_id)

    def badges(self, partner_id: int) -> tuple[Badge, ...]:
        """Return every badge the partner holds or held."""
        return self._badges.under(partner_id)

    def works(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work in which the partner did the missing part."""
        return self._works.under(partner_id)

    def bought(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work that the partner led and had another do."""
        return self._bought.under(partner_id)

    def mentioned(self, partner_id: int) -> frozenset[str]:
        """Return the competencies named in the partner's own words."""
        return self._mentioned.get(partner_id, frozenset())

    def practices(self, key: str) -> tuple[str, ...]:
        """Return the practices that a competency is evidence of; a practice stands for itself."""
        if key not in self._practices:
            self._practices[key] = practices_of(key, self.competencies) or (key,)
        return self._practices[key]

    def practices_needed(self, needs: Iterable[Need]) -> frozenset[str]:
        """Return the practices that the needs ask for."""
        return frozenset(one for need in needs for key in need.competency_keys for one in self.practices(key))


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


def _mentioned(network: Network) -> dict[int, frozenset[str]]:
    keys: dict[int, set[str]] = defaultdict(set)
    for one in network.capabilities:
        if one.source == "profile" and one.competency_key:
            keys[one.partner_id].add(one.competency_key)
    return {partner_id: frozenset(found) for partner_id, found in keys.items()}

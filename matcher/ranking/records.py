"""A network becomes look-ups by partner: its people, badges, work, and which practices a competency stands for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from matcher.terms import Badge, BenchPerson, Collaboration, Competency, Need, Network, Partner


class _OfPartner(Protocol):
    @property
    def partner_id(self) -> int: ...


T = TypeVar("T", bound=_OfPartner)


class Records:
    """What the rooms of ranking look up; nothing in it depends on the day."""

    def __init__(self, network: Network) -> None:
        self.partners: dict[int, Partner] = network.partners
        self.competencies: dict[str, Competency] = network.competencies
        self._people = _by_partner(network.people)
        self._badges = _by_partner(network.badges)
        self._works = _by_partner(network.collaborations)
        self._bought = _by_lead(network.collaborations)
        self._mentioned: dict[int, frozenset[str]] = _mentioned(network)
        self._practices: dict[str, tuple[str, ...]] = {}

    def people(self, partner_id: int) -> tuple[BenchPerson, ...]:
        """Return the partner's bench, in the order given."""
        return self._people.get(partner_id, ())

    def badges(self, partner_id: int) -> tuple[Badge, ...]:
        """Return every badge the partner holds or held."""
        return self._badges.get(partner_id, ())

    def works(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work in which the partner did the missing part."""
        return self._works.get(partner_id, ())

    def bought(self, partner_id: int) -> tuple[Collaboration, ...]:
        """Return the pieces of work that the partner led and had another do."""
        return self._bought.get(partner_id, ())

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


def _by_partner(rows: Iterable[T]) -> dict[int, tuple[T, ...]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        grouped[row.partner_id].append(row)
    return {key: tuple(values) for key, values in grouped.items()}


def _mentioned(network: Network) -> dict[int, frozenset[str]]:
    keys: dict[int, set[str]] = defaultdict(set)
    for one in network.capabilities:
        if one.source == "profile" and one.competency_key:
            keys[one.partner_id].add(one.competency_key)
    return {partner_id: frozenset(found) for partner_id, found in keys.items()}


def _by_lead(works: Iterable[Collaboration]) -> dict[int, tuple[Collaboration, ...]]:
    grouped: dict[int, list[Collaboration]] = defaultdict(list)
    for one in works:
        grouped[one.lead_id].append(one)
    return {key: tuple(values) for key, values in grouped.items()}

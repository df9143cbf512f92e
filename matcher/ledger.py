"""Outcomes of two sides → confirmed revenue, and what a partner gave and got."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One confirmed outcome: who led, who did the work, what it earned in EUR."""

    lead_id: int
    partner_id: int
    revenue_eur: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What a partner gave (work passed on) and got (work received), in EUR, and how often."""

    gave_eur: int = 0
    got_eur: int = 0
    n_gave: int = 0
    n_got: int = 0


def balance(partner_id: int, entries: Iterable[Entry]) -> Balance:
    """Add up one partner's side of confirmed outcomes."""
    listed = list(entries)
    gave = [entry.revenue_eur for entry in listed if entry.lead_id == partner_id]
    got = [entry.revenue_eur for entry in listed if entry.partner_id == partner_id]
    return Balance(gave_eur=sum(gave), got_eur=sum(got), n_gave=len(gave), n_got=len(got))


def agreed(first: tuple[str, int], second: tuple[str, int]) -> bool:
    """Tell whether two reports (result, revenue in EUR) say the same: the result, and the sum within one per cent."""
    if first[0] != second[0]:
        return False
    return abs(first[1] - second[1]) <= 0.01 * max(first[1], second[1])

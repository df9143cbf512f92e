"""Scored partners become an order in which old ties leave room and a newcomer gets a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.terms import Partner

FIRST_PLACES = 5
OLD_TIES_SHARE = 0.4
NEW_FOR_DAYS = 90
NEWCOMER_PLACE = 10
NEWCOMER_LEAST_SCORE = 0.1


@dataclass(frozen=True, slots=True)
class Standing:
    """A scored candidate before it has a place; `at` is its column among the candidates."""

    at: int
    partner: Partner
    score: float
    old_tie: bool


@dataclass(frozen=True, slots=True)
class Fairness:
    """How far the order by score may be changed."""

    old_ties_share: float = OLD_TIES_SHARE
    newcomer_place: int = NEWCOMER_PLACE


FAIR = Fairness()
BY_SCORE_ONLY = Fairness(old_ties_share=1.0, newcomer_place=0)


def ordered(standings: Sequence[Standing], fairness: Fairness, today: date) -> list[Standing]:
    """Order by score, ties by id; cap the old ties among the first places and keep one place for a newcomer."""
    by_score = sorted(standings, key=lambda one: (-round(one.score, 6), one.partner.id))
    return _with_newcomer(_with_room(by_score, fairness), fairness, today)


def is_new(partner: Partner, today: date) -> bool:
    """Tell whether a partner joined within the last ninety days."""
    return partner.joined_on is not None and 0 <= (today - partner.joined_on).days <= NEW_FOR_DAYS


def _with_room(by_score: list[Standing], fairness: Fairness) -> list[Standing]:
    """Put old ties above the cap behind the first places; they move up again only when nobody else is left."""
    allowed = int(fairness.old_ties_share * FIRST_PLACES)
    ties = [one for one in by_score if one.old_tie][:allowed]
    first = [one for one in by_score if not one.old_tie or one in ties][:FIRST_PLACES]
    return first + [one for one in by_score if one not in first]


def _with_newcomer(order: list[Standing], fairness: Fairness, today: date) -> list[Standing]:
    place = fairness.newcomer_place
    if not place or len(order) <= place or any(is_new(one.partner, today) for one in order[:place]):
        return order
    waiting = (one for one in order[place:] if is_new(one.partner, today) and one.score >= NEWCOMER_LEAST_SCORE)
    newcomer = next(waiting, None)
    if newcomer is None:
        return order
    rest = [one for one in order if one is not newcomer]
    return [*rest[: place - 1], newcomer, *rest[place - 1 :]]

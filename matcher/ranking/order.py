"""Scored partners become an order in which old ties leave room and newcomers and small firms get a place."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from matcher.ranking.exposure import bands_of
from matcher.terms import Partner

FIRST_PLACES = 5
OLD_TIES_SHARE = 0.4
NEW_FOR_DAYS = 90
NEWCOMER_PLACE = 10
NEWCOMER_LEAST_SCORE = 0.02
SMALL_PEOPLE = 10
SMALL_PLACE = 5
# A small firm that is given a place is at least half as good as the firm that leaves it.
SMALL_LEAST_SHARE = 0.5
# The odds of a score of 0 or 1 are not finite.
SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Standing:
    """A scored candidate before it has a place; `at` is its column among the candidates."""

    at: int
    partner: Partner
    score: float
    old_tie: bool


@dataclass(frozen=True, slots=True)
class Fairness:
    """How far the order by score may be changed; a place of 0 keeps no place.

    `lifts` moves bands of partners (see `exposure.lifts`) that were put forward less, or more, than their share; the
    score that a match shows stays as it is.
    """

    old_ties_share: float = OLD_TIES_SHARE
    newcomer_place: int = NEWCOMER_PLACE
    small_place: int = SMALL_PLACE
    lifts: Mapping[str, float] = field(default_factory=dict)


FAIR = Fairness()
BY_SCORE_ONLY = Fairness(old_ties_share=1.0, newcomer_place=0, small_place=0)


def ordered(standings: Sequence[Standing], fairness: Fairness, today: date) -> list[Standing]:
    """Order by score and lift, ties by id; cap the old ties in front and keep a place for a newcomer and a small firm.

    The order in which the standings come in changes nothing.
    """
    order = sorted(standings, key=lambda one: (-round(_lifted(one, fairness, today), 6), one.partner.id))
    order = _with_room(order, fairness)
    order = _with_place(order, fairness.small_place, wanted=is_small, good_enough=_half_as_good)
    return _with_place(order, fairness.newcomer_place, wanted=lambda one: is_new(one, today), good_enough=_could_do_it)


def is_new(partner: Partner, today: date) -> bool:
    """Tell whether a partner joined within the last ninety days."""
    return partner.joined_on is not None and 0 <= (today - partner.joined_on).days <= NEW_FOR_DAYS


def is_small(partner: Partner) -> bool:
    """Tell whether a partner has ten people or fewer."""
    return partner.n_people <= SMALL_PEOPLE


def _lifted(one: Standing, fairness: Fairness, today: date) -> float:
    """Return the score moved by the lifts of its bands, still in [0, 1]."""
    lift = sum(fairness.lifts.get(band, 0.0) for band in bands_of(one.partner, today)) if fairness.lifts else 0.0
    if not lift:
        return one.score
    score = min(max(one.score, SURE), 1 - SURE)
    return 1 / (1 + (1 - score) / score * math.exp(-lift))


def _with_room(order: list[Standing], fairness: Fairness) -> list[Standing]:
    """Put old ties above the cap behind the first places; they move up again only when nobody else is left."""
    allowed = int(fairness.old_ties_share * FIRST_PLACES)
    ties = {one.partner.id for one in [one for one in order if one.old_tie][:allowed]}
    first = [one for one in order if not one.old_tie or one.partner.id in ties][:FIRST_PLACES]
    ids = {one.partner.id for one in first}
    return first + [one for one in order if one.partner.id not in ids]


def _with_place(
    order: list[Standing],
    place: int,
    *,
    wanted: Callable[[Partner], bool],
    good_enough: Callable[[Standing, Standing], bool],
) -> list[Standing]:
    """Give the place to the first such partner behind it where none stands before it; old ties need no such help."""
    if not place or len(order) <= place or any(wanted(one.partner) for one in order[:place]):
        return order
    leaving = order[place - 1]
    waiting = (one for one in order[place:] if wanted(one.partner) and not one.old_tie)
    chosen = next((one for one in waiting if good_enough(one, leaving)), None)
    if chosen is None:
        return order
    rest = [one for one in order if one is not chosen]
    return [*rest[: place - 1], chosen, *rest[place - 1 :]]


def _could_do_it(one: Standing, leaving: Standing) -> bool:
    return one.score >= NEWCOMER_LEAST_SCORE


def _half_as_good(one: Standing, leaving: Standing) -> bool:
    return one.score >= max(NEWCOMER_LEAST_SCORE, SMALL_LEAST_SHARE * leaving.score)

"""The order of scored partners once more, partner by partner: what the order on columns must agree with."""

import math
from collections.abc import Callable, Sequence
from datetime import date

from matcher.ranking.order import (
    FIRST_PLACES,
    NEWCOMER_LEAST_SCORE,
    SMALL_LEAST_SHARE,
    SURE,
    Fairness,
    Standing,
    is_new,
    is_small,
)
from matcher.terms import Partner
from tests.ranking.bands import bands_of


def ordered(standings: Sequence[Standing], fairness: Fairness, today: date) -> list[Standing]:
    order = sorted(standings, key=lambda one: (-round(_lifted(one, fairness, today), 6), one.partner.id))
    order = _with_room(order, fairness)
    order = _with_place(order, fairness.small_place, wanted=is_small, good_enough=_half_as_good)
    return _with_place(order, fairness.newcomer_place, wanted=lambda one: is_new(one, today), good_enough=_could_do_it)


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

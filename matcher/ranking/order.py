"""Scored partners become an order in which old ties leave room and newcomers and small firms get a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import IntArray
from matcher.ranking.exposure import lift_of_each
from matcher.ranking.grouped import Doubles, Flags
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


@dataclass(frozen=True, slots=True)
class Field:
    """Scored candidates in columns; `joined_on` is the ordinal of a day, 0 where that is not known."""

    ids: IntArray
    scores: Doubles
    old_ties: Flags
    n_people: IntArray
    countries: NDArray[np.str_]
    joined_on: IntArray


FAIR = Fairness()
BY_SCORE_ONLY = Fairness(old_ties_share=1.0, newcomer_place=0, small_place=0)


def ordered(standings: Sequence[Standing], fairness: Fairness, today: date) -> list[Standing]:
    """Order by score and lift, ties by id; cap the old ties in front and keep a place for a newcomer and a small firm.

    The order in which the standings come in changes nothing.
    """
    return [standings[at] for at in in_order(_in_columns(standings), fairness, today).tolist()]


def in_order(found: Field, fairness: Fairness, today: date) -> IntArray:
    """Return the columns of the candidates in the order that `ordered` gives."""
    order = np.lexsort((found.ids, -np.round(_lifted(found, fairness, today), 6)))
    order = _with_room(order, found.old_ties, fairness)
    small = found.n_people <= SMALL_PEOPLE
    order = _with_place(order, found, fairness.small_place, wanted=small, share=SMALL_LEAST_SHARE)
    return _with_place(order, found, fairness.newcomer_place, wanted=_are_new(found.joined_on, today), share=0.0)


def is_new(partner: Partner, today: date) -> bool:
    """Tell whether a partner joined within the last ninety days."""
    return partner.joined_on is not None and 0 <= (today - partner.joined_on).days <= NEW_FOR_DAYS


def is_small(partner: Partner) -> bool:
    """Tell whether a partner has ten people or fewer."""
    return partner.n_people <= SMALL_PEOPLE


def _are_new(joined_on: IntArray, today: date) -> Flags:
    days = today.toordinal() - joined_on
    return np.asarray((days >= 0) & (days <= NEW_FOR_DAYS))


def _in_columns(standings: Sequence[Standing]) -> Field:
    partners = [one.partner for one in standings]
    return Field(
        ids=np.array([one.id for one in partners], dtype=np.int64),
        scores=np.array([one.score for one in standings], dtype=np.float64),
        old_ties=np.array([one.old_tie for one in standings], dtype=bool),
        n_people=np.array([one.n_people for one in partners], dtype=np.int64),
        countries=np.array([one.country for one in partners], dtype=np.str_),
        joined_on=np.array([one.joined_on.toordinal() if one.joined_on else 0 for one in partners], dtype=np.int64),
    )


def _lifted(found: Field, fairness: Fairness, today: date) -> Doubles:
    """Return the scores moved by the lifts of their bands, still in [0, 1]."""
    if not fairness.lifts:
        return found.scores
    lift = lift_of_each(fairness.lifts, found.n_people, found.countries, joined_on=found.joined_on, today=today)
    score = np.clip(found.scores, SURE, 1 - SURE)
    return np.where(lift == 0, found.scores, 1 / (1 + (1 - score) / score * np.exp(-lift)))


def _with_room(order: IntArray, old_ties: Flags, fairness: Fairness) -> IntArray:
    """Put old ties above the cap behind the first places; they move up again only when nobody else is left."""
    allowed = int(fairness.old_ties_share * FIRST_PLACES)
    old = old_ties[order]
    first = np.flatnonzero(~old | (np.cumsum(old) <= allowed))[:FIRST_PLACES]
    return np.concatenate([order[first], np.delete(order, first)])


def _with_place(order: IntArray, found: Field, place: int, *, wanted: Flags, share: float) -> IntArray:
    """Give the place to the first such partner behind it where none stands before it; old ties need no such help.

    It has that share of the score of whoever leaves the place, and could do the work at all.
    """
    if not place or len(order) <= place or wanted[order[:place]].any():
        return order
    behind = order[place:]
    enough = max(NEWCOMER_LEAST_SCORE, share * found.scores[order[place - 1]])
    waiting = np.flatnonzero(wanted[behind] & ~found.old_ties[behind] & (found.scores[behind] >= enough))
    if not len(waiting):
        return order
    rest = np.delete(order, place + waiting[0])
    return np.concatenate([rest[: place - 1], behind[waiting[:1]], rest[place - 1 :]])

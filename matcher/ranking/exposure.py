"""Past rankings become how much each band of partners was put forward beside its share of those who could do the work.

Exposure of a place is 1 / log2(place + 1) down to the tenth place, 0 below, as nDCG discounts it; a band's exposure is
the sum over the places of its partners. Each ranking counts as 1, shared out by exposure and, beside it, in equal parts
among the partners that could do the work; the ratio of both sums is 1 where a band gets its share.
Source: Singh and Joachims, Fairness of exposure in rankings, KDD 2018, pp. 2219-2228, for exposure as the position bias
of the places taken, equal between groups of equal merit; Morik, Singh, Hong and Joachims, Controlling fairness and bias
in dynamic learning-to-rank, SIGIR 2020, for giving back in the order what past rankings owe to a group.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.arrays import IntArray
from matcher.ranking.columns import NO_DAY
from matcher.ranking.grouped import Doubles
from matcher.ranking.tables import Partners, as_table
from matcher.terms import Partner

LAST_PLACE = 10
SIZES = ((10, "1 to 10 people"), (50, "11 to 50 people"), (250, "51 to 250 people"))
LARGEST = "over 250 people"
AGES = ((90, "here up to 90 days"), (365, "here up to a year"), (3 * 365, "here 1 to 3 years"))
OLDEST = "here over 3 years"
# Fewer rankings say little about what anybody is owed.
LEAST_RANKINGS = 20
# How hard a band is pulled back to its share, in log-odds for a ratio of e, and by how much at most.
GAIN = 5.0
MOST_LIFT = 1.5
# So many rankings' worth on both sides of a ratio: a band of three partners is not lifted for one missed place.
PRIOR_RANKINGS = 3.0


@dataclass(frozen=True, slots=True)
class PastRanking:
    """One ranking of the past: who could have done the work, and who stood first, in order of place."""

    on: date
    able: Sequence[Partner]
    first: Sequence[Partner]


@dataclass(frozen=True, slots=True)
class Share:
    """What a band could expect and what it got, in rankings."""

    due: float = 0.0
    shown: float = 0.0

    @property
    def ratio(self) -> float:
        """Give what the band got beside what it could expect; 1 for a band that could expect nothing."""
        return self.shown / self.due if self.due else 1.0


def exposure(place: int) -> float:
    """Return how much a place is seen, in [0, 1]; places count from 1."""
    return 1 / math.log2(place + 1) if 1 <= place <= LAST_PLACE else 0.0


def shares(past: Iterable[PastRanking]) -> dict[str, Share]:
    """Add up what each band could expect and got; a ranking that nobody able stood in counts for nothing."""
    due: dict[str, float] = {}
    shown: dict[str, float] = {}
    for one in past:
        if one.able and one.first:
            _add(due, one.able, [1.0] * len(one.able), one.on)
            _add(shown, one.first, [exposure(place) for place in range(1, len(one.first) + 1)], one.on)
    return {band: Share(due.get(band, 0.0), shown.get(band, 0.0)) for band in sorted(due.keys() | shown.keys())}


def lifts(found: Mapping[str, Share], *, n_rankings: int) -> dict[str, float]:
    """Return by how much each band moves in the order, in log-odds of the score; nothing after too few rankings.

    Above 0 for a band that was put forward less than its share, below for the others, never beyond `MOST_LIFT`: whoever
    is plainly better stays in front, whatever its band.
    """
    if n_rankings < LEAST_RANKINGS:
        return {}
    return {band: _lift(share) for band, share in found.items()}


def lift_of_each(
    lifts: Mapping[str, float], n_people: IntArray, countries: NDArray[np.str_], *, joined_on: IntArray, today: date
) -> Doubles:
    """Return the sum of the lifts of each partner's bands; `joined_on` is the ordinal of a day, 0 for none known."""
    where = np.array([lifts.get(_place(one), 0.0) for one in countries.tolist()], dtype=np.float64)
    since = _by_band(lifts, AGES, OLDEST, today.toordinal() - joined_on)
    return _by_band(lifts, SIZES, LARGEST, n_people) + where + np.where(joined_on > 0, since, 0.0)


def _by_band(lifts: Mapping[str, float], bands: Sequence[tuple[int, str]], last: str, values: IntArray) -> Doubles:
    of_each = np.array([lifts.get(name, 0.0) for name in (*(name for _, name in bands), last)])
    return np.asarray(of_each[np.searchsorted([most for most, _ in bands], values)], dtype=np.float64)


def _place(country: str) -> str:
    return f"in {country}" if country else "in no country"


def _add(sums: dict[str, float], partners: Sequence[Partner], parts: list[float], today: date) -> None:
    firms, share = as_table(Partners, partners), np.array(parts) / sum(parts)
    joined, ages = firms.joined_on.values, [name for _, name in AGES]
    known = joined != NO_DAY
    age = np.searchsorted([most for most, _ in AGES], today.toordinal() - joined[known])
    size = np.searchsorted([most for most, _ in SIZES], firms.n_people.values)
    _sum_up(sums, [*(name for _, name in SIZES), LARGEST], size, share)
    _sum_up(sums, [_place(one) for one in firms.country.words], firms.country.codes, share)
    _sum_up(sums, [*ages, OLDEST], age, share[known])


def _sum_up(sums: dict[str, float], bands: Sequence[str], which: NDArray[Any], share: Doubles) -> None:
    added = np.bincount(which, weights=share, minlength=len(bands)).tolist()
    there = np.bincount(which, minlength=len(bands)).tolist()
    for band, value, n in zip(bands, added, there, strict=True):
        if n:
            sums[band] = sums.get(band, 0.0) + value


def _lift(share: Share) -> float:
    owed = GAIN * math.log((share.due + PRIOR_RANKINGS) / (share.shown + PRIOR_RANKINGS))
    return max(-MOST_LIFT, min(MOST_LIFT, owed))

"""Past rankings become how much each band of partners was put forward beside its share of those who could do the work.

Exposure of a place is 1 / log2(place + 1) down to the tenth place, 0 below, as nDCG discounts it; a band's exposure is
the sum over the places of its partners. Each ranking counts as 1, shared out by exposure and, beside it, in equal parts
among the partners that could do the work; the ratio of both sums is 1 where a band gets its share.
Source: Singh and Joachims, Fairness of exposure in rankings, KDD 2018, pp. 2219-2228, for exposure as the position bias
of the places taken, equal between groups of equal merit; Morik, Singh, Hong and Joachims, Controlling fairness and bias
in dynamic learning-to-rank, SIGIR 2020, for giving back in the order what past rankings owe to a group.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
    able: tuple[Partner, ...]
    first: tuple[Partner, ...]


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


def bands_of(partner: Partner, today: date) -> tuple[str, ...]:
    """Name the bands of a partner: its size, its country and, where it is known, how long it has been here."""
    size = next((name for most, name in SIZES if partner.n_people <= most), LARGEST)
    where = f"in {partner.country}" if partner.country else "in no country"
    return (size, where) if partner.joined_on is None else (size, where, _age((today - partner.joined_on).days))


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


def _age(days: int) -> str:
    return next((name for most, name in AGES if days <= most), OLDEST)


def _add(sums: dict[str, float], partners: Iterable[Partner], parts: list[float], today: date) -> None:
    whole = sum(parts)
    for partner, part in zip(partners, parts, strict=True):
        for band in bands_of(partner, today):
            sums[band] = sums.get(band, 0.0) + part / whole


def _lift(share: Share) -> float:
    owed = GAIN * math.log((share.due + PRIOR_RANKINGS) / (share.shown + PRIOR_RANKINGS))
    return max(-MOST_LIFT, min(MOST_LIFT, owed))

"""Days of rankings → who of them is told in letters, with and without a floor for those who wait.

Rankings say who stands where; letters have less room. Each day's rankings are allotted as the service does it, with so
few places that most of those who are ranked cannot be told, and the same measures are taken of those who were.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

import numpy as np

from matcher import digest
from matcher.ranking.exposure import Share, exposure
from matcher.ranking.order import is_new, is_small
from matcher.store.exposures import NEWCOMER_WAITS, WAITS, YOUNG_FOR
from matcher.terms import Partner
from tests.benchmarks.fairness import with_lifts
from tests.benchmarks.fairness_days import Ranked, live_through
from tests.benchmarks.fairness_market import N_DAYS, plant
from tests.ranking.bands import bands_of

PLACES = 4  # of each opportunity, of the ten that are ranked


@dataclass(frozen=True, slots=True)
class Told:
    """What letters made of rankings: share of each band, the mean quality of who was told, and who never was."""

    bands: dict[str, Share]
    quality: float
    value: float  # sum of scores of what was told
    never: float  # share of the new and small who were ranked and never told


def tell(history: Sequence[Ranked], *, floor_share: float) -> Told:
    """Allot each day's rankings; the score of a place is what it is worth in exposure."""
    last: dict[int, date] = {}
    told: list[tuple[Ranked, list[int]]] = []
    value = 0.0
    for day in sorted({each.past.on for each in history}):
        of_day = [each for each in history if each.past.on == day]
        waiting = _waiting((one for each in of_day for one in each.past.first), last, day)
        rows, scores, given = _allotted(of_day, waiting, floor_share=floor_share)
        value += float(scores[given].sum())
        told += [(each, rows[given & (rows[:, 0] == at), 1].tolist()) for at, each in enumerate(of_day)]
        last |= {int(one): day for one in rows[given, 1]}
    return _measured(told, value)


def _allotted(
    of_day: Sequence[Ranked], waiting: list[int], *, floor_share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = np.array([(at, one.id) for at, each in enumerate(of_day) for one in each.past.first], np.int64)
    scores = np.array([exposure(place) for each in of_day for place in range(1, len(each.past.first) + 1)])
    asked = dict.fromkeys(range(len(of_day)), digest.MAX_PARTNERS - PLACES)
    given = digest.choose(
        rows[:, 0], rows[:, 1], scores=scores, already_asked=asked, waiting=waiting, floor_share=floor_share
    )
    return rows, scores, given


def _waiting(ranked: Iterable[Partner], last: dict[int, date], day: date) -> list[int]:
    """List who is owed an offer, as `store.exposures.waiting` does."""
    owed = {one.id: is_new(one, day) for one in ranked if _is_young(one, day) or is_small(one)}
    told_on = {one: last.get(one, date.min) for one in owed}
    waits = (one for one, new in owed.items() if told_on[one] < day - (NEWCOMER_WAITS if new else WAITS))
    return sorted(waits, key=lambda one: (not owed[one], told_on[one], one))


def _is_young(partner: Partner, day: date) -> bool:
    return partner.joined_on is not None and timedelta(0) <= day - partner.joined_on <= YOUNG_FOR


def _measured(told: Sequence[tuple[Ranked, list[int]]], value: float) -> Told:
    due: dict[str, float] = {}
    shown: dict[str, float] = {}
    for each, ids in told:
        for partners, sums in ((each.past.able, due), ([one for one in each.past.first if one.id in ids], shown)):
            for one in partners:
                for band in bands_of(one, each.past.on):
                    sums[band] = sums.get(band, 0.0) + 1 / len(partners)
    owed = {one.id for each, _ in told for one in each.past.first if is_new(one, each.past.on) or is_small(one)}
    heard = {one for _, ids in told for one in ids}
    quality = fmean(each.quality.get(one, 0.0) for each, ids in told for one in ids)
    bands = {band: Share(due.get(band, 0.0), shown.get(band, 0.0)) for band in sorted(due.keys() | shown.keys())}
    return Told(bands, quality, value, len(owed - heard) / len(owed))


def main(argv: Sequence[str] | None = None) -> None:
    """Print what the floor does to letters of the simulated market."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="the market to plant")
    parser.add_argument("--days", type=int, default=N_DAYS, help="how long to watch")
    asked = parser.parse_args(argv)
    history = live_through(plant(asked.seed), with_lifts, seed=asked.seed, n_days=asked.days)
    found = {share: tell(history, floor_share=share) for share in (0.0, digest.FLOOR_SHARE, 1.0)}
    for band in found[0.0].bands:
        print(f"| {band} | " + " | ".join(f"{each.bands[band].ratio:.2f}" for each in found.values()) + " |")
    for name in ("quality", "value", "never"):
        print(f"| {name} | " + " | ".join(f"{getattr(each, name):.3f}" for each in found.values()) + " |")


if __name__ == "__main__":
    main()

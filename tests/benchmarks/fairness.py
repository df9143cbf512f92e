"""A simulated market becomes a report: who was put forward how much beside its share, and what fairness costs.

Sixty days, 500 partners, 300 postings, ranked by the real ranker without an encoder: vectors are planted at a cosine
that only the quality of the firm decides. Every band of size, country and age of membership has the same spread of
quality; the large and the old have more to show. Exposure of a place is 1 / log2(place + 1) down to the tenth (see
`matcher.ranking.exposure` for the source); a band's ratio is its share of all exposure beside its share of the partners
that could have done the work. Gini: of the exposure of the partners that could do something. nDCG@10: gains
2^(3 quality) - 1 against the planted quality.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from time import perf_counter

import numpy as np

from matcher.ranking.exposure import AGES, LARGEST, OLDEST, SIZES, PastRanking, Share, exposure, lifts, shares
from matcher.ranking.order import BY_SCORE_ONLY, FAIR, FIRST_PLACES, Fairness, is_new
from tests.benchmarks.fairness_days import Policy, Ranked, live_through
from tests.benchmarks.fairness_market import COUNTRIES, N_DAYS, plant

SMALLEST_RATIO, LARGEST_RATIO = 0.8, 1.25
BAND_ORDER = (
    *(name for _, name in SIZES), LARGEST, *(name for _, name in AGES), OLDEST, *(f"in {one}" for one, _ in COUNTRIES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What one way to order gave: shares by band, and means over rankings."""

    bands: dict[str, Share]
    gini: float
    ndcg_at_10: float
    most_old_ties: int  # among the first five of any ranking
    with_newcomer: float  # share of rankings that have one among the first ten
    unlabelled: int  # newcomers that were shown without "new here"
    seconds: float = 0.0

    @property
    def unfair(self) -> list[str]:
        """Name the bands outside the limits."""
        return [name for name, one in self.bands.items() if not SMALLEST_RATIO <= one.ratio <= LARGEST_RATIO]


def with_lifts(past: Sequence[PastRanking]) -> Fairness:
    """Be as fair as the service is: what past rankings owe to a band is given back."""
    return replace(FAIR, lifts=lifts(shares(past), n_rankings=len(past)))


POLICIES: Mapping[str, Policy] = {
    "by score only": lambda past: BY_SCORE_ONLY,
    "cap and places": lambda past: FAIR,
    "all rules": with_lifts,
}


def compare(*, seed: int, n_days: int, newcomers: float = 1.0) -> dict[str, Measured]:
    """Live through the same market by every policy; last, who would stand where if planted quality were known."""
    found: dict[str, Measured] = {}
    history: list[Ranked] = []
    for name, policy in POLICIES.items():
        started = perf_counter()
        history = live_through(plant(seed, newcomers=newcomers), policy, seed=seed, n_days=n_days)
        found[name] = replace(measured(history), seconds=perf_counter() - started)
    return found | {"by planted quality": measured(perfect(history))}


def measured(history: Sequence[Ranked]) -> Measured:
    """Turn rankings into numbers."""
    newcomers = [{one.id for one in each.past.first if is_new(one, each.past.on)} for each in history]
    return Measured(
        bands=shares(each.past for each in history),
        gini=gini(exposures(history)),
        ndcg_at_10=fmean(ndcg(each) for each in history),
        most_old_ties=max(sum(one.id in each.old_ties for one in each.past.first[:FIRST_PLACES]) for each in history),
        with_newcomer=fmean(bool(one) for one in newcomers),
        unlabelled=sum(len(new - each.labelled_new) for new, each in zip(newcomers, history, strict=True)),
    )


def perfect(history: Sequence[Ranked]) -> list[Ranked]:
    """Put whoever is best by planted quality first, as nobody can who does not know it."""
    return [replace(one, past=replace(one.past, first=_best(one)), labelled_new=frozenset()) for one in history]


def exposures(history: Sequence[Ranked]) -> list[float]:
    """Return the exposure of every partner that was able at least once."""
    sums = {one.id: 0.0 for each in history for one in each.past.able}
    for each in history:
        for place, one in enumerate(each.past.first, start=1):
            sums[one.id] = sums.get(one.id, 0.0) + exposure(place)
    return list(sums.values())


def gini(values: Sequence[float]) -> float:
    """Return 0 where all have the same, near 1 where one has everything; 0 for nothing at all."""
    rising = np.sort(np.asarray(values, dtype=float))
    n, whole = len(rising), rising.sum()
    return float(((2 * np.arange(1, n + 1) - n - 1) * rising).sum() / (n * whole)) if whole else 0.0


def ndcg(one: Ranked) -> float:
    """Return nDCG@10 against planted quality."""
    ideal = _discounted([one.quality[each.id] for each in _best(one)])
    return _discounted([one.quality.get(each.id, 0.0) for each in one.past.first]) / ideal if ideal else 0.0


def _best(one: Ranked) -> tuple:
    return tuple(sorted(one.past.able, key=lambda each: (-one.quality[each.id], each.id))[:10])


def _discounted(qualities: Sequence[float]) -> float:
    return sum((2 ** (3 * good) - 1) * exposure(place) for place, good in enumerate(qualities, start=1))


def as_table(found: Mapping[str, Measured]) -> str:
    """Write exposure ratios by band, then the other numbers, as a Markdown table."""
    some = next(iter(found.values()))
    names = sorted(some.bands, key=lambda name: BAND_ORDER.index(name))
    whole = sum(one.due for name, one in some.bands.items() if name.startswith("in "))
    lines = [_line(["exposure / eligible share", "eligible", *found]), "|" + "---|" * (len(found) + 2)]
    for name in names:
        ratios = [f"{one.bands[name].ratio:.2f}" for one in found.values()]
        lines.append(_line([name, f"{some.bands[name].due / whole:.1%}", *ratios]))
    for label, how in _NUMBERS.items():
        lines.append(_line([label, "", *(how(one) for one in found.values())]))
    return "\n".join(lines)


_NUMBERS = {
    "Gini of exposure": lambda one: f"{one.gini:.3f}",
    "nDCG@10": lambda one: f"{one.ndcg_at_10:.3f}",
    "most old ties in the first five": lambda one: str(one.most_old_ties),
    "rankings with a newcomer in the first ten": lambda one: f"{one.with_newcomer:.0%}",
}


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; 1 when a band is outside the limits with all rules on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="the market to plant")
    parser.add_argument("--days", type=int, default=N_DAYS, help="how long to watch")
    parser.add_argument("--newcomers", type=float, default=1.0, help="how good newcomers are beside all others")
    parser.add_argument("--plot", type=Path, help="write fairness.svg into this folder")
    parser.add_argument("--json", type=Path, help="write the numbers here as well")
    options = parser.parse_args(argv)
    found = compare(seed=options.seed, n_days=options.days, newcomers=options.newcomers)
    print(as_table(found))
    _conclude(found)
    if options.plot:
        from tests.benchmarks.fairness_plot import plot

        print(f"Plot: {plot(found, options.plot)}")
    if options.json:
        options.json.write_text(json.dumps({name: asdict(one) for name, one in found.items()}, indent=2) + "\n")
    return int(bool(found["all rules"].unfair))


def _conclude(found: Mapping[str, Measured]) -> None:
    before, after = found["by score only"], found["all rules"]
    print(f"\nPrice of all rules: {before.ndcg_at_10 - after.ndcg_at_10:+.3f} nDCG@10", end="; ")
    print(f'newcomers shown without "new here": {after.unlabelled}', end="; ")
    print(f"{sum(one.seconds for one in found.values()):.0f} s")
    print(f"Outside {SMALLEST_RATIO}–{LARGEST_RATIO}: {', '.join(after.unfair) or 'no band'}.")


if __name__ == "__main__":
    raise SystemExit(main())

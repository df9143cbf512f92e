"""Rankings of real consortia → numbers: how many of those who were won are found, and how much a chance means."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from matcher.past.model import Learned
from matcher.past.rank import Candidates
from matcher.past.table import COLUMNS, OF_PAIR
from matcher.past.works import FloatArray, IntArray
from tests.benchmarks.consortia import COMPANY, MOBILITY, PLACES, Consortia, Query, ndcg, recall

LIFTS = (0.1, 0.2, 0.3, 0.4, 0.5)
N_BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A project that partners are wanted for, and its candidates."""

    query: Query
    candidates: Candidates

    @property
    def took_part(self) -> IntArray:
        return np.isin(self.candidates.partners, list(self.query.truth)).astype(np.int64)

    def by(self, scores: np.ndarray) -> list[int]:
        """Order the candidates by scores, equal ones by number."""
        ranking: list[int] = self.candidates.partners[np.argsort(-scores, kind="stable")].tolist()
        return ranking


def say_candidates(kept: Sequence[Case], took_s: float) -> None:
    say_held([each.candidates.partners for each in kept], [each.query for each in kept], took_s)


def say_held(candidates: Sequence[IntArray], queries: Sequence[Query], took_s: float) -> None:
    """Print how many candidates there are a project, and which share of those who were won they hold."""
    n, n_ms = fmean(map(len, candidates)), 1000 * took_s / len(queries)
    pairs = zip(queries, candidates, strict=True)
    held = fmean(len(each.truth.intersection(one.tolist())) / len(each.truth) for each, one in pairs)
    print(f"{len(queries)} projects, {n_ms:.0f} ms each; {n:.0f} candidates hold {held:.3f} of truth")


def say(name: str, kept: Sequence[Case], rankings: Sequence[list[int]], data: Consortia) -> dict[str, float]:
    """Print and return nDCG@10 and R@100 for all, for partners new to the lead and for companies."""
    return say_ranked(name, [each.query for each in kept], rankings, data)


def say_ranked(name: str, queries: Sequence[Query], rankings: Sequence[list[int]], data: Consortia) -> dict[str, float]:
    """Do what `say` does for rankings of anybody's, not of a model's candidates."""
    kind = data.works.partners.kind
    measured: dict[str, float] = {}
    for group in ("all", "new", "company"):
        asked = [_of_group(group, each, one, kind) for each, one in zip(queries, rankings, strict=True)]
        asked = [(truth, ranking) for truth, ranking in asked if truth]
        measured[f"nDCG@10 {group}"] = _mean([ndcg(ranking, truth) for truth, ranking in asked])
        measured[f"R@100 {group}"] = _mean([recall(ranking, truth) for truth, ranking in asked])
    shown = [kind[one] == COMPANY for ranking in rankings for one in ranking[:PLACES]]
    measured["companies"] = _mean(shown)
    print(f"{name:32}", "  ".join(f"{key} {value:.3f}" for key, value in measured.items()), flush=True)
    return measured


def _mean(values: Sequence[float]) -> float:
    """Return the mean to four places, not a number where nobody belongs to the group."""
    return round(fmean(values), 4) if values else math.nan


def say_mobility(kept: Sequence[Case], rankings: Sequence[list[int]], data: Consortia) -> None:
    """Print the networks for mobility of researchers apart from all others: their partners are mostly universities."""
    families = data.works.families
    if families is None:
        return
    for name, wanted in (("mobility (MSCA)", True), ("all others", False)):
        at = [n for n, each in enumerate(kept) if (families[each.query.row] in MOBILITY) is wanted]
        if at:
            say(f"{name}, {len(at)} projects", [kept[n] for n in at], [rankings[n] for n in at], data)


def _of_group(group: str, query: Query, ranking: list[int], kind: IntArray) -> tuple[frozenset[int], list[int]]:
    """Leave whom the group leaves out, of the truth and of the ranking."""
    if group == "new":
        return query.truth - query.met, [one for one in ranking if one not in query.met]
    if group == "company":
        return frozenset(one for one in query.truth if kind[one] == COMPANY), [
            one for one in ranking if kind[one] == COMPANY
        ]
    return query.truth, ranking


def say_signals(kept: Sequence[Case], data: Consortia) -> None:
    """Print what each signal finds by itself."""
    for name in OF_PAIR:
        column = COLUMNS.index(name)
        say(name, kept, [each.by(each.candidates.table[:, column]) for each in kept], data)


def say_companies(kept: Sequence[Case], scored: Sequence[FloatArray], data: Consortia) -> None:
    """Print what it costs to show more companies: the scores of all of them raised by so much."""
    is_company = data.works.partners.kind == COMPANY
    for lift in LIFTS:
        rankings = [
            each.by(scores + lift * is_company[each.candidates.partners])
            for each, scores in zip(kept, scored, strict=True)
        ]
        say(f"companies raised by {lift}", kept, rankings, data)


def say_calibration(kept: Sequence[Case], scored: Sequence[FloatArray], learned: Learned, plot: Path | None) -> None:
    """Print the expected calibration error of all candidates and of the first ten, and plot what chances came true.

    Ten bins with as many candidates each; the error is the mean over bins of |mean chance - share that took part|.
    Source: Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", 2015.
    """
    chances = [learned.chances(each.candidates.table) for each in kept]
    first = [np.argsort(-scores, kind="stable")[:PLACES] for scores in scored]
    groups = {
        "all candidates": _together(kept, chances, lambda n: np.arange(len(chances[n]))),
        "the first ten": _together(kept, chances, lambda n: first[n]),
    }
    for name, (chance, came) in groups.items():
        bins = [(float(chance[at].mean()), float(came[at].mean())) for at in _bins(chance)]
        error = fmean(abs(one - other) for one, other in bins)
        print(f"calibration of {name}: expected error {error:.4f};", " ".join(f"{a:.3f}→{b:.3f}" for a, b in bins))
        if plot:
            _plot(plot / f"calibration {name}.svg", bins, name)


def _together(
    kept: Sequence[Case], chances: Sequence[FloatArray], chosen: Callable[[int], IntArray]
) -> tuple[FloatArray, IntArray]:
    at = [chosen(n) for n in range(len(kept))]
    return (
        np.concatenate([each[which] for each, which in zip(chances, at, strict=True)]),
        np.concatenate([each.took_part[which] for each, which in zip(kept, at, strict=True)]),
    )


def _bins(chance: FloatArray) -> list[IntArray]:
    return np.array_split(np.argsort(chance, kind="stable"), N_BINS)


def _plot(file: Path, bins: list[tuple[float, float]], name: str) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5))
    axes = figure.subplots()
    end = 1.1 * max(math.ldexp(1, -10), *(max(each) for each in bins))
    axes.plot([0, end], [0, end], color="grey", linewidth=1)
    axes.plot([one for one, _ in bins], [other for _, other in bins], marker="o")
    axes.set(xlabel="chance by the model", ylabel="share that took part", title=f"Calibration: {name}")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file)

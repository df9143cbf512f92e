"""What each group of signals is worth to the learned ranker: learned again without it, the same projects ranked."""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, stdev

from matcher.past.likely import LIKELY
from matcher.past.model import ALL_COLUMNS, Card, Lesson, learn
from matcher.past.team import TEAM
from tests.benchmarks.consortia import Consortia, ndcg, recall
from tests.benchmarks.ranking_report import Case, say

# One forest that learns the order and one that learns the chances; both see all columns, the likely team too.
ABLATED = ("order.team.1", "chance.team.1")
# Columns that go together, to see what the ranking is worth without them.
GROUPS = {
    "words": ("words", "names"),
    "meaning": ("meaning", "title", "profile"),
    "words and meaning summed": ("together", "closest"),
    "subject and field": ("subject", "same_subject", "fields"),
    "ties with the lead": ("prior", "common"),
    "walks": ("walk",),
    "fit of place, kind and size": ("votes_for", "same_country", "same_town", "led_from", "lead_", "usual", "kind"),
    "what a partner did": ("n_works", "n_joined", "growth", "years_since", "led", "mean_size", "is_small"),
    "family of the work": ("in_family", "share_in_family", "family", "lead_in_family"),
    "regression": ("regressed", "walk_regressed"),
    "near leads": ("regressed_lead", "regressed_circle", "walk_regressed"),
    "whom a lead meets": ("prior_of", "lead_meets", "countries_meet"),
    "the likeliest": LIKELY,
    "the likely team": TEAM,
}
WIDTH = 1.96  # standard errors on either side of a mean that hold the truth 95 times of 100


def say_ablation(lesson: Lesson, card: Card, kept: Sequence[Case], data: Consortia, *, n_threads: int = 2) -> None:
    """Print how well two forests do with all columns and without each group, and the difference project by project."""
    whole = _ranked("two forests, all signals", lesson, card, kept, data, n_threads)
    for group in GROUPS:
        without = replace(card, columns=columns_without(group))
        fewer = _ranked(f"without {group}", lesson, without, kept, data, n_threads)
        for name, measure in (("nDCG@10", ndcg), ("R@100", recall)):
            both = [
                measure(one, each.query.truth) - measure(other, each.query.truth)
                for each, one, other in zip(kept, fewer, whole, strict=True)
            ]
            print(f"    {name} {fmean(both):+.4f} ± {interval(both):.4f}", flush=True)


def columns_without(group: str) -> tuple[str, ...]:
    """Name the columns that are left without a group, places by them included."""
    return tuple(one for one in ALL_COLUMNS if not one.removeprefix("place_by_").startswith(GROUPS[group]))


def interval(differences: Sequence[float]) -> float:
    """Half the width of the 95 % interval of a mean of paired differences, in their unit."""
    return WIDTH * stdev(differences) / math.sqrt(len(differences)) if len(differences) > 1 else math.inf


def _ranked(
    name: str, lesson: Lesson, card: Card, kept: Sequence[Case], data: Consortia, n_threads: int
) -> list[list[int]]:
    learned = learn(lesson, card, aims=ABLATED, n_threads=n_threads)
    rankings = [each.by(learned.scores(each.candidates.table)) for each in kept]
    say(name, kept, rankings, data)
    return rankings

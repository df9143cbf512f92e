"""Judged postings become the weights that are shipped: first the order is learned, then what a score means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import fmean

import numpy as np
from scipy.optimize import minimize

from matcher.learning.check import bins, calibration_error
from matcher.learning.examples import Example, Examples, FloatArray, examples_of
from matcher.learning.fit import as_theta, as_weights, scores
from matcher.ranking.model import Card, Model, shipped
from matcher.ranking.weights import SIGNALS, Weights
from tests.benchmarks.judged import RELEVANT_GRADE, Case, ndcg
from tests.benchmarks.seeds_folder import Seeds

HAND = "hand-3"
N_FOLDS = 5
STEPS = (0.5, 0.7, 0.85, 1.15, 1.4, 2.0)
LEAST_WEIGHT = 0.1  # from which a weight of 0 could grow again
ROUNDS = 3
WORTH_A_LOOK = 0.05  # below it are nine in ten candidates, nearly all of them rightly
# Nine in ten candidates score less, rightly: had each a full say, they alone would decide what a high score means.
FAR_OFF = 0.01
FAR_OFF_SAY = 0.02
# What a weight twice as large as by hand must gain in nDCG.
PENALTY = 0.002
CALIBRATED = (
    "Slope and bias by maximum likelihood, right being grade 2 or 3 and whoever was not judged not right; "
    "candidates below 0.01 count a fiftieth. "
)
ORDERED = (
    "Before that, weights by coordinate ascent on nDCG@10 from those of hand-3, with a price on the distance from them "
    "(Metzler and Croft, Linear feature-based models for information retrieval, 2007). No weight below 0."
)
AS_BY_HAND = (
    "The order is that of hand-3: weights learned by coordinate ascent on nDCG@10 order these very postings better, "
    "but not those held back, and are left out."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """All candidates of one posting that no rule took out: their signals, and grades in the same order."""

    posting: str
    examples: Examples
    grades: tuple[int, ...]
    of_all: dict[str, int]  # grades by partner, of those too whom a rule took out
    keys: tuple[str, ...]


def judged_of(seeds: Seeds, cases: Sequence[Case]) -> list[Judged]:
    """Read the signals of every candidate out of the rankings of the postings."""
    return [_judged(seeds, case, number) for number, case in enumerate(cases)]


def learn(judged: Sequence[Judged], *, version: str, on: str) -> Model:
    """Learn from all postings; an order that is not better on postings held back is not used.

    The card says what was measured, in the folds held back and on all, for the learned order and for what is used.
    """
    hand = _hand()
    folds = tuple(_fold(judged, number, hand) for number in range(N_FOLDS))
    held_back = {name: round(fmean(one[name] for one in folds), 4) for name in folds[0]}
    gains = held_back["ndcg_at_10_learned"] > held_back["ndcg_at_10_by_hand"]
    weights = _calibrated(judged, _ordered_best(judged, hand) if gains else hand)
    everything = _together(judged)
    measured = {f"held_back_{name}": value for name, value in held_back.items()}
    measured |= {f"in_sample_{name}": value for name, value in _measured(judged, judged, hand).items()}
    card = Card(
        version=version,
        learned_on=on,
        data=f"seeds/judgements.csv: {len(judged)} postings, graded 0 to 3 by one reader",
        how=CALIBRATED + (ORDERED if gains else AS_BY_HAND),
        prior=HAND,
        n_examples=len(everything),
        n_right=int(everything.right.sum()),
        measured=measured,
        folds=folds,
    )
    return Model(weights, card)


def held_back_scores(judged: Sequence[Judged]) -> tuple[FloatArray, FloatArray]:
    """Score each posting by slope and bias learned without it; return scores and what was right."""
    parts = [_parts(judged, number) for number in range(N_FOLDS)]
    found = [(_together(rest), _calibrated(seen, _hand())) for seen, rest in parts]
    return np.concatenate([scores(*one) for one in found]), np.concatenate([one.right for one, _ in found])


def as_reliability(scored: tuple[FloatArray, FloatArray]) -> str:
    """Write what scores said and what was right, by tenths, as a Markdown table."""
    said, right = scored
    lines = ["| said | right | candidates |", "|---|---|---|"]
    lines += [f"| {one.said:.3f} | {one.came:.3f} | {one.n} |" for one in bins(said, right)]
    seen = said >= WORTH_A_LOOK
    errors = calibration_error(said, right), calibration_error(said[seen], right[seen])
    return "\n".join([*lines, f"calibration error {errors[0]:.3f}, from a score of {WORTH_A_LOOK} on {errors[1]:.3f}"])


def _hand() -> Weights:
    model = shipped(HAND)
    assert model
    return model.weights


def _fold(judged: Sequence[Judged], number: int, hand: Weights) -> dict[str, float]:
    """Learn without every fifth posting and measure on these."""
    seen, rest = _parts(judged, number)
    return _measured(seen, rest, hand)


def _parts(judged: Sequence[Judged], number: int) -> tuple[list[Judged], list[Judged]]:
    shuffled = [judged[at] for at in np.random.default_rng(0).permutation(len(judged))]
    return [one for at, one in enumerate(shuffled) if at % N_FOLDS != number], shuffled[number::N_FOLDS]


def _measured(seen: Sequence[Judged], rest: Sequence[Judged], hand: Weights) -> dict[str, float]:
    """Learn from some postings and measure on others."""
    everything = _together(rest)
    numbers = {
        "ndcg_at_10_learned": mean_ndcg(rest, _ordered_best(seen, hand)),
        "ndcg_at_10_by_hand": mean_ndcg(rest, hand),
        "calibration_error": calibration_error(scores(everything, _calibrated(seen, hand)), everything.right),
        "calibration_error_by_hand": calibration_error(scores(everything, hand), everything.right),
    }
    return {name: round(value, 4) for name, value in numbers.items()}


def _ordered_best(judged: Sequence[Judged], hand: Weights) -> Weights:
    """Turn one weight after the other as long as the order of the postings gains more than the change costs."""
    best, worth = hand, _worth(judged, hand, hand)
    for turn in range(ROUNDS):
        before = worth
        for at, step in product(np.random.default_rng(turn).permutation(len(SIGNALS)), STEPS):
            trial = replace(best, **{SIGNALS[at]: max(getattr(best, SIGNALS[at]), LEAST_WEIGHT) * step})
            value = _worth(judged, trial, hand)
            if value > worth + 1e-6:
                best, worth = trial, value
        if worth - before < 1e-4:
            break
    return best


def _worth(judged: Sequence[Judged], weights: Weights, hand: Weights) -> float:
    was = np.maximum(as_theta(hand)[:-1], 0.5)
    return mean_ndcg(judged, weights) - PENALTY * float((((as_theta(weights) - as_theta(hand))[:-1] / was) ** 2).sum())


def _calibrated(judged: Sequence[Judged], weights: Weights) -> Weights:
    """Stretch and shift the log-odds so that a score is the chance of being right, above all where it is not tiny."""
    everything = _together(judged)
    say = np.ones(len(everything))
    for _ in range(3):
        weights = _stretched(everything, weights, say=say)
        say = np.where(scores(everything, weights) >= FAR_OFF, 1.0, FAR_OFF_SAY)
    return weights


def _stretched(everything: Examples, weights: Weights, *, say: FloatArray) -> Weights:
    theta, right = as_theta(weights), everything.right

    def stretched(by: FloatArray) -> Weights:
        return as_weights(np.append(theta[:-1] * by[0], by[1]))

    def loss(by: FloatArray) -> float:
        said = np.clip(scores(everything, stretched(by)), 1e-9, 1 - 1e-9)
        return float(-(say * (right * np.log(said) + (1 - right) * np.log(1 - said))).sum())

    return stretched(minimize(loss, np.array([1.0, theta[-1]]), method="Nelder-Mead").x)


def mean_ndcg(judged: Sequence[Judged], weights: Weights) -> float:
    """Return nDCG@10 of the postings by score alone, ties by id."""
    return fmean(_ndcg_of(one, scores(one.examples, weights)) for one in judged)


def _ndcg_of(one: Judged, said: FloatArray) -> float:
    order = np.argsort(-said, kind="stable")[:10]
    return ndcg([one.keys[at] for at in order], one.of_all)


def _together(judged: Sequence[Judged]) -> Examples:
    ends = np.cumsum([0, *(len(one.examples.rows) for one in judged)])
    return Examples(
        np.concatenate([one.examples.rows for one in judged]),
        np.concatenate([one.examples.begins + first for one, first in zip(judged, ends, strict=False)]),
        *(np.concatenate([getattr(one.examples, name) for one in judged]) for name in ("right", "worth", "place")),
        group=np.concatenate([one.examples.group for one in judged]),
    )


def _judged(seeds: Seeds, case: Case, number: int) -> Judged:
    grades = {one.partner: one.grade for one in case.judgements}
    matches = sorted(case.ranking.matches, key=lambda one: one.partner_id)
    keys = tuple(seeds.network.partners[one.partner_id].key for one in matches)
    found = tuple(grades.get(key, 0) for key in keys)
    rows = [
        Example(one.signals, float(grade >= RELEVANT_GRADE), number) for one, grade in zip(matches, found, strict=True)
    ]
    return Judged(case.judgements[0].posting, examples_of(rows), found, grades, keys)

"""A market whose partners say yes by weights that we planted."""

from dataclasses import replace

import numpy as np

from matcher.learning.examples import Example, Examples, examples_of
from matcher.learning.fit import scores
from matcher.ranking.model import WEIGHTS, Card, Model
from matcher.ranking.weights import SIGNALS, Weights

PLANTED = replace(WEIGHTS, coverage=7.0, meaning=0.8, words=1.5, place=4.0, prior=3.0, bias=-6.5)
N_EACH = 5


def outcomes(n: int, by: Weights, *, seed: int = 1, per_doubling: float = 0.0) -> Examples:
    """Simulate n outcomes, five to an opportunity, best in front; a quarter of the candidates have a second need."""
    rng = np.random.default_rng(seed)
    candidates = [_candidate(rng, number // N_EACH) for number in range(n)]
    drawn = examples_of(candidates)
    found = scores(drawn, by)
    place = np.ones(n)
    for first in range(0, n, N_EACH):
        block = found[first : first + N_EACH]
        place[first : first + N_EACH][np.argsort(-block)] = np.arange(1, len(block) + 1)
    read = 1 / (1 + (1 - found) / found * np.exp(-per_doubling * np.log2(place)))
    right = (rng.random(n) < read).astype(float)
    return Examples(drawn.rows, drawn.begins, right, drawn.worth, place, drawn.group)


def joined(first: Examples, then: Examples) -> Examples:
    """Let some outcomes come after others."""
    rows = np.concatenate([first.rows, then.rows])
    begins = np.concatenate([first.begins, then.begins + len(first.rows)])
    rest = [
        np.concatenate([getattr(first, name), getattr(then, name)]) for name in ("right", "worth", "place", "group")
    ]
    return Examples(rows, begins, *rest)


def model(weights: Weights, version: str = "present-1") -> Model:
    return Model(weights, Card(version, "2026-11-22", "made up", "by hand"))


def _candidate(rng: np.random.Generator, group: int) -> Example:
    n_needs = 2 if rng.random() < 0.25 else 1
    return Example(rng.beta(1.0, 2.0, (n_needs, len(SIGNALS))).round(4).tolist(), 0.0, group)

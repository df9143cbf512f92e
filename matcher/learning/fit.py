"""Examples and a prior → weights: a logistic model drawn towards those that are there already."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from matcher.learning.examples import Examples, FloatArray
from matcher.ranking.score import BEST_NEED_SHARE
from matcher.ranking.weights import SIGNALS, Weights, as_row

# The prior weighs as much as this many outcomes of an even chance, each of which tells 1/4 about the bias.
PRIOR_OUTCOMES = 200
STRENGTH = PRIOR_OUTCOMES / 4
# Whoever stands further down is read less; what that takes off is learned beside the weights and left out of scores.
PLACE_STRENGTH = 1.0
SURE = 1e-9


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights, and what a place further down takes off the log-odds for each doubling of the place."""

    weights: Weights
    per_doubling: float = 0.0


@dataclass(frozen=True, slots=True)
class Loss:
    """The sum over examples of worth · −log chance, plus strength/2 · |weights − prior|²; and its slope.

    The chance of an example is that of `scores`, moved in log-odds by the place. Source for the sum: maximum a
    posteriori of a logistic model under a normal prior, Bishop, Pattern Recognition and Machine Learning, 4.5.
    """

    examples: Examples
    prior: FloatArray
    strength: float

    def __call__(self, theta: FloatArray) -> tuple[float, FloatArray]:
        one = self.examples
        chances = _of_needs(one.rows, theta)
        scores, shares = _of_candidates(chances, one)
        doublings = np.log2(one.place)
        read = _sigmoid(np.log(scores / (1 - scores)) + theta[-1] * doublings)
        apart, strengths = theta - self.prior, np.append(np.full(len(theta) - 1, self.strength), PLACE_STRENGTH)
        loss = -(one.worth * (one.right * np.log(read) + (1 - one.right) * np.log(1 - read))).sum()
        slope = one.worth * (read - one.right)
        of_rows = np.repeat(slope / (scores * (1 - scores)), one.lengths) * shares * chances * (1 - chances)
        gradient = np.append(one.rows.T @ of_rows, [of_rows.sum(), (slope * doublings).sum()])
        return float(loss + (strengths * apart**2).sum() / 2), gradient + strengths * apart


def fit(examples: Examples, prior: Weights, *, strength: float = STRENGTH) -> Fitted:
    """Learn weights, none of which may turn negative: no signal is made so that more of it could be worse."""
    start = np.append(as_theta(prior), 0.0)
    bounds = [(0.0, None)] * len(SIGNALS) + [(None, None), (None, 0.0)]
    found = minimize(Loss(examples, start, strength), start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Fitted(as_weights(found[:-1]), float(found[-1]))


def place_effect(examples: Examples, weights: Weights) -> float:
    """Learn only what a place further down takes off, for weights that stand."""
    theta = as_theta(weights)
    loss = Loss(examples, np.append(theta, 0.0), 0.0)

    def of_place(value: FloatArray) -> tuple[float, Any]:
        total, gradient = loss(np.append(theta, value))
        return total, gradient[-1:]

    return float(minimize(of_place, np.zeros(1), jac=True, method="L-BFGS-B", bounds=[(None, 0.0)]).x[0])


def scores(examples: Examples, weights: Weights) -> FloatArray:
    """Score as the ranker does, float64 (n,)."""
    return _of_candidates(_of_needs(examples.rows, np.append(as_theta(weights), 0.0)), examples)[0]


def as_read(examples: Examples, fitted: Fitted) -> FloatArray:
    """Return the chance that both sides say yes at the place where each stood, float64 (n,)."""
    found = scores(examples, fitted.weights)
    return _sigmoid(np.log(found / (1 - found)) + fitted.per_doubling * np.log2(examples.place))


def as_theta(weights: Weights) -> FloatArray:
    """Return the weights and the bias in one row."""
    return np.append(as_row(weights).astype(np.float64), weights.bias)


def as_weights(theta: FloatArray) -> Weights:
    """Turn a row of weights and the bias into words, rounded as they are stored."""
    return Weights(*(round(float(one), 4) for one in theta))


def _of_needs(rows: FloatArray, theta: FloatArray) -> FloatArray:
    return _sigmoid(rows @ theta[:-2] + theta[-2])


def _of_candidates(chances: FloatArray, examples: Examples) -> tuple[FloatArray, FloatArray]:
    """Return the score of each candidate, and by how much a row's chance moves it."""
    lengths = examples.lengths
    best = np.maximum.reduceat(chances, examples.begins)
    mean = np.add.reduceat(chances, examples.begins) / lengths
    shares = BEST_NEED_SHARE * (chances == np.repeat(best, lengths)) + (1 - BEST_NEED_SHARE) / np.repeat(
        lengths, lengths
    )
    return np.clip(BEST_NEED_SHARE * best + (1 - BEST_NEED_SHARE) * mean, SURE, 1 - SURE), shares


def _sigmoid(log_odds: FloatArray) -> FloatArray:
    return np.clip(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))), SURE, 1 - SURE)

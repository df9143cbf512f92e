"""Chances and what came of them → how good the chances were: log loss, order, calibration."""

import math
from dataclasses import dataclass

import numpy as np

from matcher.learning.examples import Examples, FloatArray
from matcher.learning.fit import Fitted, as_read

N_BINS = 10
PLACES = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """Log loss an example, mean nDCG@10 of opportunities with something to order, expected calibration error."""

    log_loss: float
    ndcg: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Chances in one tenth: how many, what was said on average and what came."""

    n: int
    said: float
    came: float


def check(examples: Examples, fitted: Fitted) -> Checked:
    """Compare what the weights say, at the places where candidates stood, with what came."""
    chances = as_read(examples, fitted)
    return Checked(_log_loss(chances, examples), _ndcg(chances, examples), calibration_error(chances, examples.right))


def calibration_error(chances: FloatArray, right: FloatArray) -> float:
    """Return the mean distance between what was said and what came, over tenths, by how many are in each.

    Source: Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, AAAI 2015.
    """
    return sum(one.n * abs(one.said - one.came) for one in bins(chances, right)) / max(len(chances), 1)


def bins(chances: FloatArray, right: FloatArray) -> list[Bin]:
    """Cut chances into tenths; empty ones are left out."""
    tenth = np.minimum((chances * N_BINS).astype(int), N_BINS - 1)
    there = [tenth == number for number in range(N_BINS)]
    return [Bin(int(one.sum()), float(chances[one].mean()), float(right[one].mean())) for one in there if one.any()]


def _log_loss(chances: FloatArray, examples: Examples) -> float:
    told = examples.right * np.log(chances) + (1 - examples.right) * np.log(1 - chances)
    return float(-(examples.worth * told).sum() / max(examples.worth.sum(), 1e-9))


def _ndcg(chances: FloatArray, examples: Examples) -> float:
    """Return the mean over opportunities whose candidates did not all end alike; 1.0 where there is none."""
    found = [
        _ndcg_of(examples.right[one][np.argsort(-chances[one], kind="stable")])
        for one in (np.flatnonzero(examples.group == group) for group in np.unique(examples.group))
        if np.ptp(examples.right[one]) > 0
    ]
    return float(np.mean(found)) if found else 1.0


def _ndcg_of(right: FloatArray) -> float:
    ideal = sum(one / math.log2(place + 1) for place, one in enumerate(-np.sort(-right)[:PLACES], start=1))
    return float(sum(one / math.log2(place + 1) for place, one in enumerate(right[:PLACES], start=1)) / ideal)

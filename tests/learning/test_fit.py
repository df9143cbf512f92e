"""Weights learned from simulated outcomes, whose truth is known."""

import numpy as np
import pytest

from matcher.learning.check import bins, calibration_error, check
from matcher.learning.examples import Example, examples_of
from matcher.learning.fit import Fitted, Loss, as_read, as_theta, fit, place_effect, scores
from matcher.ranking.arrays import FloatArray
from matcher.ranking.model import WEIGHTS
from matcher.ranking.score import score
from matcher.ranking.weights import SIGNALS, as_row
from tests.learning.market import PLANTED, outcomes

FRESH = outcomes(4000, PLANTED, seed=99)


def moved(n: int) -> float:
    """Return how far the scores of fresh candidates move, on average, after n outcomes."""
    learned = fit(outcomes(n, PLANTED), WEIGHTS)
    return float(np.abs(scores(FRESH, learned.weights) - scores(FRESH, WEIGHTS)).mean())


def test_planted_weights_are_found_again_from_many_outcomes() -> None:
    learned = fit(outcomes(20_000, PLANTED), WEIGHTS, strength=1.0)
    assert as_theta(learned.weights) == pytest.approx(as_theta(PLANTED), abs=0.35)


def test_ten_outcomes_hardly_move_the_ranker() -> None:
    assert moved(10) < 0.05


def test_ten_thousand_outcomes_bring_the_ranker_near_the_truth() -> None:
    learned = fit(outcomes(10_000, PLANTED), WEIGHTS)
    before = np.abs(scores(FRESH, WEIGHTS) - scores(FRESH, PLANTED)).mean()
    assert np.abs(scores(FRESH, learned.weights) - scores(FRESH, PLANTED)).mean() < 0.4 * before


def test_chances_of_outcomes_that_were_not_learned_from_are_right() -> None:
    learned = fit(outcomes(10_000, PLANTED), WEIGHTS)
    assert check(FRESH, learned).calibration_error <= 0.05
    assert check(FRESH, Fitted(WEIGHTS)).calibration_error > 0.05


def test_no_weight_turns_negative_though_the_outcomes_ask_for_it() -> None:
    one = outcomes(3000, PLANTED)
    one.right[:] = (one.rows[one.begins, SIGNALS.index("fresh")] < 0.5).astype(float)
    assert fit(one, WEIGHTS).weights.fresh == 0.0


def test_being_read_less_further_down_does_not_lower_the_scores() -> None:
    buried = outcomes(20_000, PLANTED, per_doubling=-1.0)
    learned = fit(buried, WEIGHTS, strength=1.0)
    assert learned.per_doubling == pytest.approx(-1.0, abs=0.15)
    assert scores(FRESH, learned.weights).mean() == pytest.approx(scores(FRESH, PLANTED).mean(), abs=0.03)
    assert place_effect(buried, PLANTED) == pytest.approx(-1.0, abs=0.1)


def test_scores_are_those_of_the_ranker() -> None:
    rows = np.random.default_rng(3).random((3, 1, len(SIGNALS))).astype(np.float32)
    of_ranker = score(rows, WEIGHTS).scores
    assert scores(examples_of([_three_needs(rows)]), WEIGHTS) == pytest.approx(of_ranker, abs=1e-6)


def test_the_slope_is_that_of_the_loss() -> None:
    one, at = outcomes(200, PLANTED), np.append(as_theta(WEIGHTS), -0.3)
    loss = Loss(one, np.zeros_like(at), 2.0)
    small = 1e-6
    slope = [(loss(at + small * unit)[0] - loss(at - small * unit)[0]) / (2 * small) for unit in np.eye(len(at))]
    assert loss(at)[1] == pytest.approx(slope, rel=1e-4, abs=1e-3)


def test_outcomes_that_are_chosen_keep_the_rows_of_all_their_needs() -> None:
    one = outcomes(50, PLANTED)
    which = np.array([7, 3, 30])
    assert scores(one.chosen(which), WEIGHTS) == pytest.approx(scores(one, WEIGHTS)[which])


def test_chances_that_always_come_true_have_no_error() -> None:
    assert calibration_error(np.array([1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])) == 0.0


def test_a_chance_of_ninety_that_comes_half_the_time_is_forty_off() -> None:
    assert calibration_error(np.array([0.9, 0.9]), np.array([1.0, 0.0])) == pytest.approx(0.4)


def test_all_chances_are_in_one_tenth_each() -> None:
    assert sum(one.n for one in bins(as_read(FRESH, Fitted(WEIGHTS)), FRESH.right)) == len(FRESH)


def _three_needs(rows: FloatArray) -> Example:
    return Example(rows[:, 0].tolist(), 0.0, 1)


def test_what_the_ranker_weighs_stands_in_the_order_of_its_signals() -> None:
    assert as_theta(WEIGHTS)[:-1] == pytest.approx(as_row(WEIGHTS))

"""Habits, regression and the circles of the likeliest: counted by hand on a small past."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from matcher.past.guess import Guess
from matcher.past.habits import Habits
from matcher.past.known import Known
from matcher.past.likely import LIKELY, Circles
from matcher.past.likeness import MOST_ALIKE, Comparing
from matcher.past.regression import KERNELS, Regression
from matcher.past.signals import Scene
from matcher.past.works import FloatArray, Sparse
from tests.past import toy

DAY = 80.0
EVERYBODY = np.arange(25)


def liked(odds: dict[int, float]) -> Guess:
    return Guess(EVERYBODY, np.array([odds.get(one, -9.0) for one in EVERYBODY]))


def column(guess: Guess, name: str, *, day: float = DAY, seed: int = 1) -> FloatArray:
    signals = Circles(Known(toy.works(seed=seed), day)).signals(guess)
    return np.asarray(signals[:, LIKELY.index(name)])


def test_whoever_worked_with_the_likeliest_is_tied_to_them_and_nobody_to_itself() -> None:
    works = toy.works()
    ties = column(liked({7: 9.0}), "ties_with_5")
    met = set(works.took_part[[row for row in range(79) if 7 in works.took_part[row].indices]].indices)
    assert ties[7] < 0.01
    assert min(ties[one] for one in met - {7}) > 3 * max([0.001, *(ties[one] for one in EVERYBODY if one not in met)])


def test_ties_with_the_likeliest_know_nothing_of_later_works() -> None:
    works = toy.works()
    later = toy.with_other_later(works, DAY, seed=2)
    guess = liked({3: 1.0, 5: 2.0, 8: 0.5})
    one, other = (Circles(Known(each, DAY)).signals(guess) for each in (works, later))
    np.testing.assert_array_equal(one, other)


def test_places_within_a_country_begin_with_its_likeliest() -> None:
    country = toy.works().partners.country
    guess = Guess(EVERYBODY, np.linspace(2, -2, 25))
    places, behind = column(guess, "place_in_country"), column(guess, "behind_in_country")
    for each in set(country.tolist()):
        inside = np.flatnonzero(country == each)
        np.testing.assert_allclose(places[inside], np.log1p(np.arange(len(inside))), rtol=1e-5)
        np.testing.assert_allclose(behind[inside], guess.odds[inside] - guess.odds[inside[0]], atol=1e-5)


def test_chances_of_others_in_the_country_leave_out_ones_own() -> None:
    country = toy.works().partners.country
    guess = Guess(EVERYBODY, np.linspace(2, -2, 25))
    others = np.delete(EVERYBODY, 4)
    share = guess.chances[others][country[others] == country[4]].sum() / guess.chances[others].sum()
    assert column(guess, "chances_in_country")[4] == pytest.approx(share, abs=1e-6)


def test_one_joins_works_of_several_and_its_share_of_a_family_is_believed_with_time() -> None:
    works = toy.works()
    known = Known(works, DAY)
    done = [row for row in range(79) if 7 in works.took_part[row].indices]
    habits = Habits(known)
    assert habits.facts()["n_joined"][7] == len(done)
    signals = habits.signals(toy.asked(works, [82, 85]))
    faded = np.exp(-((DAY - works.days) / 365) / 4)
    expected = sum(faded[row] for row in done if toy.families(works)[row] == toy.families(works)[82])
    assert signals["in_family"][0, 7] == pytest.approx(expected, abs=1e-4)
    assert 0 < signals["share_in_family"][0, 7] < 1
    assert signals["lead_in_family"][0, 0] == signals["share_in_family"][0, works.leads[82]]


def test_a_regression_predicts_the_party_of_a_work_it_knows() -> None:
    works = toy.works()
    signals = Scene(Known(works, DAY)).signals(toy.asked(works, [60]))
    party = set(works.took_part[60].indices)
    for name in KERNELS:
        assert set(np.argsort(-signals[name][0])[: len(party)]) == party, name


def test_a_regression_solves_its_equations() -> None:
    known = Known(toy.works(), DAY)
    comparing = Comparing(known)
    rows = np.flatnonzero(known.is_party[known.told])
    alike = comparing.likeness(toy.asked(toy.works(), [82]))
    kernel = comparing.among(rows) / MOST_ALIKE + np.diag(1 / known.faded_told[rows])
    expected = np.linalg.solve(kernel, (alike.together[0, rows] / MOST_ALIKE)) @ known.took_part_told[rows].toarray()
    found = Regression(known, comparing).signals(alike, toy.works().leads[[82]])["regressed"][0]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_without_works_of_several_nothing_is_regressed_and_all_are_of_one_family() -> None:
    works = toy.works()
    few = replace(works, took_part=_lead_only(works), families=None)
    asked = replace(toy.asked(works, [82]), families=None)
    signals = Scene(Known(few, DAY)).signals(asked)
    assert not signals["regressed"].any()
    assert not signals["in_family"].any()


def _lead_only(works: toy.Works) -> Sparse:
    ones = np.ones(len(works.leads), dtype=np.float32)
    return sparse.csr_matrix((ones, (np.arange(len(works.leads)), works.leads)), shape=works.took_part.shape)

"""Whom leads met: counted by hand on a small past, and of the past only."""

import numpy as np
import pytest

from matcher.past.known import Known
from matcher.past.meets import Meets
from matcher.past.signals import Scene
from tests.past import toy

DAY = 80.0
NAMES = ("prior_of_own", "prior_of_lead", "lead_meets_country", "lead_meets_kind", "countries_meet")
PRIOR = np.zeros((1, 25), dtype=np.float32)
PRIOR[0, [3, 5, 8, 9]] = 1.0, 2.0, 1.0, 7.0  # 9 is the lead, which is tied to itself


def test_a_lead_goes_to_the_countries_and_kinds_of_those_it_worked_with() -> None:
    works = toy.works()
    found = Meets(Known(works, DAY)).signals(np.array([9]), PRIOR)
    for name, group in (("lead_meets_country", works.partners.country), ("lead_meets_kind", works.partners.kind)):
        for one in (0, 5):
            share = sum(float(PRIOR[0, each]) for each in (3, 5, 8) if group[each] == group[one]) / 4
            assert found[name][0, one] == pytest.approx(share)


def test_prior_work_is_set_beside_all_that_either_side_joined() -> None:
    works = toy.works()
    known = Known(works, DAY)
    found = Meets(known).signals(np.array([9]), PRIOR)
    joined = {one: sum(known.faded[row] for row in range(79) if one in works.took_part[row].indices) for one in (5, 9)}
    assert found["prior_of_own"][0, 5] == pytest.approx(2 / joined[5], rel=1e-4)
    assert found["prior_of_lead"][0, 5] == pytest.approx(2 / joined[9], rel=1e-4)


def test_countries_that_often_work_together_meet_more_than_by_chance() -> None:
    works = toy.works()
    country = works.partners.country
    found = Meets(Known(works, DAY)).signals(np.array([9]), PRIOR)["countries_meet"][0]
    there = [set(country[works.took_part[row].indices].tolist()) for row in range(79)]
    with_lead = [each for each in there if country[9] in each]
    one = next(each for each in range(25) if country[each] != country[9])
    share = np.mean([country[one] in each for each in with_lead]) / np.mean([country[one] in each for each in there])
    assert found[one] == pytest.approx(share, rel=1e-4)


def test_nothing_that_happened_later_changes_whom_a_lead_meets() -> None:
    works = toy.works()
    later = toy.with_other_later(works, DAY, seed=2)
    asked = toy.asked(works, [82, 85])
    one, other = (Scene(Known(each, DAY)).signals(asked) for each in (works, later))
    for name in (*NAMES, "regressed_lead", "regressed_circle", "walk_regressed"):
        np.testing.assert_array_equal(one[name], other[name])

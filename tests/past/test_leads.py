"""How near leads stand to each other: counted by hand, and of the past only."""

from dataclasses import replace

import numpy as np

from matcher.past.known import Known
from matcher.past.leads import Leads
from matcher.past.likeness import MOST_ALIKE, Comparing
from matcher.past.regression import KERNELS, Regression
from matcher.past.works import FloatArray
from tests.past import toy

DAY = 80.0
ROWS = np.arange(79)


def met(works: toy.Works, one: int) -> FloatArray:
    """Add up with whom one worked, work by work."""
    known = Known(works, DAY)
    total = np.zeros(len(works.partners))
    for row in range(79):
        party = works.took_part[row].indices
        if one in party:
            total[party] += known.faded[row] / np.sqrt(len(party) - 1)
    return total


def test_leads_with_the_same_partners_stand_near_each_other() -> None:
    works = toy.works()
    near = Leads(Known(works, DAY), ROWS).among()
    one, other = (met(works, works.leads[row]) for row in (3, 50))
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    np.testing.assert_allclose(near.circle[3, 50], cosine, rtol=1e-4)
    np.testing.assert_allclose(np.diag(near.circle), 1, rtol=1e-4)
    assert near.same[3, 50] == (works.leads[3] == works.leads[50])


def test_whoever_took_part_in_a_work_is_as_near_to_it_as_its_lead() -> None:
    works = toy.works()
    near = Leads(Known(works, DAY), ROWS).near(np.array([7]))
    joined = [row for row in range(79) if 7 in works.took_part[row].indices]
    assert np.flatnonzero(near.same[0]).tolist() == joined
    country = works.partners.country
    np.testing.assert_array_equal(near.country[0] > 0, country[works.leads[:79]] == country[7])


def test_a_work_that_nobody_is_known_to_have_led_is_near_to_none() -> None:
    works = toy.works()
    leads = works.leads.copy()
    leads[[3, 4]] = -1
    near = Leads(Known(replace(works, leads=leads), DAY), ROWS).among()
    for each in (near.same, near.circle, near.country):
        assert not each[3].any()
        assert not each[:, 4].any()


def test_nothing_that_happened_later_changes_who_is_near() -> None:
    works = toy.works()
    later = toy.with_other_later(works, DAY, seed=2)
    one, other = (Leads(Known(each, DAY), ROWS).near(np.array([2, 7, 9])) for each in (works, later))
    for name in ("same", "circle", "country"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_work_of_a_near_lead_counts_for_more_in_the_regression() -> None:
    known = Known(toy.works(), DAY)
    comparing = Comparing(known)
    rows = np.flatnonzero(known.is_party[known.told])
    leads = toy.works().leads[[82]]
    alike = comparing.likeness(toy.asked(toy.works(), [82]))
    kernel, near = KERNELS["regressed_circle"], Leads(known, known.told[rows])

    def of(likeness: FloatArray, close: FloatArray, country: FloatArray, same: FloatArray) -> FloatArray:
        raised = 1 + kernel.country * country + kernel.near * (kernel.same * same + (1 - kernel.same) * close)
        return np.asarray((likeness / MOST_ALIKE) ** kernel.power * raised)

    among, asked = near.among(), near.near(leads)
    matrix = of(comparing.among(rows), among.circle, among.country, among.same)
    matrix += np.diag(kernel.doubt / known.faded_told[rows])
    weights = np.linalg.solve(matrix, of(alike.together[:, rows], asked.circle, asked.country, asked.same)[0])
    found = Regression(known, comparing).signals(alike, leads)["regressed_circle"][0]
    np.testing.assert_allclose(found, weights @ known.took_part_told[rows].toarray(), rtol=1e-3, atol=1e-4)

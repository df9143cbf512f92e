"""The likely team: works with it, what is over for whom stands behind, counted by hand on a small past."""

import numpy as np
import pytest

from matcher.past.guess import Guess
from matcher.past.known import Known
from matcher.past.likeness import MOST_ALIKE, Comparing
from matcher.past.rank import found
from matcher.past.team import TEAM, Team
from matcher.past.works import FloatArray
from tests.past import toy

DAY = 80.0
EVERYBODY = np.arange(25)
WORKS = toy.works()


def liked(*sure: int) -> Guess:
    """Hold some for all but certain and all others for impossible."""
    return Guess(EVERYBODY, np.where(np.isin(EVERYBODY, sure), 9.0, -30.0))


def column(guess: Guess, name: str) -> FloatArray:
    return np.asarray(Team(Known(WORKS, DAY)).signals(guess)[:, TEAM.index(name)])


def done(partner: int) -> list[int]:
    return [row for row in range(79) if partner in WORKS.took_part[row].indices]


def faded(rows: list[int]) -> float:
    return float(np.exp(-((DAY - WORKS.days[rows]) / 365) / 4).sum())


def test_the_share_of_ones_own_works_with_the_first_is_counted() -> None:
    shares = column(liked(7), "team_of_own_first")
    for each in (3, 11, 19):
        together = faded([row for row in done(each) if row in done(7)])
        assert shares[each] == pytest.approx(together / (faded(done(each)) + 0.5), rel=1e-4)
    assert shares[7] == 0


def test_works_where_most_of_the_team_met_count_most_and_nobody_meets_itself() -> None:
    party = WORKS.took_part[60].indices
    met = column(liked(*party[:3]), "team_met_most")
    others = [one for one in EVERYBODY if one not in party]
    assert met[party[3:]].size == 0 or met[party[3:]].min() >= met[others].max()
    alone = column(liked(int(party[0])), "team_met_most")
    assert alone[party[0]] == pytest.approx(0, abs=1e-5)
    assert alone[party[1]] > 0.3


def test_a_work_with_the_lead_counts_only_where_the_team_was_too() -> None:
    lead, team = WORKS.took_part[60].indices[:2]
    guess = Guess(EVERYBODY, liked(int(team)).odds, lead=int(lead))
    with_lead = column(guess, "team_with_lead")
    three = [row for row in done(int(team)) if row in done(int(lead))]
    for each in (one for one in EVERYBODY if one != team):
        assert with_lead[each] == pytest.approx(faded([row for row in three if row in done(int(each))]), abs=1e-3)
    assert not column(liked(int(team)), "team_with_lead").any()


def test_an_alike_work_with_the_team_counts_more_than_another() -> None:
    asked = toy.asked(WORKS, [60])  # known on that day, word for word
    alike = Comparing(Known(WORKS, DAY)).likeness(asked).together[0]
    assert alike[60 - WORKS.n_early] / MOST_ALIKE > 0.99
    party = WORKS.took_part[60].indices
    guess = Guess(EVERYBODY, liked(int(party[0])).odds, alike=alike)
    sharp = column(guess, "team_alike_sharp")
    assert sharp[party[1:]].min() > 3 * np.delete(sharp, party).max()


def test_whoever_stands_behind_somebody_alike_sees_a_place_taken() -> None:
    guess = Guess(EVERYBODY, np.linspace(2, -2, 25))
    country = WORKS.partners.country
    ahead = column(guess, "team_ahead_in_country")
    for each in EVERYBODY:
        before = [one for one in range(each) if country[one] == country[each]]
        assert ahead[each] == pytest.approx(guess.chances[before].sum(), abs=1e-5)


def test_the_order_of_candidates_does_not_matter() -> None:
    guess, order = Guess(EVERYBODY, np.linspace(2, -2, 25)), np.random.default_rng(1).permutation(25)
    team = Team(Known(WORKS, DAY))
    np.testing.assert_allclose(team.signals(guess.rows(order)), team.signals(guess)[order], rtol=1e-4, atol=1e-6)


def test_the_team_knows_nothing_of_later_works() -> None:
    later = toy.with_other_later(WORKS, DAY, seed=2)
    guess = Guess(EVERYBODY, np.linspace(2, -2, 25), lead=3)
    one, other = (Team(Known(each, DAY)).signals(guess) for each in (WORKS, later))
    np.testing.assert_array_equal(one, other)


def test_what_is_found_brings_its_lead_and_how_alike_known_works_are() -> None:
    each = next(found(WORKS, toy.asked(WORKS, [82]), day=DAY))
    assert each.lead == WORKS.leads[82]
    expected = Comparing(Known(WORKS, DAY)).likeness(toy.asked(WORKS, [82])).together[0]
    np.testing.assert_allclose(each.alike, expected, rtol=1e-5)

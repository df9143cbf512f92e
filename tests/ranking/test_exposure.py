"""What past rankings gave to each band, and what is given back."""

import math
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from matcher.ranking.exposure import (
    LEAST_RANKINGS,
    MOST_LIFT,
    PastRanking,
    Share,
    exposure,
    lifts,
    shares,
)
from matcher.ranking.order import FAIR, Fairness, Standing, ordered
from matcher.terms import Partner
from tests.ranking.bands import bands_of
from tests.ranking.networks import TODAY, firm

SMALL, LARGE = "1 to 10 people", "over 250 people"


def small(number: int) -> Partner:
    return firm(number, n_people=5)


def large(number: int) -> Partner:
    return firm(number, n_people=500, country="SE")


def lifted(past: list[PastRanking]) -> dict[str, float]:
    return lifts(shares(past), n_rankings=len(past))


def test_the_first_place_is_seen_in_full_and_the_eleventh_not_at_all() -> None:
    assert [exposure(place) for place in (1, 3, 10, 11, 0)] == [1, 0.5, pytest.approx(1 / math.log2(11)), 0, 0]


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (0, "here up to 90 days"),
        (90, "here up to 90 days"),
        (91, "here up to a year"),
        (366, "here 1 to 3 years"),
        (1096, "here over 3 years"),
    ],
)
def test_a_partner_belongs_to_a_size_a_country_and_an_age(days: int, name: str) -> None:
    partner = firm(2, n_people=11, joined_on=TODAY - timedelta(days=days))
    assert bands_of(partner, TODAY) == ("11 to 50 people", "in IE", name)


def test_who_joined_on_no_known_day_has_no_age() -> None:
    assert bands_of(firm(2, n_people=251, country=""), TODAY) == (LARGE, "in no country")


def test_a_ranking_counts_as_one_on_both_sides() -> None:
    one = PastRanking(TODAY, (small(1), small(2), small(3), large(4)), (large(4), small(1)))
    found = shares([one, one])
    first, second = 1 / (1 + exposure(2)), exposure(2) / (1 + exposure(2))
    assert found[SMALL] == Share(pytest.approx(1.5), pytest.approx(2 * second))
    assert found[LARGE].ratio == pytest.approx(first / 0.25)


def test_a_ranking_in_which_nobody_stood_counts_for_nothing() -> None:
    assert shares([PastRanking(TODAY, (small(1),), ()), PastRanking(TODAY, (), (small(1),))]) == {}


def test_places_behind_the_tenth_add_nothing() -> None:
    able = tuple(small(n) for n in range(1, 11)) + (large(11),)
    assert shares([PastRanking(TODAY, able, able)])[LARGE].shown == 0


def test_nothing_is_given_back_on_a_few_rankings() -> None:
    one = PastRanking(TODAY, (small(1), large(2)), (large(2),))
    assert lifted([one] * (LEAST_RANKINGS - 1)) == {}
    assert lifted([one] * LEAST_RANKINGS)[SMALL] > 0 > lifted([one] * LEAST_RANKINGS)[LARGE]


def test_no_band_is_moved_beyond_the_most() -> None:
    one = PastRanking(TODAY, (small(1), large(2)), (large(2),))
    assert lifted([one] * 5000)[SMALL] == MOST_LIFT
    assert lifted([one] * 5000)[LARGE] >= -MOST_LIFT


def test_who_gets_its_share_is_left_alone() -> None:
    past = [PastRanking(TODAY, (small(1), large(2)), (one,)) for one in (small(1), large(2))] * 20
    assert set(lifted(past).values()) == {0}


def test_a_head_start_of_large_firms_is_evened_out_where_both_are_equally_good() -> None:
    partners = [small(n) for n in range(1, 21)] + [large(n) for n in range(21, 31)]
    assert _after(partners, FAIR)[SMALL].ratio < 0.8
    assert all(0.8 <= one.ratio <= 1.25 for one in _after(partners, None).values())


def _after(partners: list[Partner], fixed: Fairness | None) -> dict[str, Share]:
    """Rank 300 times by quality anew each time, with more to show for the large."""
    chance, past = Random(1), list[PastRanking]()
    for number in range(300):
        if number % 5 == 0:
            fairness = fixed or replace(FAIR, lifts=lifted(past))
        scores = {one.id: chance.uniform(0.2, 0.6) + 0.15 * (one.n_people > 10) for one in partners}
        standings = [Standing(one.id, one, scores[one.id], False) for one in partners]
        day = date(2026, 9, 1) + timedelta(days=number // 5)
        order = tuple(one.partner for one in ordered(standings, fairness, day))
        past.append(PastRanking(day, tuple(partners), order))
    return shares(past)

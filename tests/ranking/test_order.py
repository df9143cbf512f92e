"""How scored partners come to stand in order: the cap on old ties, the places kept, the lifts, laws over all of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.order import (
    BY_SCORE_ONLY,
    FAIR,
    FIRST_PLACES,
    NEWCOMER_LEAST_SCORE,
    Fairness,
    Standing,
    is_new,
    is_small,
    ordered,
)
from tests.ranking import slow_order
from tests.ranking.networks import TODAY, firm, match_of, network_of, person, posted, ranked

LARGE = {"n_people": 400, "joined_on": date(2020, 1, 1)}
MOST_OLD_TIES = 2
NEWCOMER_PLACE = 10
SMALL_PLACE = 5


def standing(number: int, score: float, *, old_tie: bool = False, **facts: object) -> Standing:
    return Standing(number, firm(number, **(LARGE | facts)), score, old_tie)


def falling(n: int, **facts: object) -> list[Standing]:
    return [standing(number, 0.9 - number / 100, **facts) for number in range(1, n + 1)]  # type: ignore[arg-type]


def ids(order: list[Standing]) -> list[int]:
    return [one.partner.id for one in order]


def place_of(order: list[Standing], number: int) -> int:
    return ids(order).index(number) + 1


markets = st.lists(
    st.builds(
        lambda score, old_tie, n_people, days: (score, old_tie, n_people, days),
        st.integers(0, 40).map(lambda step: step / 40),
        st.booleans(),
        st.sampled_from([3, 10, 11, 60, 900]),
        st.integers(0, 2000),
    ),
    max_size=40,
).map(
    lambda rows: [
        standing(
            number,
            score,
            old_tie=old_tie,
            n_people=n_people,
            joined_on=TODAY - timedelta(days=days) if days < 1990 else None,
        )
        for number, (score, old_tie, n_people, days) in enumerate(rows, start=1)
    ]
)
lifted = st.dictionaries(
    st.sampled_from(["1 to 10 people", "over 250 people", "here up to 90 days", "here over 3 years", "in IE"]),
    st.floats(-1.5, 1.5),
).map(lambda lifts: replace(FAIR, lifts=lifts))


@given(markets, lifted)
def test_old_ties_take_two_of_the_first_five_places_as_long_as_others_are_left(
    market: list[Standing], fairness: Fairness
) -> None:
    first = ordered(market, fairness, TODAY)[:FIRST_PLACES]
    n_others = sum(not one.old_tie for one in market)
    assert sum(one.old_tie for one in first) <= max(MOST_OLD_TIES, FIRST_PLACES - n_others)


@given(markets, lifted, st.randoms(use_true_random=False))
def test_the_order_in_which_partners_come_in_changes_nothing(market, fairness, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(market)
    chance.shuffle(shuffled)
    assert ordered(shuffled, fairness, TODAY) == ordered(market, fairness, TODAY)


@given(markets, lifted)
def test_columns_give_the_order_that_partner_by_partner_gives(market: list[Standing], fairness: Fairness) -> None:
    assert ids(ordered(market, fairness, TODAY)) == ids(slow_order.ordered(market, fairness, TODAY))


@given(markets, lifted)
def test_everybody_stays_in_the_order_once(market: list[Standing], fairness: Fairness) -> None:
    assert sorted(ids(ordered(market, fairness, TODAY))) == ids(market)


@given(markets, lifted)
def test_a_newcomer_who_could_do_it_stands_among_the_first_ten(market: list[Standing], fairness: Fairness) -> None:
    able = [one for one in market if is_new(one.partner, TODAY) and one.score >= NEWCOMER_LEAST_SCORE]
    first = ordered(market, fairness, TODAY)[:NEWCOMER_PLACE]
    if any(not one.old_tie for one in able):
        assert any(is_new(one.partner, TODAY) for one in first)


@given(markets)
def test_without_rules_the_score_decides_and_then_the_id(market: list[Standing]) -> None:
    order = ordered(market, BY_SCORE_ONLY, TODAY)
    assert order == sorted(market, key=lambda one: (-one.score, one.partner.id))


def test_a_newcomer_gets_the_tenth_place_and_no_better_one() -> None:
    market = [*falling(20), standing(30, 0.3, joined_on=TODAY - timedelta(days=5))]
    assert place_of(ordered(market, FAIR, TODAY), 30) == NEWCOMER_PLACE


@pytest.mark.parametrize("days", [91, 400])
def test_nobody_is_new_after_ninety_days(days: int) -> None:
    market = [*falling(20), standing(30, 0.3, joined_on=TODAY - timedelta(days=days))]
    assert place_of(ordered(market, FAIR, TODAY), 30) == 21


def test_a_newcomer_who_could_hardly_do_it_waits() -> None:
    market = [*falling(20), standing(30, 0.01, joined_on=TODAY)]
    assert place_of(ordered(market, FAIR, TODAY), 30) == 21


def test_a_small_firm_half_as_good_gets_the_fifth_place() -> None:
    market = [*falling(20), standing(30, 0.5, n_people=4)]
    assert place_of(ordered(market, FAIR, TODAY), 30) == SMALL_PLACE


def test_a_small_firm_that_is_not_half_as_good_stays_where_it_is() -> None:
    market = [*falling(20), standing(30, 0.4, n_people=4)]
    assert place_of(ordered(market, FAIR, TODAY), 30) == 21


def test_no_place_is_kept_where_a_small_firm_stands_in_front_anyway() -> None:
    market = [*falling(20), standing(30, 0.5, n_people=4), standing(31, 0.95, n_people=10)]
    order = ordered(market, FAIR, TODAY)
    assert (place_of(order, 31), place_of(order, 30)) == (1, 22)


def test_a_small_old_tie_is_not_helped_past_the_cap() -> None:
    market = [*falling(2, old_tie=True), *(standing(n, 0.6, old_tie=False) for n in range(3, 20))]
    market.append(standing(30, 0.55, old_tie=True, n_people=4))
    order = ordered(market, FAIR, TODAY)
    assert sum(one.old_tie for one in order[:FIRST_PLACES]) == MOST_OLD_TIES


def test_a_band_that_was_shown_too_little_passes_one_that_is_hardly_better() -> None:
    market = [standing(1, 0.62), standing(2, 0.55, n_people=30)]
    fairness = replace(FAIR, lifts={"11 to 50 people": 0.5})
    assert ids(ordered(market, FAIR, TODAY)) == [1, 2]
    assert ids(ordered(market, fairness, TODAY)) == [2, 1]


def test_the_score_that_is_shown_stays_what_it_was() -> None:
    market = [standing(1, 0.62), standing(2, 0.55, n_people=30)]
    order = ordered(market, replace(FAIR, lifts={"11 to 50 people": 0.5}), TODAY)
    assert [one.score for one in order] == [0.55, 0.62]


def test_scores_of_nought_and_one_can_be_lifted() -> None:
    market = [standing(1, 1.0), standing(2, 0.0, n_people=30)]
    assert ids(ordered(market, replace(FAIR, lifts={"11 to 50 people": 1.5}), TODAY)) == [1, 2]


def test_every_newcomer_that_is_shown_says_so_and_nobody_else_does() -> None:
    words = "We move mailboxes from Notes."
    known = {firm(n, practices=("mail",), joined_on=date(2020, 1, 1)): words for n in range(2, 16)}
    new = {firm(n, practices=("mail",), joined_on=TODAY - timedelta(days=n)): "We move mailboxes." for n in (30, 31)}
    ranking = ranked(network_of(known | new, people=map(person, [*range(2, 16), 30, 31])), posted())
    labelled = {one.partner_id for one in ranking.matches if "new here" in [each.evidence for each in one.reasons]}
    assert labelled == {30, 31}
    assert match_of(ranking, 30).place == NEWCOMER_PLACE


def test_small_is_ten_people_or_fewer() -> None:
    assert is_small(firm(2, n_people=10))
    assert not is_small(firm(2, n_people=11))

"""Digests: who is told what today, how much at most, and never twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matcher.digest import MAX_OFFERS, MAX_PARTNERS, compose
from matcher.terms import Offer


def offer(opportunity_id: int, contact_id: int, score: float = 0.5) -> Offer:
    """Make an offer to the only contact of a partner."""
    return Offer(opportunity_id, opportunity_id * 1000 + contact_id, contact_id, contact_id, score, 1)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Offer], dict[int, int]]:
    """Draw a day's offers, each opportunity at most once per contact, and how many were asked before."""
    pairs = draw(st.sets(st.tuples(st.integers(1, 9), st.integers(1, 40)), max_size=200))
    scores = st.sampled_from([0.3, 0.5, 0.5, 0.7, 0.9])
    offers = [offer(*pair, draw(scores)) for pair in sorted(pairs)]
    asked = draw(st.dictionaries(st.integers(1, 9), st.integers(0, 30)))
    return draw(st.permutations(offers)), asked


def told(offers: list[Offer], asked: dict[int, int] | None = None) -> dict[int, list[int]]:
    """Compose and show each contact's opportunities in their order."""
    composed = compose(offers, already_asked=asked or {})
    return {each.contact_id: [one.opportunity_id for one in each.offers] for each in composed}


def test_a_contact_is_told_the_five_best_and_no_more() -> None:
    offers = [offer(number, 1, number / 10) for number in range(1, 8)]
    assert told(offers) == {1: [7, 6, 5, 4, 3]}


def test_an_opportunity_reaches_twenty_five_partners_over_its_whole_life() -> None:
    offers = [offer(1, contact, 1 - contact / 100) for contact in range(1, 41)]
    assert sorted(told(offers)) == list(range(1, 26))
    assert sorted(told(offers, {1: 20})) == [1, 2, 3, 4, 5]
    assert told(offers, {1: 25}) == {}


def test_equal_offers_go_by_opportunity_then_contact() -> None:
    offers = [offer(number, 1) for number in (6, 4, 2, 5, 3, 1)]
    assert told(offers) == {1: [1, 2, 3, 4, 5]}
    crowd = [offer(1, contact) for contact in range(30, 0, -1)]
    assert sorted(told(crowd)) == list(range(1, 26))


def test_a_partner_full_for_the_day_takes_no_place_from_another() -> None:
    busy = [offer(number, 1, 0.9) for number in range(1, 6)]
    assert told([*busy, offer(6, 1, 0.8), offer(6, 2, 0.4)], {6: 24}) == {1: [1, 2, 3, 4, 5], 2: [6]}


def test_whoever_waits_the_longest_is_told_before_the_better_and_the_best_still_get_their_part() -> None:
    crowd = [offer(1, contact, 0.9 - contact / 100) for contact in range(1, 41)]
    waiting = [40, 39, 38, 37, 36, 35, 34, 33, 32]
    told_of_it = {each.contact_id for each in compose(crowd, already_asked={}, waiting=waiting)}
    assert told_of_it == {*range(1, 18), *range(33, 41)}  # a third of the day's 25 places


def test_whoever_waits_is_told_of_one_thing_before_others_and_of_the_rest_as_everybody_is() -> None:
    full = {1: MAX_PARTNERS - 1, 2: MAX_PARTNERS - 1, **dict.fromkeys(range(3, 10), MAX_PARTNERS - 1)}
    offers = [offer(1, 7, 0.3), offer(2, 7, 0.3), offer(1, 8, 0.9), offer(2, 8, 0.8)]
    others = [offer(number, 9) for number in range(3, 11)]
    composed = compose([*offers, *others], already_asked=full, waiting=[7])
    assert {each.contact_id: {one.opportunity_id for one in each.offers} for each in composed[:2]} == {7: {2}, 8: {1}}


def test_who_waits_for_nothing_that_fits_changes_nothing() -> None:
    offers = [offer(number, contact, number / 10) for number in range(1, 8) for contact in (1, 2)]
    assert compose(offers, already_asked={}, waiting=[99, 98]) == compose(offers, already_asked={})


def test_a_day_without_offers_writes_to_nobody() -> None:
    assert compose([], already_asked={1: 3}) == ()


@given(days())
def test_no_letter_has_more_than_five_offers_and_none_is_empty(day: tuple[list[Offer], dict[int, int]]) -> None:
    assert all(1 <= len(each.offers) <= MAX_OFFERS for each in compose(day[0], already_asked=day[1]))


@given(days())
def test_nobody_is_told_of_an_opportunity_twice(day: tuple[list[Offer], dict[int, int]]) -> None:
    composed = compose(day[0], already_asked=day[1])
    contacts = [each.contact_id for each in composed]
    assert contacts == sorted(set(contacts))
    for each in composed:
        assert {one.contact_id for one in each.offers} == {each.contact_id}
        assert len({one.opportunity_id for one in each.offers}) == len(each.offers)


@given(days())
def test_no_opportunity_is_spread_wider_than_twenty_five_partners(day: tuple[list[Offer], dict[int, int]]) -> None:
    offers, asked = day
    spread = Counter(one.opportunity_id for each in compose(offers, already_asked=asked) for one in each.offers)
    assert all(n + asked.get(number, 0) <= max(MAX_PARTNERS, asked.get(number, 0)) for number, n in spread.items())


@given(days())
def test_each_letter_goes_from_the_best_offer_down(day: tuple[list[Offer], dict[int, int]]) -> None:
    for each in compose(day[0], already_asked=day[1]):
        scores = [one.score for one in each.offers]
        assert scores == sorted(scores, reverse=True)


@given(days(), st.randoms())
def test_the_order_in_which_offers_arrive_changes_nothing(day: tuple[list[Offer], dict[int, int]], random) -> None:  # type: ignore[no-untyped-def]
    offers, asked = day
    shuffled = list(offers)
    random.shuffle(shuffled)
    assert compose(shuffled, already_asked=asked) == compose(offers, already_asked=asked)


@given(days())
def test_whoever_is_not_told_was_full_or_the_opportunity_was(day: tuple[list[Offer], dict[int, int]]) -> None:
    offers, asked = day
    composed = compose(offers, already_asked=asked)
    given_to = {(one.contact_id, one.opportunity_id) for each in composed for one in each.offers}
    per_contact = Counter(contact for contact, _ in given_to)
    spread = Counter(number for _, number in given_to)
    for each in offers:
        if (each.contact_id, each.opportunity_id) not in given_to:
            full = spread[each.opportunity_id] + asked.get(each.opportunity_id, 0) >= MAX_PARTNERS
            assert full or per_contact[each.contact_id] == MAX_OFFERS

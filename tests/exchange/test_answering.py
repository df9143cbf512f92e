"""What a partner says to an offer, in every state that the introduction may be in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher import exchange
from matcher.introduction import SAYS
from tests import factories as make
from tests.exchange.conftest import Market, says
from tests.factories import NOW

AFTER = {
    "yes": {"asked": "accepted", "declined": "accepted", "lapsed": "accepted"},
    "no": {"asked": "declined", "accepted": "declined", "waitlisted": "declined"},
    "later": {},
    "ask": {},
}
GRANTED = {
    "yes": set(SAYS),  # where it stands already, it is said so kindly
    "no": {"asked", "accepted", "waitlisted", "declined"},
    "later": {"asked"},
    "ask": {"asked", "accepted", "waitlisted"},
}
EVERY = [(verb, state) for verb in AFTER for state in sorted(SAYS)]


@pytest.mark.parametrize(("verb", "state"), EVERY)
def test_an_answer_in_any_state_moves_it_or_says_why_not(market: Market, verb: str, state: str) -> None:
    row = market.asked[0]
    row.state = state
    market.session.flush()
    said = says(market, row, verb, "is there a VPN?")
    assert row.state == AFTER[verb].get(state, state)
    assert said.tone == ("done" if state in GRANTED[verb] else "closed")
    assert said.heading.endswith(".")
    if state not in GRANTED[verb]:
        assert SAYS[state] in said.heading


@pytest.mark.parametrize("verb", ["yes", "ask", "later"])
@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_an_answer_to_a_closed_opportunity_says_so_and_moves_nothing(market: Market, verb: str, state: str) -> None:
    market.row.state = state
    said = says(market, market.asked[0], verb, "is there a VPN?")
    assert (said.tone, said.heading) == ("closed", "“Move 380 mailboxes” is closed.")
    assert (market.asked[0].state, market.desk.letters()) == ("asked", [])


@pytest.mark.parametrize("verb", ["yes", "no", "later", "ask"])
@pytest.mark.parametrize("after", ["open", "withdrawn"])
def test_who_has_met_the_poster_is_sent_to_it_and_not_told_that_nothing_came_of_it(
    market: Market, verb: str, after: str
) -> None:
    market.asked[0].state, market.row.state = "introduced", after
    market.session.flush()
    said = says(market, market.asked[0], verb, "is there a VPN?")
    assert said.lines == ("You are introduced to Alder Systems: write to them directly.",)
    assert "closed" not in said.heading
    assert (market.asked[0].state, market.desk.letters()) == ("introduced", [])


def test_a_yes_is_told_to_the_poster_without_the_partners_name(market: Market) -> None:
    says(market, market.asked[0], "yes", "Two people are free. Anna Quay, Quay Systems, anna@quay.example")
    (letter,) = market.desk.letters()
    assert (letter.kind, letter.to_address, letter.refs) == (
        "interested", "anna@alder.example", [[1, market.asked[0].id]],
    )  # fmt: skip
    assert "Two people are free" in str(letter.values)
    assert "quay" not in str(letter.values).lower()


def test_a_yes_said_twice_is_passed_on_once(market: Market) -> None:
    says(market, market.asked[0], "yes")
    said = says(market, market.asked[0], "yes")
    assert "stands already" in said.heading
    assert len(market.desk.letters("interested")) == 1
    assert [each.what for each in market.asked[0].steps] == ["accepted"]


def test_partners_are_numbered_in_the_order_of_their_yes(market: Market) -> None:
    for row in reversed(market.asked):
        says(market, row, "yes")
    assert [each.number for each in market.asked] == [3, 2, 1]
    says(market, market.asked[1], "no")
    says(market, market.asked[1], "yes")
    assert market.asked[1].number == 2


def test_the_fourth_yes_within_three_hours_is_gathered(market: Market) -> None:
    rows = [*market.asked, *(make.asked(market.session, market.row, make.firm(market.session, k)) for k in "xy")]
    for row in rows:
        says(market, row, "yes")
    assert len(market.desk.letters("interested")) == 3
    later = NOW + timedelta(hours=3)
    assert exchange.tell_poster(market.session, market.row, now=later)
    assert [each[0] for each in market.desk.letters("interested")[-1].refs] == [1, 2, 3, 4, 5]
    assert not exchange.tell_poster(market.session, market.row, now=later)


def test_a_no_keeps_its_reason_and_bothers_nobody(market: Market) -> None:
    said = says(market, market.asked[0], "no", "no capacity before March")
    assert said.lines == ("Your reason helps us to send you better ones.",)
    assert [(each.what, each.words) for each in market.asked[0].steps] == [("declined", "no capacity before March")]
    assert market.desk.letters() == []


def test_the_last_day_lasts_until_it_is_over_where_the_reader_is(market: Market) -> None:
    row = market.asked[0]
    market.row.closes_on, row.contact.timezone = date(2027, 1, 6), "America/Los_Angeles"
    letter = make.digest(market.session, row.contact, row)
    half_past_four = datetime(2027, 1, 7, 0, 30, tzinfo=UTC)
    assert exchange.lapse(market.session, now=half_past_four) == 0
    market.desk.reply(letter, "1 yes", at=half_past_four)
    assert market.desk.answer("anna@quay.example").startswith("Your yes to")
    assert row.state == "accepted"


def test_a_friend_who_is_recommended_gets_no_mail_from_us(market: Market) -> None:
    said = says(market, market.asked[0], "refer", "friend@other.example")
    assert said.tone == "refused"
    assert market.desk.letters() == []


def test_a_yes_with_nothing_but_contact_data_counts_and_its_words_are_dropped(market: Market) -> None:
    said = says(market, market.asked[0], "yes", "Call me: +44 20 7946 0018")
    assert said.heading.startswith("Your yes")
    assert "1 phone number" in said.lines[1]
    assert market.desk.letters("interested")[0].values["partners"][0]["said"] == ""

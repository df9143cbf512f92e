"""An "ok" to a letter that says what was done and asks nothing takes note of it and is no yes."""

from datetime import timedelta

import pytest

from matcher import exchange
from matcher.store import introductions
from matcher.terms import Act
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

TAKES_NOTE = ("ok", "OK, thanks", "great", "yes", "sure, thank you", "ok\n\n--\nAnna, +353 1 555 0142")
AS_IT_WAS = "All stands as it was: our letter asked nothing."


@pytest.mark.parametrize("note", TAKES_NOTE)
@pytest.mark.parametrize(
    ("said", "state"), [("no: too far away", "declined"), ("later", "asked"), ("ask 1: is there a VPN?", "asked")]
)
def test_an_ok_to_what_was_noted_is_no_yes_to_the_offer(market: Market, said: str, state: str, note: str) -> None:
    row, desk = market.asked[0], market.desk
    desk.reply(make.digest(market.session, row.contact, row), said)
    for _ in range(2):
        desk.reply(desk.letters("answer")[-1], note)
        assert desk.answer(row.contact.email).startswith(AS_IT_WAS)
    assert (row.state, desk.letters("interested")) == (state, [])
    desk.reply(desk.letters("answer")[-1], "1 yes")
    assert row.state == "accepted"


@pytest.mark.parametrize("note", TAKES_NOTE)
@pytest.mark.parametrize(
    ("said", "state"),
    [("none", "waitlisted"), ("no 1", "waitlisted"), ("ask 1: free in May?", "accepted"), ("extend", "accepted")],
)
def test_an_ok_of_the_poster_shows_nobodys_name(market: Market, said: str, state: str, note: str) -> None:
    row, desk = market.asked[0], market.desk
    exchange.answer(market.session, row, Act("yes", 1), how="a test", now=NOW)
    desk.reply(desk.letters("interested")[0], said)
    desk.reply(desk.letters("answer")[-1], note)
    assert desk.answer("anna@alder.example") == f"{AS_IT_WAS} To meet number 1, reply: 1."
    assert (row.state, desk.letters("introduction")) == (state, [])
    desk.reply(desk.letters("answer")[-1], "1")
    assert row.state == "introduced"


def test_an_ok_to_the_answer_of_a_partner_chooses_it(market: Market) -> None:
    row, desk = market.asked[0], market.desk
    exchange.answer(market.session, row, Act("yes", 1), how="a test", now=NOW)
    desk.reply(desk.letters("interested")[0], "ask 1: free in May?")
    desk.reply(desk.letters("question")[0], "Yes, all of it.")
    desk.reply(desk.letters("answer", to="anna@alder.example")[-1], "yes please")
    assert row.state == "introduced"


def test_an_ok_after_an_answer_was_passed_on_is_not_passed_on(market: Market) -> None:
    desk = market.desk
    exchange.answer(market.session, market.asked[0], Act("ask", 1, "Is there a VPN?"), how="a test", now=NOW)
    desk.reply(desk.letters("question")[0], "Yes, there is one.")
    desk.reply(desk.letters("answer")[-1], "ok, thanks")
    assert [each.values["answer"] for each in desk.letters("answered")] == ["Yes, there is one."]
    desk.reply(desk.letters("answer")[-1], "And it is fast.")
    assert [each.values["answer"] for each in desk.letters("answered")][1:] == ["And it is fast."]


def test_an_ok_after_a_no_to_an_outcome_records_nothing(market: Market) -> None:
    row, desk, at = market.asked[0], market.desk, NOW + timedelta(days=20)
    row.state, row.number, row.introduced_at = "introduced", 1, NOW
    exchange.record_outcome(market.session, row, row.contact, result="won", revenue_eur=12000, now=at)
    desk.reply(desk.letters("confirm_outcome")[0], "no: it was 9000", at=at)
    desk.reply(desk.letters("answer", to="anna@alder.example")[-1], "ok", at=at)
    assert desk.answer("anna@alder.example").startswith(AS_IT_WAS)
    assert [each.state for each in introductions.outcomes(market.session, row.id)] == ["disputed"]
    desk.reply(desk.letters("confirm_outcome")[0], "ok", at=at)
    assert [each.state for each in introductions.outcomes(market.session, row.id)] == ["confirmed"] * 2


def test_words_with_a_yes_say_that_it_is_one(market: Market) -> None:
    row, desk = market.asked[0], market.desk
    desk.reply(make.digest(market.session, row.contact, row), "no: too far away")
    desk.reply(desk.letters("answer")[-1], "yes, we can do it after all")
    assert row.state == "accepted"

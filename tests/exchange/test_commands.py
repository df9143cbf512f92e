"""A command sent in place of an answer is done, and nobody on the other side reads it."""

import pytest

from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Market


def asked(market: Market, to: str) -> Letter:
    """Let one side ask the other something; return the letter that the other reads."""
    session, row = market.session, market.asked[0]
    market.desk.reply(make.digest(session, row.contact, row), "1 yes")
    if to == "poster":
        market.desk.reply(make.digest(session, row.contact, row), "ask 1: which version?")
    else:
        market.desk.reply(market.desk.letters("interested")[0], "ask 1: how many people?")
    return market.desk.letters("question")[0]


@pytest.mark.parametrize(
    ("words", "state", "says"),
    [
        ("close", "withdrawn", "is closed."),
        ("Close it, please.", "withdrawn", "is closed."),
        ("Hi,\n\nclose\n\nBest regards\nAnna Alder", "withdrawn", "is closed."),
        ("Bitte schließen", "withdrawn", "is closed."),
        ("extend", "open", "stays open until 30 January 2027"),
        ("Verlängern, danke", "open", "stays open until 30 January 2027"),
        ("stop", "open", "You get no more digests."),
        ("Cancel.", "open", "is that the answer?"),
        ("filled", "open", "is that the answer?"),
    ],
)
def test_a_posters_command_is_done_and_not_passed_on(market: Market, words: str, state: str, says: str) -> None:
    market.desk.reply(asked(market, "poster"), words)
    assert says in market.desk.answer("anna@alder.example")
    assert market.row.state == state
    assert market.desk.letters("answered") == []


@pytest.mark.parametrize(
    ("words", "says"),
    [("close", "Only the poster can"), ("extend", "Only the poster can"), ("stop", "You get no more digests.")],
)
def test_a_partners_command_ends_nothing_of_the_posters(market: Market, words: str, says: str) -> None:
    market.desk.reply(asked(market, "partner"), words)
    assert says in market.desk.answer("anna@quay.example")
    assert market.row.state == "open"
    assert all("answered your question" not in each.values["heading"] for each in market.desk.letters("answer"))


@pytest.mark.parametrize(
    "words",
    [
        "Close to the river, in Leeds.",
        "We close at six.",
        "Extend the old one, please, and add two disks.",
        "Stop the old server first.",
        "close\n\nThe data centre is in Leeds.",
        "Yes",
    ],
)
def test_an_answer_that_only_begins_like_a_command_is_passed_on(market: Market, words: str) -> None:
    market.desk.reply(asked(market, "poster"), words)
    assert market.row.state == "open"
    assert [each.values["answer"].split()[0] for each in market.desk.letters("answered")] == [words.split()[0]]

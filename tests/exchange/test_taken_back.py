"""A poster that chooses somebody whose yes was taken back reads just that, and meets the others."""

from matcher import exchange
from matcher.terms import Act
from tests.exchange.choice import SOON, interested, newest, states, takes_back
from tests.exchange.conftest import Market
from tests.factories import NOW


def test_who_took_its_yes_back_is_named_and_the_others_are_introduced(yes: Market) -> None:
    takes_back(yes, 0)
    verdict = yes.desk.reply(interested(yes, 0, 1, 2), "1 2")
    assert "You are introduced to Fjord Systems." in verdict
    assert states(yes) == ["declined", "introduced", "waitlisted"]
    assert "Number 1 has taken its yes back." in yes.desk.answer("anna@alder.example")


def test_a_yes_that_comes_back_is_told_again_and_can_be_chosen(market: Market) -> None:
    row, desk = market.asked[0], market.desk
    for verb in ("yes", "no"):
        exchange.answer(market.session, row, Act(verb, 1), how="a test", now=NOW)
    desk.reply(desk.letters("interested")[0], "1")
    assert "Number 1 has taken its yes back." in desk.answer("anna@alder.example")
    exchange.answer(market.session, row, Act("yes", 1, "We can after all."), how="a test", now=SOON)
    assert [each.values["partners"][0]["said"] for each in desk.letters("interested")] == ["", "We can after all."]
    desk.reply(newest(market), "1", at=SOON)
    assert row.state == "introduced"


def test_whoever_is_passed_over_after_each_yes_is_told_so_each_time(market: Market) -> None:
    row = market.asked[0]
    for _ in range(2):
        exchange.answer(market.session, row, Act("yes", 1), how="a test", now=NOW)
        market.desk.reply(newest(market), "none")
        exchange.answer(market.session, row, Act("no", 1), how="a test", now=NOW)
    assert len(market.desk.letters("waitlisted", to="anna@quay.example")) == 2


def test_when_all_that_were_chosen_took_their_yes_back_nothing_is_decided(yes: Market) -> None:
    takes_back(yes, 0, 2)
    yes.desk.reply(interested(yes, 0, 1, 2), "1 3")
    assert states(yes) == ["declined", "accepted", "declined"]
    answer = "Numbers 1 and 3 have taken their yes back. Waiting for your choice: 2. For example, reply: 2"
    assert yes.desk.answer("anna@alder.example") == answer


def test_the_only_one_took_its_yes_back(yes: Market) -> None:
    takes_back(yes, 0, 1, 2)
    yes.desk.reply(interested(yes, 1), "2")
    answer = "Number 2 has taken its yes back. Nobody else is waiting for your choice at the moment."
    assert yes.desk.answer("anna@alder.example") == answer


def test_whoever_met_the_poster_and_who_took_its_yes_back_are_told_apart(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [2], how="a mail reply", now=NOW)
    takes_back(yes, 0)
    said = exchange.choose(yes.session, yes.row, [1, 2], how="a mail reply", now=NOW)
    assert (said.heading, said.lines) == (
        "You were introduced to them already; nothing was sent twice.", ("Number 1 has taken its yes back.",),
    )  # fmt: skip


def test_nobody_new_is_introduced_once_it_is_closed(yes: Market) -> None:
    takes_back(yes, 0)
    letter = interested(yes, 0, 1, 2)
    exchange.withdraw(yes.session, yes.row, now=NOW)
    yes.desk.reply(letter, "1 2")
    assert states(yes) == ["declined", "lapsed", "lapsed"]
    assert yes.desk.answer("anna@alder.example") == "“Move 380 mailboxes” is closed, so nobody new is introduced."


def test_once_it_is_closed_nobody_is_said_to_have_taken_its_yes_back(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    exchange.withdraw(yes.session, yes.row, now=NOW)
    said = exchange.choose(yes.session, yes.row, [1, 2], how="a mail reply", now=NOW)
    assert (said.heading, said.lines) == (
        "You were introduced to them already; nothing was sent twice.",
        ("“Move 380 mailboxes” is closed, so nobody new is introduced.",),
    )


def test_only_numbers_of_the_letter_are_proposed_in_place_of_one_that_is_gone(gathered: Market) -> None:
    takes_back(gathered, 0)
    gathered.desk.reply(gathered.desk.letters("interested")[-1], "1", at=SOON)
    assert "Waiting for your choice: 2, 3." in gathered.desk.answer("anna@alder.example")

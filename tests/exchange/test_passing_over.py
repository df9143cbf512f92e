"""A choice or a "none" decides only about those that the poster has read of."""

from datetime import timedelta

import pytest

from matcher import exchange
from matcher.terms import Act
from tests import factories as make
from tests.exchange.choice import SOON, interested, newest, shown, states
from tests.exchange.conftest import Market
from tests.factories import NOW


def test_a_partner_passed_over_by_number_is_told_kindly(yes: Market) -> None:
    yes.desk.reply(interested(yes, 0, 1, 2), "no 2")
    assert states(yes) == ["accepted", "waitlisted", "accepted"]
    assert [each.to_address for each in yes.desk.letters("waitlisted")] == ["anna@fjord.example"]


def test_a_partner_is_passed_over_by_number_once(yes: Market) -> None:
    for _ in range(2):
        yes.desk.reply(interested(yes, 0, 1, 2), "no 2")
    assert len(yes.desk.letters("waitlisted")) == 1
    assert yes.desk.answer("anna@alder.example").startswith("Number 2 was passed over already")


def test_a_no_to_a_partner_that_has_met_the_poster_is_not_written_down(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    yes.desk.reply(interested(yes, 0, 1), "no 1")
    assert states(yes)[0] == "introduced"
    assert [each.what for each in yes.asked[0].steps] == ["introduced"]
    assert "this introduction has been made" in yes.desk.answer("anna@alder.example")


@pytest.mark.parametrize(("reply", "after"), [("1", "introduced"), ("none", "waitlisted")])
def test_whoever_the_poster_has_not_read_of_is_not_passed_over_and_told_of_next(
    gathered: Market, reply: str, after: str
) -> None:
    assert shown(newest(gathered)) == [1, 2, 3]
    gathered.desk.reply(newest(gathered), reply, at=SOON)
    assert states(gathered) == [after, "waitlisted", "waitlisted", "accepted"]
    assert "anna@late.example" not in {each.to_address for each in gathered.desk.letters("waitlisted")}
    assert exchange.tell_poster(gathered.session, gathered.row, now=SOON)
    assert shown(newest(gathered)) == [4]
    gathered.desk.reply(newest(gathered), "4", at=SOON)
    assert states(gathered)[3] == "introduced"


def test_none_says_that_another_one_waits(gathered: Market) -> None:
    gathered.desk.reply(newest(gathered), "none", at=SOON)
    assert "Number 4 said yes as well" in gathered.desk.answer("anna@alder.example")


def test_an_older_letter_decides_only_about_those_that_stand_in_it(gathered: Market) -> None:
    older = newest(gathered)
    assert exchange.tell_poster(gathered.session, gathered.row, now=NOW + timedelta(hours=4))
    gathered.desk.reply(older, "1", at=NOW + timedelta(hours=5))
    assert states(gathered) == ["introduced", "waitlisted", "waitlisted", "accepted"]
    gathered.desk.reply(older, "none", at=NOW + timedelta(hours=6))
    assert states(gathered)[3] == "accepted"
    answer = gathered.desk.answer("anna@alder.example")
    assert answer.startswith("Nobody that you were shown there is waiting for your choice. Number 4 said yes as well")


def test_the_answer_of_one_partner_decides_about_no_other(yes: Market) -> None:
    letter = make.letter(yes.session, "answer", yes.row.contact, [(2, yes.asked[1].id)], reply_as="interested")
    yes.desk.reply(letter, "2")
    assert states(yes) == ["accepted", "introduced", "accepted"]


def test_a_yes_that_was_given_anew_and_not_told_yet_is_not_passed_over(gathered: Market) -> None:
    letter = newest(gathered)
    for verb in ("no", "yes"):
        exchange.answer(gathered.session, gathered.asked[1], Act(verb, 1), how="a test", now=SOON)
    assert gathered.asked[1].told_at is None
    gathered.desk.reply(letter, "1", at=SOON)
    assert states(gathered) == ["introduced", "accepted", "waitlisted", "accepted"]


def test_what_the_poster_has_read_on_its_page_counts_as_told(gathered: Market) -> None:
    exchange.read_on_page(gathered.session, gathered.row, [1, 2, 3, 4], now=SOON)
    assert not exchange.tell_poster(gathered.session, gathered.row, now=NOW + timedelta(days=1))
    exchange.choose_none(gathered.session, gathered.row, shown=[1, 2, 3, 4], now=SOON)
    assert states(gathered) == ["waitlisted"] * 4


def test_whoever_the_poster_was_not_told_of_before_it_closed_reads_just_that(gathered: Market) -> None:
    gathered.desk.reply(newest(gathered), "close", at=SOON)
    assert states(gathered) == ["lapsed"] * 4
    unread = {each.to_address: each.values["unread"] for each in gathered.desk.letters("waitlisted")}
    assert unread == {f"anna@{firm}.example": firm == "late" for firm in ("quay", "fjord", "isar", "late")}

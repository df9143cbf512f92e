"""The poster's choice: one letter to each side, a kind word to the others, and nothing twice."""

import pytest

from matcher import exchange
from matcher.models import Consent
from tests.exchange.choice import interested, states
from tests.exchange.conftest import Market
from tests.factories import NOW


def test_a_choice_introduces_some_and_puts_the_others_on_the_waiting_list(yes: Market) -> None:
    said = exchange.choose(yes.session, yes.row, [3, 1], how="a mail reply", now=NOW)
    assert said.heading == "You are introduced to Quay Systems and Isar Systems."
    assert states(yes) == ["introduced", "waitlisted", "introduced"]
    letters = yes.desk.letters("introduction")
    assert sorted(each.to_address for each in letters) == [
        "anna@alder.example", "anna@alder.example", "anna@isar.example", "anna@quay.example",
    ]  # fmt: skip
    assert [each.to_address for each in yes.desk.letters("waitlisted")] == ["anna@fjord.example"]


def test_both_letters_of_an_introduction_name_the_other_side_and_the_terms(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    poster = yes.desk.letters("introduction", to="anna@alder.example")[0].values
    partner = yes.desk.letters("introduction", to="anna@quay.example")[0].values
    assert (poster["other"]["email"], partner["other"]["email"]) == ("anna@quay.example", "anna@alder.example")
    assert (poster["text"], partner["text"]) == ("", "Move our mail")
    assert {each["terms"]["fee"] for each in (poster, partner)} == {"Counterpart charges neither of you."}
    assert poster["call_at"] == partner["call_at"] == "2026-11-25T10:00:00+00:00"


def test_a_choice_is_noted_as_consent_of_both_sides(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    noted = {(each.contact_id, each.subject, each.how) for each in yes.session.query(Consent)}
    both = (yes.row.contact_id, yes.asked[0].contact_id)
    assert noted == {(each, "introduction", "a mail reply") for each in both}


@pytest.mark.parametrize("numbers", [[9], [1, 9], [0], [-1]])
def test_an_unknown_number_is_named_and_nobody_is_introduced(yes: Market, numbers: list[int]) -> None:
    said = exchange.choose(yes.session, yes.row, numbers, how="a mail reply", now=NOW)
    assert (said.tone, said.heading) == ("unclear", f"There is no partner with the number {numbers[-1]}.")
    assert said.lines == ("Waiting for your choice: 1, 2, 3. For example, reply: 1",)
    assert (states(yes), yes.desk.letters()) == (["accepted"] * 3, [])


def test_a_choice_of_nobody_is_asked_back(yes: Market) -> None:
    said = exchange.choose(yes.session, yes.row, [], how="the page", now=NOW)
    assert (said.tone, said.heading) == ("unclear", "Which partners would you like to meet?")


def test_a_choice_made_twice_sends_nothing_twice(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    n_letters = len(yes.desk.letters())
    said = exchange.choose(yes.session, yes.row, [1], how="the page", now=NOW)
    assert "introduced to them already" in said.heading
    assert len(yes.desk.letters()) == n_letters


def test_a_partner_on_the_waiting_list_can_still_be_chosen(yes: Market) -> None:
    exchange.choose(yes.session, yes.row, [1], how="a mail reply", now=NOW)
    exchange.choose(yes.session, yes.row, [2], how="a mail reply", now=NOW)
    assert states(yes) == ["introduced", "introduced", "waitlisted"]


def test_none_is_told_kindly_to_all_and_the_opportunity_stays_open(yes: Market) -> None:
    said = exchange.choose_none(yes.session, yes.row, now=NOW)
    assert (said.heading, yes.row.state) == ("Noted: none of these.", "open")
    assert (states(yes), len(yes.desk.letters("waitlisted"))) == (["waitlisted"] * 3, 3)
    assert exchange.choose_none(yes.session, yes.row, now=NOW).tone == "closed"


def test_whoever_has_not_answered_cannot_be_chosen(market: Market) -> None:
    said = exchange.choose(market.session, market.row, [1], how="a mail reply", now=NOW)
    assert (said.tone, said.heading) == ("closed", "Nobody is waiting for your choice at the moment.")
    assert states(market) == ["asked"] * 3


def test_a_question_to_a_number_that_the_letter_does_not_have_is_asked_back(yes: Market) -> None:
    verdict = yes.desk.reply(interested(yes, 1, 2), "ask 1: are you free in May?")
    assert "unclear" in verdict
    assert yes.desk.letters("question") == []
    assert "2, 3" in yes.desk.answer("anna@alder.example")


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("declined", "Number 1 has taken its yes back, so your question was not passed on."),
        (
            "introduced",
            "You are introduced to Quay Systems, so write to them directly: your question was not passed on.",
        ),
        ("closed", "You are introduced to Quay Systems, so write to them directly: your question was not passed on."),
        ("lapsed", "“Move 380 mailboxes” is closed, so your question was not passed on."),
    ],
)
def test_a_question_to_somebody_who_waits_no_longer_is_not_passed_on(yes: Market, state: str, answer: str) -> None:
    yes.asked[0].state = state
    if state == "lapsed":
        yes.row.state = "closed"
    yes.desk.reply(interested(yes, 0, 1), "ask 1: are you free in May?")
    assert (yes.desk.letters("question"), yes.asked[0].steps) == ([], [])
    assert yes.desk.answer("anna@alder.example").startswith(answer)


@pytest.mark.parametrize("state", ["accepted", "waitlisted"])
def test_a_question_to_somebody_who_waits_is_passed_on(yes: Market, state: str) -> None:
    yes.asked[0].state = state
    yes.desk.reply(interested(yes, 0, 1), "ask 1: are you free in May?")
    assert [each.to_address for each in yes.desk.letters("question")] == ["anna@quay.example"]


@pytest.mark.parametrize("text", ["2, what languages do they speak?", "2. Are they free in May?", "2\nAre they free?"])
def test_a_question_about_a_number_shows_no_names_and_passes_nobody_over(yes: Market, text: str) -> None:
    yes.desk.reply(interested(yes, 0, 1, 2), text)  # type: ignore[arg-type]
    assert states(yes) == ["accepted"] * 3
    assert yes.desk.letters("introduction") == yes.desk.letters("waitlisted") == []

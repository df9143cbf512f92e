"""The poster's choice: one letter to each side, a kind word to the others that it read of, and nothing twice."""

from datetime import timedelta

import pytest

from matcher import exchange
from matcher.models import Consent, Letter
from matcher.terms import Act
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW


@pytest.fixture
def yes(market: Market) -> Market:
    """Let all three partners have said yes."""
    for number, row in enumerate(market.asked, start=1):
        row.state, row.number, row.told_at = "accepted", number, NOW
    market.session.flush()
    return market


def states(market: Market) -> list[str]:
    return [each.state for each in market.asked]


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


def interested(market: Market, *rows: int) -> Letter:
    refs = [(market.asked[n].number or 0, market.asked[n].id) for n in rows]
    return make.letter(market.session, "interested", market.row.contact, refs)


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


def test_a_question_to_a_number_that_the_letter_does_not_have_is_asked_back(yes: Market) -> None:
    verdict = yes.desk.reply(interested(yes, 1, 2), "ask 1: are you free in May?")
    assert "unclear" in verdict
    assert yes.desk.letters("question") == []
    assert "2, 3" in yes.desk.answer("anna@alder.example")


@pytest.fixture
def gathered(market: Market) -> Market:
    """Let three partners have been put before the poster, and a fourth have said yes a few minutes later."""
    market.asked.append(make.asked(market.session, market.row, make.firm(market.session, "late")))
    for minute, row in enumerate(market.asked):
        exchange.answer(market.session, row, Act("yes", 1), how="a test", now=NOW + timedelta(minutes=minute))
    return market


def newest(market: Market) -> Letter:
    return market.desk.letters("interested")[-1]


def shown(letter: Letter) -> list[int]:
    return [each[0] for each in letter.refs]


SOON = NOW + timedelta(minutes=30)


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


def takes_back(market: Market, *rows: int) -> None:
    for each in rows:
        exchange.answer(market.session, market.asked[each], Act("no", 1), how="a test", now=NOW)


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

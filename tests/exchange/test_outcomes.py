"""What came of an introduction: told by one side, confirmed by the other, and open to a second thought."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.models import Collaboration, Contact, Introduction
from matcher.store import introductions, partners
from matcher.wording import Said, euros
from tests.exchange.conftest import Market
from tests.factories import NOW

LATER = NOW + timedelta(days=20)


def poster(market: Market) -> Contact:
    return market.row.contact


def partner(market: Market) -> Contact:
    return market.asked[0].contact


def reports(market: Market, by: Contact, result: str, revenue_eur: int = 0, at: int = 0) -> Said:
    return exchange.record_outcome(
        market.session, market.asked[0], by, result=result, revenue_eur=revenue_eur, now=LATER + timedelta(minutes=at)
    )


def agrees(market: Market, by: Contact, shown: tuple[str, str] | None = None, at: int = 0) -> Said:
    """Let one side agree to what it was shown: to what the other side reports now, unless something else is named."""
    row, now = market.asked[0], LATER + timedelta(minutes=at)
    there = [each for each in introductions.outcomes(market.session, row.id) if each.contact_id != by.id]
    seen = shown or next(((each.result, euros(each.revenue_eur)) for each in there), ("", ""))
    return exchange.confirm_outcome(market.session, row, by, shown=seen, now=now)


def edges(market: Market) -> list[tuple[int, int, str, int]]:
    rows = market.session.scalars(select(Collaboration).execution_options(populate_existing=True))
    return [(each.lead_id, each.partner_id, each.outcome, each.revenue_eur) for each in rows]


def told(market: Market) -> list[str]:
    return [each.state for each in introductions.outcomes(market.session, market.asked[0].id)]


def test_both_sides_are_asked_once_two_weeks_after_they_met(market: Market, met: Introduction) -> None:
    asked = [exchange.ask_for_outcomes(market.session, now=NOW + timedelta(days=n)) for n in (13, 15, 16)]
    assert asked == [0, 2, 0]
    names = {each.to_address: each.values["other"] for each in market.desk.letters("outcome")}
    assert names == {"anna@alder.example": "Quay Systems", "anna@quay.example": "Alder Systems"}


def test_a_report_is_put_before_the_other_side_and_makes_no_edge_yet(market: Market, met: Introduction) -> None:
    said = reports(market, partner(market), "won", 12000)
    assert said.lines == ("Alder Systems is asked to confirm it with one word.",)
    (letter,) = market.desk.letters("confirm_outcome")
    assert (letter.to_address, letter.values["revenue"]) == ("anna@alder.example", "€12,000")
    assert (edges(market), met.state, told(market)) == ([], "introduced", ["reported"])


def test_an_ok_of_the_other_side_makes_an_edge_and_closes_the_introduction(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    said = agrees(market, poster(market))
    assert said.heading == "Confirmed by both sides."
    assert edges(market) == [(market.row.partner_id, met.partner_id, "won", 12000)]
    assert (met.state, told(market)) == ("closed", ["confirmed", "confirmed"])
    sums = {each.to_address: (each.values["gave"], each.values["got"]) for each in market.desk.letters("recorded")}
    assert sums == {"anna@alder.example": ("€12,000", "€0"), "anna@quay.example": ("€0", "€12,000")}


def test_two_reports_that_agree_need_no_further_word(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    assert reports(market, poster(market), "won", 12100).heading == "Confirmed by both sides."
    assert edges(market)[0][3] == 12000


def test_two_reports_that_differ_are_put_before_the_other_side_again(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, poster(market), "won", 9000, at=1)
    assert edges(market) == []
    assert [each.to_address for each in market.desk.letters("confirm_outcome")] == [
        "anna@alder.example", "anna@quay.example",
    ]  # fmt: skip


def test_a_report_told_twice_is_put_before_the_other_side_once(market: Market, met: Introduction) -> None:
    said = [reports(market, partner(market), "won", 12000, at=minute) for minute in (0, 1)]
    assert said[1].heading == "That was noted already; nothing was sent twice."
    assert said[0].lines == said[1].lines
    assert len(market.desk.letters("confirm_outcome")) == 1
    assert [each.what for each in met.steps] == ["won"]


def test_whoever_insists_on_its_report_is_put_before_the_other_side_again(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, poster(market), "won", 9000, at=1)
    reports(market, partner(market), "won", 12000, at=2)
    exchange.dispute_outcome(market.session, met, poster(market), "no", now=LATER + timedelta(minutes=3))
    reports(market, partner(market), "won", 12000, at=4)
    assert [each.values["revenue"] for each in market.desk.letters("confirm_outcome", to="anna@alder.example")] == [
        "€12,000", "€12,000", "€12,000",
    ]  # fmt: skip


def test_nobody_confirms_a_report_of_its_own(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    said = agrees(market, partner(market))
    assert (said.tone, edges(market)) == ("closed", [])


def test_a_confirmation_said_twice_is_counted_once(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    for _ in range(2):
        said = agrees(market, poster(market))
    assert said.heading == "That is on record already, and both sides agree."
    assert (len(edges(market)), len(market.desk.letters("recorded"))) == (1, 2)
    assert "on record already" in reports(market, partner(market), "won", 12000).heading


def test_a_disputed_report_is_told_to_its_teller_and_makes_no_edge(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    said = exchange.dispute_outcome(market.session, met, poster(market), "it was 9000", now=LATER)
    assert said.heading == "Noted: you see it differently."
    (letter,) = market.desk.letters("answer")
    assert (letter.to_address, letter.values["quote"]) == ("anna@quay.example", "it was 9000")
    assert letter.values["quote_of"] == "Alder Systems wrote"
    assert (edges(market), told(market)) == ([], ["disputed"])
    assert exchange.dispute_outcome(market.session, met, poster(market), "again", now=LATER).tone == "closed"


def test_a_disputed_report_is_corrected_and_then_confirmed(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    exchange.dispute_outcome(market.session, met, poster(market), "it was 9000", now=LATER)
    market.desk.reply(market.desk.letters("answer")[-1], "won 9000", at=LATER + timedelta(minutes=1))
    market.desk.reply(market.desk.letters("confirm_outcome")[-1], "ok", at=LATER + timedelta(minutes=2))
    assert edges(market) == [(market.row.partner_id, met.partner_id, "won", 9000)]
    assert told(market) == ["confirmed", "confirmed"]


def test_a_no_to_a_sum_that_was_changed_since_disputes_nothing_and_asks_again(
    market: Market, met: Introduction
) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, partner(market), "won", 9000, at=1)
    market.desk.reply(market.desk.letters("confirm_outcome")[0], "no: it was 9000", at=LATER + timedelta(minutes=2))
    assert (told(market), market.desk.letters("answer")) == (["reported"], [])
    again = market.desk.letters("confirm_outcome")[-1]
    assert (again.to_address, again.values["revenue"]) == ("anna@alder.example", "€9,000")
    assert again.values["before"] == "won, worth €12,000"
    market.desk.reply(again, "no: it was 8000", at=LATER + timedelta(minutes=3))
    assert told(market) == ["disputed"]


def test_a_no_to_what_both_agreed_on_says_what_stands_and_how_to_change_it(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    letter = market.desk.letters("confirm_outcome")[0]
    market.desk.reply(letter, "ok", at=LATER)
    market.desk.reply(letter, "no: it was 9000", at=LATER)
    said = market.desk.answer("anna@alder.example")
    assert said.startswith("Both of you agreed on it already: won, worth €12,000. If that is not right, report what is")
    assert told(market) == ["confirmed", "confirmed"]


def test_whoever_disputed_may_think_again_and_confirm(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    exchange.dispute_outcome(market.session, met, poster(market), "hm", now=LATER)
    agrees(market, poster(market))
    assert told(market) == ["confirmed", "confirmed"]
    assert len(edges(market)) == 1


def test_a_confirmed_outcome_is_reopened_by_a_new_report_and_the_same_edge_changes(
    market: Market, met: Introduction
) -> None:
    reports(market, partner(market), "won", 12000)
    agrees(market, poster(market))
    reports(market, poster(market), "won", 15000, at=1)
    assert met.state == "introduced"
    assert edges(market)[0][3] == 12000
    agrees(market, partner(market), at=2)
    assert (edges(market)[0][3], len(edges(market)), met.state) == (15000, 1, "closed")


def test_a_side_that_stays_with_what_was_agreed_is_put_before_the_one_that_changed_it(
    market: Market, met: Introduction
) -> None:
    reports(market, partner(market), "won", 12000)
    agrees(market, poster(market))
    reports(market, poster(market), "won", 15000, at=1)
    said = reports(market, partner(market), "won", 12000, at=2)
    assert said.lines == ("Alder Systems is asked to confirm it with one word.",)
    letter = market.desk.letters("confirm_outcome")[-1]
    assert (letter.to_address, letter.values["revenue"]) == ("anna@alder.example", "€12,000")
    agrees(market, poster(market), at=3)
    assert (edges(market)[0][3], met.state, told(market)) == (12000, "closed", ["confirmed", "confirmed"])


def test_a_sum_that_comes_back_to_the_first_is_told_again(market: Market, met: Introduction) -> None:
    for minute, revenue in enumerate((12000, 9000, 12000)):
        reports(market, partner(market), "won", revenue, at=minute)
        agrees(market, poster(market), at=minute)
    assert len(market.desk.letters("recorded")) == 6


def test_an_ok_to_a_sum_that_was_changed_since_records_nothing_and_asks_again(
    market: Market, met: Introduction
) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, partner(market), "won", 120000, at=1)
    first = market.desk.letters("confirm_outcome")[0]
    verdict = market.desk.reply(first, "ok", at=LATER + timedelta(minutes=2))
    assert "Quay Systems now reports: won, worth €120,000." in verdict
    assert (edges(market), told(market), market.desk.letters("recorded")) == ([], ["reported"], [])
    again = market.desk.letters("confirm_outcome")[-1]
    assert (again.to_address, again.values["revenue"]) == ("anna@alder.example", "€120,000")
    assert again.values["before"] == "won, worth €12,000"
    assert market.desk.letters("answer") == []  # the letter says it
    market.desk.reply(again, "ok", at=LATER + timedelta(minutes=3))
    assert edges(market)[0][3] == 120000


def test_an_ok_to_a_result_that_was_changed_since_records_nothing(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, partner(market), "lost", at=1)
    said = agrees(market, poster(market), ("won", "€12,000"), at=2)
    assert (said.tone, said.heading) == ("unclear", "Quay Systems now reports: lost.")
    assert (edges(market), told(market)) == ([], ["reported"])


def test_an_ok_to_a_letter_that_asked_what_was_meant_is_an_ok_to_the_first_letters_sum(
    market: Market, met: Introduction
) -> None:
    reports(market, partner(market), "won", 12000)
    market.desk.reply(market.desk.letters("confirm_outcome")[0], "perhaps", at=LATER)
    (asked_back,) = market.desk.letters("answer")
    reports(market, partner(market), "won", 120000, at=1)
    market.desk.reply(asked_back, "ok", at=LATER + timedelta(minutes=2))
    assert edges(market) == []
    reports(market, partner(market), "won", 12000, at=3)
    market.desk.reply(asked_back, "ok", at=LATER + timedelta(minutes=4))
    assert edges(market)[0][3] == 12000


def test_an_ok_to_an_older_sum_than_both_agreed_on_says_what_stands(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "won", 12000)
    reports(market, partner(market), "won", 9000, at=1)
    agrees(market, poster(market), at=2)
    said = agrees(market, poster(market), ("won", "€12,000"), at=3)
    assert (said.tone, said.heading) == ("closed", "Both of you agreed on something else: won, worth €9,000.")
    assert (edges(market)[0][3], told(market)) == (9000, ["confirmed", "confirmed"])


def test_a_lost_project_is_an_edge_without_revenue(market: Market, met: Introduction) -> None:
    reports(market, partner(market), "lost")
    agrees(market, poster(market))
    assert edges(market) == [(market.row.partner_id, met.partner_id, "lost", 0)]
    assert market.session.scalars(select(Collaboration.ended_on)).one() == date(2026, 12, 13)


def test_a_lost_project_is_no_work_that_was_given_or_got(market: Market, met: Introduction) -> None:
    work = []
    for minute, (result, revenue) in enumerate([("lost", 0), ("won", 12000), ("lost", 0)]):
        reports(market, partner(market), result, revenue, at=minute)
        agrees(market, poster(market), at=minute)
        work.append(partners.confirmed_work(market.session, met.partner_id))
    assert work == [[], [(market.row.partner_id, met.partner_id, 12000)], []]


@pytest.mark.parametrize("state", ["asked", "accepted", "declined", "waitlisted", "lapsed"])
def test_there_is_no_outcome_before_an_introduction(market: Market, state: str) -> None:
    market.asked[0].state = state
    said = reports(market, partner(market), "won", 1)
    assert (said.tone, told(market)) == ("closed", [])
    assert "have not been introduced" in said.heading


def test_the_whole_outcome_goes_by_mail(market: Market, met: Introduction) -> None:
    exchange.ask_for_outcomes(market.session, now=LATER)
    asked = market.desk.letters("outcome", to="anna@quay.example")[0]
    market.desk.reply(asked, "we won", at=LATER)
    assert "for which amount" in market.desk.answer("anna@quay.example")
    market.desk.reply(asked, "won 12000", at=LATER)
    market.desk.reply(market.desk.letters("confirm_outcome")[0], "ok", at=LATER)
    assert edges(market) == [(market.row.partner_id, met.partner_id, "won", 12000)]

"""An automatic reply that does not say it is one answers nothing, changes nothing and is told how it was read."""

import pytest

from matcher import exchange
from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

QUAY, ALDER = "anna@quay.example", "anna@alder.example"
NO_ACCESS = "I'm off sick, no access to mail. For anything urgent call 1 555 0100."  # "no" stands in it
LATER = "I am out of the office until 30 November and will reply later."
HOLIDAY = "I am on holiday until Monday"
ABSENCES = pytest.mark.parametrize("said", [HOLIDAY, NO_ACCESS, LATER])
READ_SO = "We read your mail as an automatic reply, so nothing was changed."


@pytest.fixture
def digest(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


@ABSENCES
def test_an_absence_answers_no_offer_and_pauses_nobody(market: Market, digest: Letter, said: str) -> None:
    verdict = market.desk.reply(digest, said)
    row = market.asked[0]
    assert (row.state, row.remind_on, row.contact.paused_until, row.contact.digest) == ("asked", None, None, "daily")
    assert market.desk.answer(QUAY).startswith(READ_SO)
    assert verdict == f"digest: away → {READ_SO}"


def test_who_is_away_reads_how_to_pause_until_that_day(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, HOLIDAY)
    assert "Reply “pause until 30 November 2026”." in market.desk.answer(QUAY)
    market.desk.reply(market.desk.letters("answer")[0], "pause until 30 November 2026")
    assert market.asked[0].contact.paused_until is not None


def test_a_yes_to_that_answer_takes_note_of_it_and_answers_no_offer(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, HOLIDAY)
    market.desk.reply(market.desk.letters("answer")[0], "yes")
    assert market.asked[0].state == "asked"


def test_an_answer_beside_an_absence_counts(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "1 yes, but I'm on holiday until Monday")
    assert market.asked[0].state == "accepted"


@ABSENCES
def test_an_absence_is_not_passed_on_as_an_answer(market: Market, digest: Letter, said: str) -> None:
    market.desk.reply(digest, "ask 1: which version?")
    market.desk.reply(market.desk.letters("question")[0], said)
    assert market.desk.letters("answered") == []
    assert market.desk.answer(ALDER).startswith(READ_SO)
    assert "pause" not in market.desk.answer(ALDER)  # that letter takes no pause


@ABSENCES
def test_an_absence_passes_nobody_over(market: Market, digest: Letter, said: str) -> None:
    market.desk.reply(digest, "1 yes")
    market.desk.reply(market.desk.letters("interested")[0], said)
    assert (market.asked[0].state, market.row.state) == ("accepted", "open")


@ABSENCES
def test_an_absence_corrects_and_opens_no_posting(market: Market, said: str) -> None:
    row = make.opportunity(market.session, make.firm(market.session, "dock"), state="draft")
    before = (row.due_text, row.blind_text)
    market.desk.reply(make.letter(market.session, "confirm", row.contact, [(1, row.id)]), said)
    assert (row.state, row.due_text, row.blind_text) == ("draft", *before)
    assert market.desk.answer("anna@dock.example").startswith(READ_SO)


@pytest.mark.parametrize("said", [HOLIDAY, "I no longer work at Quay Nets. Please contact bob@quay.example."])
def test_an_absence_disputes_no_outcome(market: Market, said: str) -> None:
    row = market.asked[0]
    row.state, row.number, row.introduced_at = "introduced", 1, NOW
    market.session.flush()
    exchange.record_outcome(market.session, row, market.row.contact, result="won", revenue_eur=9_000, now=NOW)
    before = market.desk.letters(to=ALDER)
    market.desk.reply(market.desk.letters("confirm_outcome")[0], said)
    assert market.desk.letters(to=ALDER) == before
    assert market.desk.answer(QUAY).startswith(READ_SO)

"""Somebody wants no digests for a while: told in one sentence, skipped until then, and back by itself or by a word."""

from datetime import date, timedelta

import pytest

from matcher.exchange import remind
from matcher.models import Contact, Letter
from matcher.store import matches
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DAY, NOW

QUAY = "anna@quay.example"
BACK = date(2026, 12, 1)


@pytest.fixture
def digest(market: Market) -> Letter:
    return make.digest(market.session, market.asked[0].contact, market.asked[0])


def reader(market: Market) -> Contact:
    return market.asked[0].contact


def test_a_pause_until_a_day_is_told_in_one_sentence_and_ends_by_itself(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "pause until 1 December")
    assert market.desk.answer(QUAY) == (
        "No digest comes before 1 December 2026; from that day on they come again by themselves."
        " Sooner? Reply “resume” to any digest."
    )
    contact = reader(market)
    assert (contact.paused_until, contact.digest) == (BACK - timedelta(days=1), "daily")
    assert not make.reads(market.session, contact, on=BACK - timedelta(days=1))
    assert make.reads(market.session, contact, on=BACK)
    assert market.asked[0].state == "asked"


def test_the_night_counts_whom_it_skipped_for_a_pause(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "pause 2 weeks")
    assert [matches.n_paused(market.session, DAY + timedelta(days=n)) for n in (0, 13, 14)] == [1, 1, 0]


def test_resume_brings_them_back_sooner_and_as_often_as_before(market: Market, digest: Letter) -> None:
    reader(market).digest = "weekly"
    market.desk.reply(digest, "Please pause me until Monday, I'm on holiday")
    assert reader(market).paused_until == date(2026, 11, 29)
    market.desk.reply(digest, "resume")
    assert (reader(market).paused_until, reader(market).digest) == (None, "weekly")
    assert "Welcome back." in market.desk.answer(QUAY)
    market.desk.reply(digest, "resume")
    assert "Your digests are not paused." in market.desk.answer(QUAY)


def test_a_plain_pause_holds_until_resume(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "pause")
    assert reader(market).digest == "paused"
    assert "until you reply “resume”" in market.desk.answer(QUAY)
    market.desk.reply(digest, "resume")
    assert reader(market).digest == "daily"


@pytest.mark.parametrize("often", ["daily", "weekly"])
def test_resume_after_a_plain_pause_brings_them_as_they_were_chosen(market: Market, digest: Letter, often: str) -> None:
    reader(market).digest = often
    for said in ("pause", "pause", "resume"):  # the second pause finds nothing to remember
        market.desk.reply(digest, said)
    assert reader(market).digest == often
    assert {"daily": "every working day", "weekly": "on Mondays"}[often] in market.desk.answer(QUAY)


def test_resume_puts_a_paused_firm_back(market: Market, digest: Letter) -> None:
    reader(market).partner.state = "paused"
    market.desk.reply(digest, "resume")
    assert reader(market).partner.state == "live"


@pytest.mark.parametrize("said", ["pause until after the move", "pause until 22 November 2026", "pause 60 weeks"])
def test_a_day_that_cannot_be_is_asked_about(market: Market, digest: Letter, said: str) -> None:
    market.desk.reply(digest, said)
    assert reader(market).paused_until is None
    assert market.desk.answer(QUAY).startswith(("Until which day?", "That is more than a year"))


def test_an_autoresponder_pauses_nothing(market: Market, digest: Letter) -> None:
    to = make.reply_address(digest)
    said = make.mail(QUAY, to, "I'm on holiday until Monday")
    automatic = b"Auto-Submitted: auto-replied\n" + said
    by_subject = make.mail(QUAY, to, "I'm on holiday until Monday", subject="Out of office: 1 project for you")
    for raw in (automatic, by_subject):
        market.desk.arrives(raw, to)
    assert reader(market).paused_until is None
    assert market.desk.letters("answer") == []


def test_a_stranger_pauses_nobody(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "pause until 1 December", sender="eve@elsewhere.example")
    assert reader(market).paused_until is None


def test_a_poster_that_writes_pause_about_its_posting_pauses_no_digest(market: Market) -> None:
    market.asked[0].state = "accepted"
    told = make.letter(market.session, "interested", market.row.contact, [(1, market.asked[0].id)])
    market.desk.reply(told, "pause until 1 December")
    assert market.row.contact.paused_until is None


def test_a_reminder_waits_until_the_pause_is_over(market: Market, digest: Letter) -> None:
    market.desk.reply(digest, "1 later")
    market.desk.reply(digest, "pause until 7 December")
    for days, n in ((7, 0), (14, 1)):
        assert remind(market.session, now=NOW + timedelta(days=days)) == n


def test_a_live_letter_takes_a_pause_too(desk: Desk) -> None:
    quay = make.firm(desk.session, "quay")
    desk.reply(make.letter(desk.session, "live", quay, [(1, quay.id)]), "pause until 1 December")
    assert quay.paused_until == BACK - timedelta(days=1)

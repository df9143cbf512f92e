"""A report that the other side leaves unanswered is put before it once more, and never again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from matcher import exchange
from matcher.models import Introduction, Letter, Outcome
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

ANNA = "anna@quay.example"
HOURS = [NOW + timedelta(hours=n) for n in range(24 * 100)]
AGAIN = datetime(2026, 11, 30, 7, tzinfo=UTC)  # a Monday, a week after


@pytest.fixture
def met(market: Market) -> Introduction:
    row = market.asked[0]
    row.state, row.number, row.introduced_at = "introduced", 1, NOW - timedelta(days=20)
    market.session.flush()
    tell(market, row, 12_000)
    return row


def tell(market: Market, row: Introduction, revenue_eur: int, *, at: datetime = NOW) -> None:
    by = market.row.contact
    exchange.record_outcome(market.session, row, by, result="won", revenue_eur=revenue_eur, now=at)


def asked_at(market: Market) -> list[datetime]:
    return [each for each in HOURS if exchange.ask_once_more(market.session, now=each)]


def test_who_does_not_answer_is_asked_once_more_a_week_later_and_may_still_say_ok(
    market: Market, met: Introduction
) -> None:
    assert asked_at(market) == [AGAIN]
    first, again = market.desk.letters("confirm_outcome", to=ANNA)
    assert again.values == {**first.values, "asked_on": "23 November 2026"}
    market.desk.reply(again, "ok", at=AGAIN)
    assert met.state == "closed"


def test_what_is_reported_anew_is_asked_about_once_more_for_itself(market: Market, met: Introduction) -> None:
    tell(market, met, 9_000, at=AGAIN - timedelta(days=1))
    assert asked_at(market) == [AGAIN + timedelta(days=7)]
    assert [each.values["revenue"] for each in market.desk.letters("confirm_outcome")] == [
        "€12,000",
        "€9,000",
        "€9,000",
    ]


@pytest.mark.parametrize("words", ["ok", "no: it was 9000", "won 9000"])
def test_who_has_answered_is_not_asked_again(market: Market, met: Introduction, words: str) -> None:
    market.desk.reply(market.desk.letters("confirm_outcome", to=ANNA)[0], words)
    asked_at(market)
    assert len(market.desk.letters("confirm_outcome", to=ANNA)) == 1


def test_who_stopped_is_not_asked_again(market: Market, met: Introduction) -> None:
    exchange.unsubscribe(market.session, met.contact, how="one click", now=NOW)
    assert asked_at(market) == []


def test_two_workers_at_one_moment_ask_once(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        make.competencies(session)
        row = make.opportunity(session, make.firm(session, "alder"))
        met = make.asked(session, row, make.firm(session, "quay"), state="introduced")
        exchange.record_outcome(session, met, row.contact, result="won", revenue_eur=9_000, now=NOW)
    together = Barrier(2)

    def ask() -> int:
        with Session(engine) as session, session.begin():
            session.scalars(select(Outcome)).all()
            together.wait(timeout=20)
            return exchange.ask_once_more(session, now=AGAIN)

    with ThreadPoolExecutor(2) as workers:
        assert sorted(each.result() for each in [workers.submit(ask) for _ in range(2)]) == [0, 1]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Letter.id))) == 2

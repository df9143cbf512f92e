"""The end of an opportunity: announced once, told once, and nobody who said yes or asked something waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import exchange, wording
from matcher.models import Letter, Opportunity
from matcher.store import letters
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

LAST = date(2026, 12, 31)  # of the market's opportunity: a Thursday
MONDAY = datetime(2026, 12, 28, 9, tzinfo=UTC)  # three working days before
OVER = datetime(2027, 1, 1, 12, tzinfo=UTC)  # everywhere


def yes(market: Market, n_partners: int) -> None:
    for number, row in enumerate(market.asked[:n_partners], start=1):
        row.state, row.number, row.told_at = "accepted", number, NOW
    market.session.flush()


def notices(market: Market) -> list[Letter]:
    return market.desk.letters("ending")


def test_a_poster_is_told_once_and_at_its_hour_that_its_opportunity_ends(market: Market) -> None:
    yes(market, 2)
    hours = [MONDAY + timedelta(hours=n) for n in range(-72, 96)]
    assert [each for each in hours if exchange.give_notice(market.session, now=each)] == [MONDAY.replace(hour=7)]
    (letter,) = notices(market)
    assert letter.to_address == "anna@alder.example"
    assert letter.values["closes"] == "31 December 2026"
    assert letter.values["partners"] == [{"number": n, "who": "A firm in Ireland"} for n in (1, 2)]
    assert "Quay" not in str(letter.values)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (date(2026, 12, 27), "Wednesday 23"),  # a Sunday
        (date(2026, 12, 28), "Wednesday 23"),
        (date(2026, 11, 24), "Tuesday 24"),  # opened the day before
    ],
)
def test_notice_is_given_three_working_days_before_and_not_on_the_day_it_opened(
    market: Market, last: date, told: str
) -> None:
    market.row.closes_on, market.row.opened_at = last, NOW
    hours = [NOW + timedelta(hours=n) for n in range(24 * 40)]
    (at,) = [each for each in hours if exchange.give_notice(market.session, now=each)]
    assert f"{at:%A} {at.day}" == told


def test_a_later_end_is_announced_as_well(market: Market) -> None:
    assert exchange.give_notice(market.session, now=MONDAY) == 1
    market.desk.reply(notices(market)[0], "extend", at=MONDAY)
    assert market.row.closes_on == date(2027, 1, 30)
    assert exchange.give_notice(market.session, now=MONDAY + timedelta(hours=1)) == 0
    assert exchange.give_notice(market.session, now=datetime(2027, 1, 27, 9, tzinfo=UTC)) == 1


@pytest.mark.parametrize(("words", "state"), [("extend", "open"), ("close", "withdrawn"), ("1", "open")])
@pytest.mark.parametrize("n_yes", [0, 1])
def test_a_notice_takes_the_replies_that_it_names(market: Market, words: str, state: str, n_yes: int) -> None:
    yes(market, n_yes)
    exchange.give_notice(market.session, now=MONDAY)
    market.desk.reply(notices(market)[0], words, at=MONDAY)
    assert market.row.state == state
    assert (market.asked[0].state == "introduced") is (words == "1" and n_yes == 1)


def test_who_has_met_somebody_and_leaves_nobody_waiting_hears_nothing(market: Market) -> None:
    yes(market, 2)
    exchange.choose(market.session, market.row, [1], how="a mail reply", now=NOW)
    assert exchange.give_notice(market.session, now=MONDAY) == 0
    assert exchange.lapse(market.session, now=OVER) == 1
    assert (notices(market), market.desk.letters("ended")) == ([], [])


def test_a_question_that_waits_is_told_of(market: Market) -> None:
    market.desk.reply(make.digest(market.session, market.asked[0].contact, market.asked[0]), "ask 1: which version?")
    exchange.give_notice(market.session, now=MONDAY)
    assert [each.values["n_questions"] for each in notices(market)] == [1]


def test_who_stopped_gets_neither_word(market: Market) -> None:
    exchange.unsubscribe(market.session, market.row.contact, how="one click", now=NOW)
    exchange.give_notice(market.session, now=MONDAY)
    exchange.lapse(market.session, now=OVER)
    rows = [*notices(market), *market.desk.letters("ended")]
    held = letters.held_back(market.session, rows, now=OVER)
    assert [held[each.id] for each in rows] == ["unsubscribed", "unsubscribed"]


def test_the_end_is_told_to_the_poster_and_to_each_who_waited(market: Market) -> None:
    yes(market, 2)
    market.asked[1].state = "waitlisted"
    market.desk.reply(make.digest(market.session, market.asked[2].contact, market.asked[2]), "ask 1: which version?")
    assert [exchange.lapse(market.session, now=OVER + timedelta(hours=n)) for n in range(3)] == [1, 0, 0]
    (told,) = market.desk.letters("ended")
    assert told.values["partners"] == [{"number": 1, "who": "A firm in Ireland"}]
    why = {each.to_address: each.values for each in market.desk.letters("waitlisted")}
    assert (why["anna@quay.example"]["lapsed"], why["anna@quay.example"]["question"]) == (True, False)
    assert (why["anna@fjord.example"]["lapsed"], why["anna@fjord.example"]["over"]) == (False, True)
    assert why["anna@isar.example"]["question"]
    market.desk.reply(told, "1", at=OVER)
    assert "is closed, so nobody new is introduced" in market.desk.answer("anna@alder.example")


def test_who_was_asked_and_is_silent_hears_nothing_of_the_end(market: Market) -> None:
    exchange.lapse(market.session, now=OVER)
    assert market.desk.letters("waitlisted") == []
    assert {each.state for each in market.asked} == {"lapsed"}


def test_two_workers_at_one_moment_say_each_thing_once(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        make.competencies(session)
        row = make.opportunity(session, make.firm(session, "alder"))
        make.asked(session, row, make.firm(session, "quay"), state="accepted", told_at=NOW)
    together = Barrier(2)

    def both(at: datetime, verb: str) -> int:
        with Session(engine) as session, session.begin():
            session.scalars(select(Opportunity)).all()
            together.wait(timeout=20)
            return int(getattr(exchange, verb)(session, now=at))

    with ThreadPoolExecutor(2) as workers:
        for verb, at in (("give_notice", MONDAY), ("lapse", OVER)):
            assert sorted(workers.map(both, [at, at], [verb, verb])) == [0, 1]
    with Session(engine) as session:
        assert sorted(session.scalars(select(Letter.kind))) == ["ended", "ending", "waitlisted"]


def test_who_extends_past_the_day_it_is_due_is_told_what_partners_read(market: Market) -> None:
    market.row.due_on, market.row.due_text = LAST, "by the end of the year"
    said = exchange.extend(market.session, market.row, now=MONDAY)
    assert said.lines == (
        "Partners read that it is due on 31 December 2026 until that day is over, then “on a day to be agreed”.",
    )
    assert exchange.forget_past_days(market.session, now=datetime(2026, 12, 31, 23, tzinfo=UTC)) == 0
    assert wording.offer(market.asked[0], 1)["due"] == "31 December 2026"
    hours = [datetime(2027, 1, 1, n, tzinfo=UTC) for n in range(3)]
    assert [exchange.forget_past_days(market.session, now=each) for each in hours] == [1, 0, 0]
    assert wording.offer(market.asked[0], 1)["due"] == "on a day to be agreed"
    assert exchange.extend(market.session, market.row, now=hours[0]).lines == ()


def test_who_extends_up_to_the_day_it_is_due_hears_nothing_of_it(market: Market) -> None:
    market.row.due_on = date(2027, 2, 15)
    assert exchange.extend(market.session, market.row, now=MONDAY).lines == ()

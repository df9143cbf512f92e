"""What "later" brings: one letter on a working day of its reader, at its hour, and no promise that is not kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher import exchange, wording
from matcher.models import Introduction
from matcher.store.habits import last_working_day, next_working_day
from matcher.terms import Act
from matcher.wording import Said
from tests.exchange.conftest import Market
from tests.factories import NOW


def later(market: Market, row: Introduction, at: datetime = NOW) -> Said:
    return exchange.answer(market.session, row, Act("later", 1), how="a mail reply", now=at)


def test_a_weekend_belongs_to_the_monday_after_it_or_the_friday_before() -> None:
    days = [date(2026, 11, day) for day in range(27, 31)]
    assert [next_working_day(each).day for each in days] == [27, 30, 30, 30]
    assert [last_working_day(each).day for each in days] == [27, 27, 27, 30]


@pytest.mark.parametrize(
    ("closes_on", "day"),
    [
        (date(2026, 12, 31), "Monday 30"),  # the fifth day is a Saturday
        (None, "Monday 30"),
        (date(2026, 11, 29), "Friday 27"),  # a Sunday
        (date(2026, 11, 25), "Wednesday 25"),
    ],
)
def test_later_is_remembered_on_a_working_day_before_it_closes(
    market: Market, closes_on: date | None, day: str
) -> None:
    row = market.asked[0]
    market.row.closes_on = closes_on
    said = later(market, row)
    assert row.remind_on
    assert f"{row.remind_on:%A} {row.remind_on.day}" == day
    assert said.heading == f"We will remind you of “Move 380 mailboxes” on {wording.day(row.remind_on)}."


def test_later_is_counted_from_the_readers_own_day(market: Market) -> None:
    row = market.asked[0]
    row.contact.timezone = "America/Los_Angeles"
    evening = datetime(2026, 11, 26, 2, tzinfo=UTC)  # Wednesday the 25th there
    later(market, row, at=evening)
    assert row.remind_on == date(2026, 11, 30)


@pytest.mark.parametrize(("zone", "closes_on"), [("UTC", NOW.date()), ("Asia/Tokyo", NOW.date())])
def test_where_it_closes_before_a_reminder_would_come_none_is_promised(
    market: Market, zone: str, closes_on: date
) -> None:
    row = market.asked[0]
    market.row.closes_on, row.contact.timezone = closes_on, zone
    said = later(market, row)
    assert said.heading == "“Move 380 mailboxes” closes on 23 November 2026, before a reminder would come."
    assert said.tone == "closed"
    assert (row.remind_on, row.steps) == (None, [])
    assert exchange.remind(market.session, now=NOW + timedelta(days=1)) == 0


def test_where_digests_are_stopped_no_reminder_is_promised(market: Market) -> None:
    row = market.asked[0]
    exchange.unsubscribe(market.session, row.contact, how="one click", now=NOW)
    said = later(market, row)
    assert (said.heading, said.tone) == ("Your digests are stopped, and reminders with them.", "closed")
    assert (row.remind_on, row.steps) == (None, [])
    exchange.set_digest(market.session, row.contact, digest="daily", hour=7, how="the page", now=NOW)
    assert later(market, row).tone == "done"


def test_later_brings_one_letter_on_its_day(market: Market) -> None:
    later(market, market.asked[0])
    days = [NOW + timedelta(days=n) for n in (4, 5, 6, 7, 8)]
    assert [exchange.remind(market.session, now=each) for each in days] == [0, 0, 0, 1, 0]
    assert [each.to_address for each in market.desk.letters("reminder")] == ["anna@quay.example"]


@pytest.mark.parametrize(
    ("zone", "hour", "at"),  # the hour of the reader, and when it is first reminded
    [
        ("Europe/Berlin", 7, datetime(2026, 11, 30, 6, 5, tzinfo=UTC)),
        ("Europe/Berlin", 22, datetime(2026, 11, 30, 21, 5, tzinfo=UTC)),
        ("Pacific/Auckland", 8, datetime(2026, 11, 29, 19, 5, tzinfo=UTC)),
        ("America/Los_Angeles", 7, datetime(2026, 11, 30, 15, 5, tzinfo=UTC)),
    ],
)
def test_a_reminder_comes_at_its_readers_hour(market: Market, zone: str, hour: int, at: datetime) -> None:
    row = market.asked[0]
    row.contact.timezone, row.contact.digest_hour = zone, hour
    later(market, row)
    assert row.remind_on == date(2026, 11, 30)
    hours = [at + timedelta(hours=n) for n in range(-72, 3)]
    assert [each for each in hours if exchange.remind(market.session, now=each)] == [at]


def test_a_reminder_that_is_late_waits_for_the_next_working_morning(market: Market) -> None:
    row = market.asked[0]
    row.remind_on = date(2026, 11, 27)
    friday_evening, saturday, monday_night, monday = (
        datetime(2026, 11, day, hour, 5, tzinfo=UTC) for day, hour in ((27, 20), (28, 9), (30, 6), (30, 7))
    )
    moments = (friday_evening, saturday, monday_night, monday)
    assert [exchange.remind(market.session, now=each) for each in moments] == [0, 0, 0, 1]


def test_nobody_is_reminded_of_what_closed_where_he_is(market: Market) -> None:
    row = market.asked[0]
    row.remind_on = market.row.closes_on = date(2026, 11, 26)
    assert exchange.remind(market.session, now=datetime(2026, 11, 27, 9, tzinfo=UTC)) == 0
    assert market.row.state == "open"


def test_later_brings_nothing_once_the_opportunity_is_closed(market: Market) -> None:
    later(market, market.asked[0])
    market.row.state = "closed"
    assert exchange.remind(market.session, now=NOW + timedelta(days=7)) == 0


@pytest.mark.parametrize("ends", ["withdraw", "lapse"])
def test_who_said_later_is_told_when_it_closes_before_the_reminder(market: Market, ends: str) -> None:
    session = market.session
    later(market, market.asked[0])
    later(market, market.asked[1])
    exchange.unsubscribe(session, market.asked[1].contact, how="one click", now=NOW)  # and reminders with digests
    if ends == "withdraw":
        exchange.withdraw(session, market.row, now=NOW)
    else:
        market.asked[0].contact.paused_until = date(2027, 2, 1)  # so that the reminder waited
        exchange.remind(session, now=datetime(2027, 1, 1, 8, tzinfo=UTC))
        exchange.lapse(session, now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    (told,) = market.desk.letters("waitlisted")
    assert (told.to_address, told.values["later"], told.values["question"]) == ("anna@quay.example", True, False)


def test_who_was_reminded_and_is_silent_hears_nothing_of_the_end(market: Market) -> None:
    later(market, market.asked[0])
    assert exchange.remind(market.session, now=NOW + timedelta(days=7)) == 1
    exchange.withdraw(market.session, market.row, now=NOW + timedelta(days=8))
    assert market.desk.letters("waitlisted") == []


def test_a_reminder_waits_while_digests_are_paused_until_further_notice(market: Market) -> None:
    row = market.asked[0]
    later(market, row)
    row.contact.digest = "paused"
    assert exchange.remind(market.session, now=NOW + timedelta(days=7)) == 0
    row.contact.digest = "daily"
    assert exchange.remind(market.session, now=NOW + timedelta(days=7)) == 1

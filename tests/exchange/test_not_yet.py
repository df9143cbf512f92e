"""What "not yet" brings: the question again, a month later and twice at most, and only to the side that said it."""

from datetime import UTC, datetime, timedelta

from matcher import exchange
from matcher.models import Introduction, Letter
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW

ANNA = "anna@quay.example"
DAYS = range(13, 400)


def on(day: int) -> datetime:
    return NOW + timedelta(days=day)


def asks(market: Market, *days: int) -> list[int]:
    return [exchange.ask_for_outcomes(market.session, now=on(day)) for day in days]


def questions(market: Market, to: str = ANNA) -> list[Letter]:
    return market.desk.letters("outcome", to=to)


def not_yet(market: Market, letter: Letter, *, day: int) -> str:
    market.desk.reply(letter, "not yet", at=on(day))
    return market.desk.answer(letter.to_address)


def test_whoever_says_not_yet_is_asked_again_a_month_later(market: Market, met: Introduction) -> None:
    assert asks(market, 15) == [2]
    said = not_yet(market, questions(market)[0], day=16)
    assert said.startswith("No hurry. We ask you again on 8 January 2027.")
    assert asks(market, 30, 45, 46, 47, 60, 120, 365) == [0, 0, 1, 0, 0, 0, 0]
    assert len(questions(market)) == 2
    assert questions(market)[1].values["not_yet"] == "9 December 2026"
    assert len(questions(market, "anna@alder.example")) == 1, "who said nothing was asked again"


def test_nobody_is_asked_more_than_three_times_and_the_last_time_says_so(market: Market, met: Introduction) -> None:
    said = []
    for day in DAYS:
        if asks(market, day) != [0]:
            said.append(not_yet(market, questions(market)[-1], day=day + 1))
    assert ["We ask you again on" in each for each in said] == [True, True, False]
    assert [each.values["last"] for each in questions(market)] == [False, False, True]
    assert [each.key.removeprefix(f"introduction:{met.id}:") for each in questions(market)] == [
        f"outcome:{met.contact_id}", f"outcome:{met.contact_id}:2", f"outcome:{met.contact_id}:3",
    ]  # fmt: skip


def test_each_side_is_asked_again_by_what_it_said_itself(market: Market, met: Introduction) -> None:
    asks(market, 15)
    not_yet(market, questions(market)[0], day=16)
    not_yet(market, questions(market, "anna@alder.example")[0], day=31)
    assert asks(market, 46, 60, 61, 63) == [1, 0, 0, 1]  # the 61st day is a Saturday


def test_not_yet_said_twice_is_one_wish(market: Market, met: Introduction) -> None:
    asks(market, 15)
    first = questions(market)[0]
    assert {not_yet(market, first, day=day) for day in (16, 20)} == {
        "No hurry. We ask you again on 8 January 2027. Or reply to this letter as soon as you know: won 12000, or lost."
    }
    assert [(each.side, each.what) for each in met.steps] == [("partner", "not yet")]
    assert asks(market, 46, 50) == [1, 0]


def test_it_is_asked_again_at_the_hour_of_its_reader(market: Market, met: Introduction) -> None:
    met.contact.timezone, met.contact.digest_hour = "America/Los_Angeles", 8
    asks(market, 15)
    not_yet(market, questions(market)[0], day=16)
    hours = [datetime(2027, 1, 8, 5, tzinfo=UTC) + timedelta(hours=n) for n in range(24)]
    told = [each.hour for each in hours if exchange.ask_for_outcomes(market.session, now=each)]
    assert told == [16]


def test_nobody_is_asked_again_once_a_side_has_told(market: Market, met: Introduction) -> None:
    asks(market, 15)
    not_yet(market, questions(market)[0], day=16)
    exchange.record_outcome(market.session, met, met.opportunity.contact, result="lost", revenue_eur=0, now=on(20))
    assert asks(market, *range(20, 120)) == [0] * 100
    assert not_yet(market, questions(market)[0], day=21).startswith("No hurry. Reply to this letter whenever you know")


def test_the_answer_to_not_yet_takes_the_outcome(market: Market, met: Introduction) -> None:
    asks(market, 15)
    not_yet(market, questions(market)[0], day=16)
    market.desk.reply(market.desk.letters("answer", to=ANNA)[-1], "won 12000", at=on(17))
    assert [each.values["revenue"] for each in market.desk.letters("confirm_outcome")] == ["€12,000"]


def test_no_hurry_is_said_where_nobody_asked(market: Market, met: Introduction) -> None:
    letter = make.letter(market.session, "outcome", met.contact, [(1, met.id)])
    assert not_yet(market, letter, day=1).startswith("No hurry. We ask you again on 24 December 2026.")
    assert asks(market, 15, 30, 31) == [1, 0, 1]

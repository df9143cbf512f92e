"""What was typed in somebody's name counts for nothing until that somebody said ok to just those words."""

from sqlalchemy import select

from matcher import exchange
from matcher.exchange import Application, Submission
from matcher.models import Contact, Partner
from tests.exchange.conftest import Desk
from tests.factories import FACTS, NOW

ANNA = "anna@tallow.example"
TEXT = "We need somebody who moves 380 mailboxes to Exchange Online over one weekend."
WORDS = "We are 12 people in Leeds and build a landing zone a week."


def posts(desk: Desk, text: str = TEXT) -> None:
    exchange.publish(desk.session, Submission(f"n:{text}", "web", ANNA, text, facts=FACTS), now=NOW)


def joins(desk: Desk, firm: str, words: str = WORDS) -> None:
    exchange.join(desk.session, Application(ANNA, words, "your form of 2026-11-22", firm=firm), now=NOW)


def the_firm(desk: Desk) -> Partner:
    desk.session.expire_all()
    return desk.session.scalars(select(Partner)).one()


def test_an_ok_to_a_posting_takes_up_no_name_that_somebody_else_typed(desk: Desk) -> None:
    posts(desk)
    joins(desk, "Mallory Ltd")
    desk.reply(desk.letters("confirm")[-1], "ok")
    row = the_firm(desk)
    assert (row.name, row.profile, row.practices, row.country) == ("tallow.example", "", [], "")


def test_what_waits_is_taken_up_by_the_ok_to_it(desk: Desk) -> None:
    joins(desk, "Tallow IT")
    posts(desk)
    desk.reply(desk.letters("confirm")[-1], "ok")
    assert the_firm(desk).name == "tallow.example"
    desk.reply(desk.letters("welcome")[-1], "ok")
    row = the_firm(desk)
    assert (row.name, row.state, row.n_people, row.country, row.waiting) == ("Tallow IT", "live", 12, "GB", {})
    assert row.sources["n_people"] == "your form of 2026-11-22"
    assert row.profile_on == NOW.date()


def test_a_correction_of_what_waits_starts_from_it(desk: Desk) -> None:
    joins(desk, "Tallow IT")
    posts(desk)
    desk.reply(desk.letters("confirm")[-1], "ok")
    desk.reply(desk.letters("welcome")[-1], "we are 14 people")
    assert (the_firm(desk).name, the_firm(desk).n_people) == ("Tallow IT", 14)


def test_an_ok_to_what_was_read_before_somebody_else_typed_makes_nobody_live(desk: Desk) -> None:
    joins(desk, "Tallow IT")
    letter = desk.letters("welcome")[-1]
    joins(desk, "Mallory Ltd", "We are 80 people in Leeds and build a landing zone a week.")
    desk.reply(letter, "ok")
    assert the_firm(desk).state == "draft"
    assert desk.answer(ANNA).startswith("It was read again in the meantime. Nothing was made live.")
    joins(desk, "Tallow IT")
    desk.reply(letter, "ok")
    assert (the_firm(desk).state, the_firm(desk).name) == ("live", "Tallow IT")


def test_both_names_of_a_firm_are_hidden_in_what_it_posts(desk: Desk) -> None:
    joins(desk, "Tallow Candleworks")
    posts(desk)
    desk.reply(desk.letters("confirm")[-1], "ok")
    posts(desk, f"Tallow Candleworks has won a move. {TEXT}")
    assert "Candleworks" not in str(desk.letters("confirm")[-1].values | {"masked": []})


def test_saying_no_to_what_waits_erases_it(desk: Desk) -> None:
    joins(desk, "Mallory Ltd")
    posts(desk)
    desk.reply(desk.letters("confirm")[-1], "ok")
    desk.reply(desk.letters("welcome")[-1], "no")
    assert (the_firm(desk).waiting, the_firm(desk).name) == ({}, "tallow.example")
    assert desk.session.scalars(select(Contact)).one().verified_at

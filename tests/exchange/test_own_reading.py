"""A form's draft has two readings: anybody may see the one, the poster alone reads and opens the other."""

import pytest

from matcher import exchange
from matcher.exchange import Submission
from matcher.models import Opportunity
from matcher.store import network, postings
from matcher.terms import NOBODY
from tests import factories as make
from tests.exchange.conftest import Desk
from tests.factories import FACTS, NOW

TEXT = "Nordlicht has won a landing zone, and the move of 380 mailboxes. Ask Bergström."


def posted(desk: Desk, email: str, *, channel: str = "web", text: str = TEXT) -> Opportunity:
    sent = Submission(f"{channel}:{email}", channel, email, text, facts=FACTS)
    row = exchange.publish(desk.session, sent, now=NOW)
    desk.session.expire_all()
    return row


@pytest.fixture
def known(desk: Desk) -> str:
    """Give the address of a live firm that builds landing zones itself."""
    poster = make.firm(desk.session, "nordlicht", email="a.b@gmail.com", name="Anneliese Bergström")
    poster.partner.name, poster.partner.practices = "Nordlicht IT GmbH", ["azure"]
    desk.session.flush()
    return poster.email


def seen(row: Opportunity) -> tuple[object, ...]:
    needs = [(each.text, each.competency_keys) for each in row.needs]
    return row.title, row.blind_text, needs, row.masked, row.missing, row.place_text, row.pays


def asked_for(row: Opportunity) -> set[str]:
    return {key for each in row.needs for key in each.competency_keys}


def test_what_a_form_shows_is_the_same_whoever_the_address_belongs_to(desk: Desk, known: str) -> None:
    ours, nobodys = posted(desk, known), posted(desk, "x.y@gmail.com")
    assert seen(ours) == seen(nobodys)
    for row in (ours, nobodys):
        exchange.correct_form(desk.session, row, "where: on site at Nordlicht in Leeds", now=NOW)
    assert seen(ours) == seen(nobodys)
    assert [network.as_opportunity(row).partner_id for row in (ours, nobodys)] == [NOBODY, NOBODY]


def test_the_letter_shows_what_its_poster_opens_and_what_was_left_out(desk: Desk, known: str) -> None:
    row = posted(desk, known)
    letter = desk.letters("confirm")[-1]
    assert letter.values["left_out"] == ["Azure"]
    told = str(letter.values | {"masked": []})
    assert all(each not in told for each in ("Nordlicht", "Bergström"))
    desk.reply(letter, "ok")
    assert (row.state, row.for_poster, asked_for(row)) == ("open", {}, {"mail"})
    assert row.blind_text == letter.values["blind_text"]
    assert network.as_opportunity(row).partner_id == row.partner_id


def test_matches_that_were_found_for_nobody_in_particular_are_found_anew_after_the_ok(desk: Desk, known: str) -> None:
    row = posted(desk, known)
    make.match(desk.session, row, make.firm(desk.session, "quay").partner_id)
    before = row.n_asked
    exchange.confirm(desk.session, row, how="", now=NOW)
    assert (row.matched_at, row.n_asked) == (None, before + 1)
    assert desk.letters("opened")[-1].values["n_found"] == 0


def test_the_matches_of_a_newcomer_stay_unless_a_colleague_is_among_them(desk: Desk) -> None:
    for key, stays in (("quay", True), ("fjord", False)):
        row = posted(desk, f"new@{'tallow' if stays else key}.example")
        make.match(desk.session, row, make.firm(desk.session, key).partner_id)
        exchange.confirm(desk.session, row, how="", now=NOW)
        assert (row.matched_at is not None) is stays


def test_an_ok_to_the_letter_before_a_strangers_correction_opens_nothing(desk: Desk, known: str) -> None:
    row = posted(desk, known)
    letter = desk.letters("confirm")[-1]
    exchange.correct_form(desk.session, row, "pays: we pay you 600 euros a day", now=NOW)
    desk.reply(letter, "ok")
    assert row.state == "draft"
    desk.reply(desk.letters("confirm")[-1], "ok")
    assert (row.state, "600" in row.pays, asked_for(row)) == ("open", True, {"mail"})


def test_what_the_poster_needs_all_the_same_is_looked_for_when_it_says_so(desk: Desk, known: str) -> None:
    row = posted(desk, known)
    desk.reply(desk.letters("confirm")[-1], "what: somebody who builds a landing zone")
    again = desk.letters("confirm")[-1]
    assert again.values["left_out"] == []
    desk.reply(again, "ok")
    assert asked_for(row) == {"mail", "azure"}


def test_a_posting_by_mail_has_one_reading_since_only_its_letter_shows_it(desk: Desk, known: str) -> None:
    row = posted(desk, known, channel="mail")
    assert (asked_for(row), row.for_poster) == ({"mail"}, {})
    assert "Nordlicht" not in row.blind_text


def test_a_day_that_is_over_is_forgotten_in_both_readings(desk: Desk, known: str) -> None:
    row = posted(desk, known)
    row.due_on = NOW.date().replace(year=NOW.year - 1)
    exchange.confirm(desk.session, row, how="", now=NOW)
    assert (row.state, row.due_on, postings.as_poster_reads(row).due_on) == ("draft", None, None)
    assert "due" in postings.as_poster_reads(row).missing

"""Whoever leaves is out at once: nobody is asked, nobody learns a name, and nothing stays of what it said of itself."""

from sqlalchemy import select

from matcher import exchange
from matcher.models import Match, WhyNot
from matcher.store import why_not
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import NOW


def test_what_a_firm_posted_is_closed_when_it_leaves_and_whoever_said_yes_is_told(market: Market) -> None:
    waiting = market.asked[0]
    market.desk.reply(make.digest(market.session, waiting.contact, waiting), "1 yes")
    draft = make.opportunity(market.session, market.row.contact, state="draft")
    exchange.leave(market.session, market.row.contact, how="the page", now=NOW)
    assert (market.row.state, draft.state, waiting.state) == ("withdrawn", "withdrawn", "lapsed")
    assert [each.to_address for each in market.desk.letters("waitlisted")] == [waiting.contact.email]


def test_a_yes_of_a_firm_that_left_gives_its_name_to_nobody(market: Market) -> None:
    gone, stays = market.asked[0], market.asked[1]
    for each in (gone, stays):
        market.desk.reply(make.digest(market.session, each.contact, each), "1 yes")
    exchange.leave(market.session, gone.contact, how="the page", now=NOW)
    said = exchange.choose(market.session, market.row, [1, 2], how="the page", now=NOW)
    assert said.heading == f"You are introduced to {stays.partner.name}."
    assert said.lines[0] == "Number 1 has taken its yes back."
    assert (gone.state, stays.state) == ("declined", "introduced")
    assert {each.to_address for each in market.desk.letters("introduction")} == {
        stays.contact.email, market.row.contact.email,
    }  # fmt: skip
    assert gone.partner.name not in str([each.values for each in market.desk.letters("introduction")])


def test_an_introduction_that_was_made_stays(market: Market) -> None:
    met = make.asked(market.session, market.row, make.firm(market.session, "oslo"), state="introduced")
    exchange.leave(market.session, met.contact, how="the page", now=NOW)
    assert met.state == "introduced"
    said = exchange.record_outcome(market.session, met, market.row.contact, result="won", revenue_eur=9000, now=NOW)
    assert said.lines == ("Oslo Systems is asked to confirm it with one word.",)


def test_nothing_stays_of_what_a_firm_said_of_itself_but_its_name(market: Market) -> None:
    session, firm = market.session, market.asked[0].partner
    firm.city, firm.n_people, firm.founded, firm.languages = "Cork", 12, 2009, ["ga"]
    firm.jurisdictions, firm.conflict_keys, firm.min_eur, firm.max_eur = ["EU"], ["fjord"], 500, 9000
    firm.sources = {"name": "your form", "city": "your form"}
    used = make.match(session, market.row, firm.id)
    market.asked[0].match_id = used.id
    elsewhere = make.opportunity(session, make.firm(session, "oslo"))
    unused, others = make.match(session, elsewhere, firm.id), make.match(session, elsewhere, market.asked[1].partner_id)
    for each in (used, unused, others):
        each.reasons = [{"name": "free", "rests_on": ["senior Aoife M. free from 2026-12-01"]}]
    why_not.ask(session, market.row.id, firm.id, version="test", at=NOW)
    session.flush()
    unused_id = unused.id
    exchange.leave(session, market.asked[0].contact, how="the page", now=NOW)
    assert (firm.name, firm.country, firm.city, firm.n_people, firm.founded) == ("Quay Systems", "", "", None, None)
    assert (firm.languages, firm.jurisdictions, firm.conflict_keys, firm.sources) == ([], [], [], {"name": "your form"})
    assert (firm.min_eur, firm.max_eur) == (0, 0)
    assert (used.reasons, used.why_you, used.why_them, used.score) == ([], "", "", 0.6)
    assert session.get(Match, unused_id) is None
    assert others.reasons != []
    assert session.scalars(select(WhyNot)).all() == []


def test_a_poster_that_does_not_want_to_join_as_well_keeps_its_posting(desk: Desk) -> None:
    poster = make.firm(desk.session, "alder", state="draft")
    poster.partner.profile = "We move mailboxes."
    row = make.opportunity(desk.session, poster)
    desk.reply(make.letter(desk.session, "welcome", poster, [(1, poster.id)], name="Alder", again=0), "no")
    assert (row.state, poster.partner.state, poster.partner.profile) == ("open", "draft", "")
    assert "What you posted stays open." in desk.answer(poster.email)

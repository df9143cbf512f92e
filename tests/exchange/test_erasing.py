"""Whoever asks to be erased is: nothing tells any more who it was, and others keep what is theirs."""

from sqlalchemy import select, text

from matcher import exchange
from matcher.models import Base, Collaboration, Contact, Introduction, Opportunity, Partner, Suppression
from matcher.store import introductions
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.factories import DOMAIN, NOW

ALDER, QUAY = "anna@alder.example", "anna@quay.example"


def rows_with(market: Market, *words: str) -> list[str]:
    """List the tables that hold any of some words, wherever in a row."""
    found = []
    for table in Base.metadata.tables:
        for row in market.session.scalars(text(f'SELECT lower(to_jsonb(t)::text) FROM "{table}" t')):
            found += [table] if any(each.lower() in row for each in words) else []
    return found


def met(market: Market) -> Introduction:
    """Let Quay ask, say yes, be chosen and win, so that everything there can be of both sides is there."""
    row, desk = market.asked[0], market.desk
    market.row.posting.text = "Move the mail of Tallow Tugs"
    desk.reply(make.digest(market.session, row.contact, row), "ask 1: how many sites?")
    desk.reply(desk.letters("question")[-1], "Two sites.")
    desk.reply(desk.letters("answered")[-1], "1 yes")
    desk.reply(desk.letters("interested")[-1], "1")
    for side in (market.row.contact, row.contact):
        exchange.record_outcome(market.session, row, side, result="won", revenue_eur=9000, now=NOW)
    return row


def test_nothing_tells_of_a_poster_that_was_erased_and_confirmed_work_stays_as_one_line(market: Market) -> None:
    met(market)
    done = exchange.erase(market.session, "Anna@Alder.example ", now=NOW)
    assert (done.n_postings, done.firm, done.is_nothing) == (1, "Alder Systems", False)
    assert done.n_letters > 3
    assert done.n_messages == 2
    market.session.expire_all()
    assert rows_with(market, "Tallow Tugs", "Anna Alder") == []
    assert rows_with(market, ALDER) == ["suppression"]
    assert market.session.scalars(select(Opportunity)).all() == []
    work = market.session.scalars(select(Collaboration)).one()
    assert (work.outcome, work.revenue_eur, work.introduction_id) == ("won", 9000, None)
    assert market.session.get_one(Partner, work.lead_id).state == "left"
    assert exchange.erase(market.session, ALDER, now=NOW).is_nothing


def test_nothing_tells_of_a_partner_that_was_erased_and_the_poster_keeps_what_is_its_own(market: Market) -> None:
    row = met(market)
    exchange.erase(market.session, QUAY, now=NOW)
    market.session.expire_all()
    assert rows_with(market, "Anna Quay", "@quay.example>") == []
    assert rows_with(market, QUAY) == ["suppression"]
    assert row.state == "closed"
    assert [each.what for each in row.steps][:2] == ["question", "answer"]
    assert len(introductions.outcomes(market.session, row.id)) == 2


def test_a_firm_that_somebody_else_reads_for_stays(market: Market) -> None:
    other = Contact(partner_id=market.row.partner_id, email="bo@alder.example", name="Bo", verified_at=NOW)
    market.session.add(other)
    market.session.flush()
    theirs = make.opportunity(market.session, other)
    market.session.expire_all()
    waiting = make.asked(market.session, market.row, make.firm(market.session, "oslo"), state="accepted")
    told = waiting.contact.email
    done = exchange.erase(market.session, ALDER, now=NOW)
    assert (done.firm, theirs.partner.state) == ("", "live")
    assert market.session.scalars(select(Opportunity.id)).all() == [theirs.id]
    assert [each.to_address for each in market.desk.letters("waitlisted")] == [told]
    market.session.expunge_all()  # the next one comes in a transaction of its own
    assert exchange.erase(market.session, "bo@alder.example", now=NOW).firm == "Alder Systems"


def test_a_stranger_who_only_wrote_to_us_is_erased_too(desk: Desk) -> None:
    to = f"help@{DOMAIN}"
    for sender in ("eve@home.example", "bob@home.example"):
        desk.arrives(make.mail(sender, to, "How?"), to)
    done = exchange.erase(desk.session, "eve@home.example", now=NOW)
    assert (done.n_letters, done.n_messages, done.n_postings) == (1, 1, 0)
    assert [each.to_address for each in desk.letters()] == ["bob@home.example"]
    assert desk.session.scalars(select(Suppression)).all() == []
    assert exchange.erase(desk.session, "nobody@home.example", now=NOW).is_nothing

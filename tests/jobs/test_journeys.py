"""The five journeys of both sides with nothing but SMTP: no page is opened and no HTML is read."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from jobs.person import text_of
from matcher.models import Collaboration, Contact, Introduction, Letter, Opportunity, Partner
from tests.world import World
from web import clock
from web.db import transaction

pytestmark = [pytest.mark.model, pytest.mark.slow]

POSTER = "graham@tallowgate.example"
NOTES = """Hello,

we have won a Business Central project for a builders' merchant. Their mail is still on Lotus Notes, about 380
mailboxes. We do the ERP ourselves; we need somebody who moves the mail to Exchange Online over one weekend in Leeds.
It has to be done by 31 January 2027. The customer pays us and we pay you a fixed price of 9,000 EUR.

Graham Sugden
Tallowgate Systems
"""
JOIN = """Hi, we are Brambling Mail Works, four people in Cork, Ireland. We move mailboxes: Lotus Notes and old
Exchange servers to Exchange Online, over weekends, with the phone on. We speak English and Polish. Last spring we
moved 700 Notes users of a shipping firm in three nights. We do not do telephones.

Aoife Brambling
"""


def post(world: World, text: str = NOTES, sender: str = POSTER) -> None:
    world.person(sender).write(f"post@{world.g.settings.inbound_domain}", "Notes to Exchange Online", text)
    world.work()


def opened(world: World) -> None:
    post(world)
    world.person(POSTER).reply(world.newest(POSTER, "confirm"), "ok")
    world.work()


def asked(world: World) -> list[tuple[str, int]]:
    """List who was asked about the posting, best first, with its number in their digest."""
    world.night()
    with transaction(world.g.engine) as session:
        rows = session.execute(
            select(Introduction, Letter)
            .join(Letter, (Letter.contact_id == Introduction.contact_id) & (Letter.kind == "digest"))
            .join(Opportunity, Opportunity.id == Introduction.opportunity_id)
            .join(Contact, Contact.id == Opportunity.contact_id)
            .where(Contact.email == POSTER, Opportunity.posting.has(channel="mail"))
            .order_by(Introduction.match_id)
        ).all()
        return [(row[1].to_address, next(n for n, each in row[1].refs if each == row[0].id)) for row in rows]


def tell_outcome(world: World, partner: str) -> None:
    """Let two weeks pass; the partner reports what it earned and the poster confirms it."""
    world.remind(after=timedelta(days=15))
    world.person(partner).reply(world.newest(partner, "outcome"), "won 12000")
    world.work()
    world.person(POSTER).reply(world.newest(POSTER, "confirm_outcome"), "ok")
    world.work()


def test_a_newcomer_goes_from_nothing_to_a_live_profile_in_two_mails(world: World) -> None:
    aoife = world.person("aoife@brambling.example")
    aoife.write(f"join@{world.g.settings.inbound_domain}", "We would like to join", JOIN)
    world.work()
    aoife.reply(world.newest(aoife.address, "welcome"), "ok")
    world.work()
    assert "live" in text_of(world.newest(aoife.address, "live"))
    with transaction(world.g.engine) as session:
        firm = session.scalars(select(Partner).join(Contact).where(Contact.email == aoife.address)).one()
        assert (firm.name, firm.state, firm.country, firm.n_people) == ("Brambling Mail Works", "live", "IE", 4)
        assert "mail" in firm.practices
        assert "teams-voice" not in firm.practices


def test_a_posting_by_mail_is_read_back_and_opened_by_ok(world: World) -> None:
    post(world)
    letter = text_of(world.newest(POSTER, "confirm"))
    assert "31 January 2027" in letter
    assert "Exchange Online" in letter
    world.person(POSTER).reply(world.newest(POSTER, "confirm"), "ok, thanks\n\nGraham")
    world.work()
    assert world.person(POSTER).letters("opened")


def test_a_vague_posting_is_asked_about_and_answered_in_plain_words(world: World) -> None:
    dave = world.person("dave@pennine-office.example")
    post(world, "boss wants Copilot or AI or both. Who does that?", dave.address)
    assert "?" in text_of(world.newest(dave.address, "confirm"))
    answers = "Copilot for 60 accountants, by the end of February 2027, remote, the customer pays you, 6000 EUR."
    dave.reply(world.newest(dave.address, "confirm"), answers)
    world.work()
    dave.reply(world.newest(dave.address, "confirm"), "ok")
    world.work()
    assert dave.letters("opened")
    with transaction(world.g.engine) as session:
        row = session.scalars(select(Opportunity).join(Contact).where(Contact.email == dave.address)).one()
        assert (row.state, row.value_eur, str(row.due_on)) == ("open", 6000, "2027-02-28")


def test_a_digest_a_yes_a_choice_an_introduction_and_an_outcome_with_nothing_but_mail(world: World) -> None:
    opened(world)
    (partner, number), *others = asked(world)
    assert others, "the posting was put before one partner only"
    digest = text_of(world.newest(partner, "digest"))
    assert "Tallowgate" not in digest
    assert len(re.findall(r"^\s*\d+\. ", digest, re.MULTILINE)) <= 5

    world.person(partner).reply(world.newest(partner, "digest"), f"{number} yes")
    world.work()
    assert "is with the poster" in text_of(world.newest(partner, "answer"))
    choice = world.newest(POSTER, "interested")
    name = firm_of(world, partner)
    assert name not in text_of(choice)

    world.person(POSTER).reply(choice, "1")
    world.work()
    assert partner in text_of(world.newest(POSTER, "introduction"))
    met = world.newest(partner, "introduction")
    assert POSTER in text_of(met)
    assert any(part.get_content_type() == "text/calendar" for part in met.message.walk())

    tell_outcome(world, partner)
    with transaction(world.g.engine) as session:
        edge = session.scalars(select(Collaboration).where(Collaboration.introduction_id.is_not(None))).one()
        assert (edge.outcome, edge.revenue_eur) == ("won", 12000)


def test_a_question_is_relayed_both_ways_without_names_or_addresses(world: World) -> None:
    opened(world)
    (partner, number), *_ = asked(world)
    words = f"ask {number}: is there a VPN? Call me on +44 20 7946 0018 or write to {partner}"
    world.person(partner).reply(world.newest(partner, "digest"), words)
    world.work()
    question = text_of(world.newest(POSTER, "question"))
    assert "is there a VPN?" in question
    assert partner not in question
    assert "7946" not in question
    world.person(POSTER).reply(
        world.newest(POSTER, "question"), "Yes, a VPN is there. Graham Sugden, Tallowgate Systems"
    )
    world.work()
    answer = text_of(world.newest(partner, "answered"))
    assert "a VPN is there" in answer
    assert "Tallowgate" not in answer
    assert "Sugden" not in answer


def morning_put_off_to(world: World) -> datetime:
    """Say when it is ten o'clock on the day to which somebody put an offer off, where that somebody is."""
    with transaction(world.g.engine) as session:
        row = session.scalars(select(Introduction).where(Introduction.remind_on.is_not(None))).one()
        assert row.remind_on
        return datetime.combine(row.remind_on, time(10), ZoneInfo(row.contact.timezone))


def test_later_brings_one_reminder_and_no_brings_none(world: World) -> None:
    opened(world)
    (first, one), (second, two), *_ = asked(world)
    world.person(first).reply(world.newest(first, "digest"), f"{one} later")
    world.person(second).reply(world.newest(second, "digest"), f"{two} no: no capacity before March")
    world.work()
    world.remind(after=morning_put_off_to(world) - clock.now())
    assert len(world.person(first).letters("reminder")) == 1
    assert world.person(second).letters("reminder") == []


def test_stop_ends_the_digests_and_is_answered_once(world: World) -> None:
    opened(world)
    (partner, _), *_ = asked(world)
    world.person(partner).reply(world.newest(partner, "digest"), "stop")
    world.work()
    assert "no more digests" in text_of(world.newest(partner, "answer"))
    assert len(world.person(partner).letters("answer")) == 1


def firm_of(world: World, address: str) -> str:
    with transaction(world.g.engine) as session:
        return session.scalars(select(Partner.name).join(Contact).where(Contact.email == address)).one()

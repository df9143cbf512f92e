"""A posting that no single firm covers, from the mail that asks to the firms that are shown and asked."""

import pytest
from sqlalchemy import select

from matcher.models import Contact, Introduction, Match, Opportunity
from matcher.store import matches
from tests.world import World
from web.db import transaction
from web.together import Together, together

pytestmark = [pytest.mark.model, pytest.mark.slow]

POSTER = "graham@tallowgate.example"
TWO_NEEDS = """We look after Microsoft 365 for a municipality. Telephony we do not do: the old MX-ONE exchange has 540
extensions and DECT in two care homes, and everything should go to Teams with the municipality's own numbers. Also
somebody should measure whether the Wi-Fi in the corridors of the care homes is good enough for speech. Remote is fine
for the first part; due by 31 March 2027. The municipality pays us, we pay you per day. Swedish must be spoken.
"""


def posted(world: World) -> int:
    world.person(POSTER).write(f"post@{world.g.settings.inbound_domain}", "Switchboard into Teams", TWO_NEEDS)
    world.work()
    with transaction(world.g.engine) as session:
        chosen = select(Opportunity.id).join(Contact, Contact.id == Opportunity.contact_id)
        return session.scalars(chosen.where(Contact.email == POSTER).order_by(Opportunity.id.desc())).first() or 0


def shown(world: World, opportunity_id: int) -> Together:
    with transaction(world.g.engine) as session:
        listed = matches.for_poster(session, opportunity_id, limit=10)
        return together(session.get_one(Opportunity, opportunity_id), listed)


def test_two_firms_are_found_for_what_neither_covers_alone_and_both_are_asked(world: World) -> None:
    opportunity_id = posted(world)
    found = shown(world, opportunity_id)
    assert len(found.shares) == 2
    assert found.uncovered == ()
    assert {words for share in found.shares for words in share.needs}
    world.person(POSTER).reply(world.newest(POSTER, "confirm"), "ok")
    world.work()
    world.night()
    with transaction(world.g.engine) as session:
        members = select(Match.partner_id).where(Match.opportunity_id == opportunity_id, Match.team_needs != [])
        asked = select(Introduction.partner_id).where(Introduction.opportunity_id == opportunity_id)
        assert set(session.scalars(members)) <= set(session.scalars(asked))

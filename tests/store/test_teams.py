"""Who of a team is offered the work that it was put together for."""

import pytest
from sqlalchemy.orm import Session

from matcher.night.allotting import FLOOR
from matcher.store import matched, matches
from matcher.terms import Part, Team
from tests import factories as make


@pytest.mark.parametrize(("score", "n_offers"), [(0.1, 1), (0.03, 0)])
def test_a_member_far_down_the_list_is_offered_it_unless_its_score_is_hopeless(
    session: Session, score: float, n_offers: int
) -> None:
    row = make.opportunity(session, make.firm(session, "alder"))
    member, other = make.firm(session, "quay"), make.firm(session, "fjord")
    for each in (member, other):
        make.match(session, row, each.partner_id, score=score, place=9)
    matched.note_team(session, row.id, Team((Part(member.partner_id, (0,)),)))
    found = matches.offers(session, contact_ids=[member.id, other.id], floor=FLOOR, today=make.DAY)
    assert [each.partner_id for each in found] == [member.partner_id] * n_offers

"""Who of a team is offered the work that it was put together for; and that there is one rule for who is asked."""

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


@pytest.mark.parametrize("score", [FLOOR.score, FLOOR.score - 0.001, FLOOR.score_of_few, FLOOR.score_of_few - 0.001])
@pytest.mark.parametrize("place", [1, FLOOR.best_few, FLOOR.best_few + 1])
@pytest.mark.parametrize("in_team", [True, False])
def test_the_database_asks_whom_the_poster_is_shown_as_asked(
    session: Session, score: float, place: int, in_team: bool
) -> None:
    row, to = make.opportunity(session, make.firm(session, "alder")), make.firm(session, "quay")
    make.match(session, row, to.partner_id, score=score, place=place)
    matched.note_team(session, row.id, Team((Part(to.partner_id, (0,)),) if in_team else ()))
    found = matches.offers(session, contact_ids=[to.id], floor=FLOOR, today=make.DAY)
    assert bool(found) == FLOOR.asks(score, place=place, in_team=in_team)

"""What a poster's page says of firms that cover its posting only together."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.models import Match, Need
from matcher.store import matched
from matcher.terms import Part, Team
from tests.web.market import PARTNERS, Market

NEEDS = ("Move 400 mailboxes to Exchange Online.", "Measure the Wi-Fi", "A new lift alarm")


def noted(market: Market, team: Team | None) -> str:
    """Let three partners be found for three needs, with a team among them; return the path of the list."""
    opportunity_id = market.post()
    market.matched(opportunity_id)

    def note(session: Session) -> None:
        session.query(Need).filter_by(opportunity_id=opportunity_id).delete()
        for position, words in enumerate(NEEDS):
            session.add(Need(opportunity_id=opportunity_id, position=position, text=words, text_hash=f"{position}"))
        matched.note_team(session, opportunity_id, _by_place(session, opportunity_id, team) if team else None)

    market.do(note)
    return market.draft(opportunity_id) + "/matches"


def _by_place(session: Session, opportunity_id: int, team: Team) -> Team:
    """Put the ids of partners in the place of their places."""
    rows = session.query(Match).filter_by(opportunity_id=opportunity_id)
    ids = {each.place: each.partner_id for each in rows}
    return Team(tuple(Part(ids[each.partner_id], each.needs) for each in team.parts), team.uncovered)


def said(client: FlaskClient, path: str) -> str:
    return " ".join(client.get(path).text.split())


def test_two_firms_that_cover_it_together_are_shown_without_their_names(client: FlaskClient, market: Market) -> None:
    shown = said(client, noted(market, Team((Part(1, (0, 2)), Part(3, (1,))))))
    assert "No single firm covers all of this; these two together do" in shown
    assert "<strong>A 3-person firm in Ireland</strong> (number 1 below): “Move 400 mailboxes to Exchange" in shown
    assert "Online”, “A new lift alarm”</li>" in shown
    assert "(number 3 below): “Measure the Wi-Fi”" in shown
    assert "Nobody here" not in shown
    assert not any(name in shown for name, _ in PARTNERS)


def test_what_nobody_covers_is_named_beside_the_team(client: FlaskClient, market: Market) -> None:
    shown = said(client, noted(market, Team((Part(1, (0,)), Part(2, (1,))), (2,))))
    assert "No single firm covers all of this; these two together cover most of it" in shown
    assert "Nobody here has shown yet that they do this: “A new lift alarm”." in shown


@pytest.mark.parametrize("team", [None, Team((Part(2, (0, 1, 2)),))])
def test_where_one_firm_is_enough_or_no_team_was_sought_nothing_is_said(
    client: FlaskClient, market: Market, team: Team | None
) -> None:
    shown = said(client, noted(market, team))
    assert "Moved 100 mailboxes in 2024" in shown
    assert "together" not in shown
    assert "Nobody here" not in shown


def test_one_firm_that_leaves_a_need_open_is_no_team_but_the_need_is_named(client: FlaskClient, market: Market) -> None:
    shown = said(client, noted(market, Team((Part(2, (0, 1)),), (2,))))
    assert "No single firm" not in shown
    assert "Nobody here has shown yet that they do this: “A new lift alarm”." in shown

"""A confirmed job is written down under what the partner did of it, not under what was asked for first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import exchange
from matcher.models import Capability, Collaboration, Introduction, Need
from matcher.wording import euros
from tests import factories as make
from tests.exchange.conftest import Market
from tests.factories import NOW


@pytest.fixture
def met(market: Market) -> Introduction:
    """Introduce a partner to the poster of an opportunity that asks for mail, and then for Azure."""
    azure = Need(
        opportunity_id=market.row.id, position=2, text="an Azure landing zone", text_hash="x", competency_keys=["azure"]
    )
    market.session.add(azure)
    market.session.flush()
    market.session.expire(market.row, ["needs"])
    row = market.asked[0]
    row.state, row.number, row.introduced_at = "introduced", 1, NOW
    market.session.flush()
    return row


def can_do(market: Market, met: Introduction, *keys: str) -> None:
    for key in keys:
        words = f"We do {key}."
        market.session.add(
            Capability(
                partner_id=met.partner_id,
                competency_key=key,
                text=words,
                text_hash=words,
                source="declared",
                evidence="",
            )  # fmt: skip
        )


def written_down(market: Market, met: Introduction) -> str:
    exchange.record_outcome(
        market.session, met, met.contact, result="won", revenue_eur=9000, now=NOW + timedelta(days=20)
    )
    shown = ("won", euros(9000))
    exchange.confirm_outcome(market.session, met, market.row.contact, shown=shown, now=NOW + timedelta(days=21))
    return market.session.scalars(select(Collaboration)).one().competency_key


def test_a_partner_did_what_it_shows_that_it_can(market: Market, met: Introduction) -> None:
    can_do(market, met, "azure", "sap")
    assert written_down(market, met) == "azure"


def test_a_member_of_a_team_did_its_part(market: Market, met: Introduction) -> None:
    can_do(market, met, "mail", "azure")
    made = make.match(market.session, market.row, met.partner_id)
    made.team_needs = [1]
    met.match_id = made.id
    market.session.flush()
    market.session.expire(met, ["match"])
    assert written_down(market, met) == "azure"


def test_of_a_partner_that_shows_nothing_the_first_is_taken(market: Market, met: Introduction) -> None:
    assert written_down(market, met) == "mail"

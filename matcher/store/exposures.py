"""Matches of the last weeks → what each band of partners is owed in the order of the next ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from matcher.models import Match, Opportunity
from matcher.ranking.exposure import LAST_PLACE, PastRanking, lifts, shares
from matcher.terms import Network

LOOKS_BACK = timedelta(days=60)


def lifts_of(session: Session, known: Network, *, now: datetime) -> dict[str, float]:
    """Say by how much each band of partners moves in the order; nothing while there are few rankings to judge by."""
    past = list(_past(session, known, since=now - LOOKS_BACK))
    return lifts(shares(past), n_rankings=len(past))


def _past(session: Session, known: Network, *, since: datetime) -> Iterator[PastRanking]:
    able_in: dict[str, set[int]] = {}
    for each in known.capabilities:
        able_in.setdefault(each.competency_key, set()).add(each.partner_id)
    ranked = (Opportunity.state != "draft") & (Opportunity.matched_at >= since)
    chosen = select(Opportunity).where(ranked).order_by(Opportunity.id).options(selectinload(Opportunity.needs))
    first = _first(session, select(Opportunity.id).where(ranked))
    for row in session.scalars(chosen):
        keys = {key for need in row.needs for key in need.competency_keys}
        able = {one for key in keys for one in able_in.get(key, ())} - {row.partner_id}
        assert row.matched_at  # chosen by it
        yield PastRanking(
            row.matched_at.date(),
            tuple(known.partners[one] for one in sorted(able & known.partners.keys())),
            tuple(known.partners[one] for one in first.get(row.id, ()) if one in known.partners),
        )


def _first(session: Session, opportunity_ids: Select[tuple[int]]) -> dict[int, list[int]]:
    """List who stood in the places that are seen, by opportunity and in order."""
    chosen = select(Match.opportunity_id, Match.partner_id).where(
        Match.opportunity_id.in_(opportunity_ids), Match.place <= LAST_PLACE
    )
    found: dict[int, list[int]] = {}
    for opportunity_id, partner_id in session.execute(chosen.order_by(Match.opportunity_id, Match.place, Match.id)):
        found.setdefault(opportunity_id, []).append(partner_id)
    return found

"""Open opportunities → those that a night ranks anew."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from matcher.models import Match, Opportunity, Partner
from matcher.store import left_out, nights

RANK_AGAIN_AFTER = timedelta(hours=20)  # the network changes slowly; a new posting is ranked as soon as it comes
AHEAD = timedelta(days=2)  # nobody asks since when for so long; a clock that was ahead wrote what is later


def to_rank(session: Session, *, before: datetime, first_id: int = 0, last_id: int | None = None) -> list[int]:
    """List open opportunities, from one id to another, that have not been ranked since a moment or a change.

    A change of whoever was found, or of the poster: nobody is told by facts that are no longer so. What an open night
    has allotted by then is left to the next one, or its letters would find no match to name. One that could not be
    ranked has its next try when its time comes, not with each night that begins meanwhile; a part that could not be
    as a whole rests for an hour.
    """
    not_by_then = (Opportunity.matched_at < before) | (Opportunity.matched_at > before + AHEAD)
    stale = Opportunity.matched_at.is_(None) | not_by_then
    chosen = select(Opportunity.id, func.coalesce(stale, False)).where(
        Opportunity.state == "open", stale | _changed_since_ranked(), Opportunity.id >= first_id
    )
    resting = left_out.rests(Opportunity.id.expression, now=before + RANK_AGAIN_AFTER)
    chosen = chosen.where(Opportunity.id.not_in(left_out.not_to_rank(before)), ~resting)
    if last_id is not None:
        chosen = chosen.where(Opportunity.id <= last_id)
    found = session.execute(chosen.order_by(Opportunity.id)).all()
    told = {id_ for id_, _ in nights.allotted(session, [id_ for id_, is_stale in found if not is_stale])}
    return [id_ for id_, _ in found if id_ not in told]


def _changed_since_ranked() -> ColumnElement[bool]:
    # Two subqueries of their own, as in one, or as a join, all partners may be read for those of a few matches.
    found = select(func.max(Partner.changed_at)).join(Match, Match.partner_id == Partner.id)
    poster = select(Partner.changed_at).where(Partner.id == Opportunity.partner_id)
    either = found.where(Match.opportunity_id == Opportunity.id).scalar_subquery(), poster.scalar_subquery()
    return func.greatest(*either) > Opportunity.matched_at

"""Matches and letters of the last weeks → what bands of partners are owed in the order, and who is owed a letter."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Contact, Exposure, LiftsOfDay, Match, Need, Opportunity, Partner
from matcher.ranking.exposure import LAST_PLACE, PastRanking, lifts, shares
from matcher.ranking.order import NEW_FOR_DAYS, SMALL_PEOPLE
from matcher.ranking.tables import Capabilities, Partners, as_table, by_id
from matcher.store.matches import any_of
from matcher.terms import Network

LOOKS_BACK = timedelta(days=60)
MOST_RANKINGS = 1000  # the newest say what is owed; more would only take longer
# Without an offer: a newcomer; a small firm and one of the first year. Small firms of before had more than their share
# when they waited no longer than newcomers.
NEWCOMER_WAITS, WAITS = timedelta(days=14), timedelta(days=30)
YOUNG_FOR = timedelta(days=365)


def waiting(session: Session, contact_ids: list[int], *, today: date) -> list[int]:
    """List those of some contacts whose firm is new, young or small and was told of nothing lately.

    Newcomers come first, and of each kind who waits the longest.
    """
    began = datetime.combine(today, time.min, UTC)
    firm = select(Partner.created_at, Partner.n_people).where(Partner.id == Contact.partner_id)
    of_each = firm.offset(0).lateral()  # contact by contact: there are many more young and small partners than these
    facts = select(Contact.id, Contact.partner_id, of_each).join(of_each, true())
    of = facts.where(Contact.id == any_of(contact_ids)).subquery()
    is_new = of.c.created_at >= began - timedelta(days=NEW_FOR_DAYS)
    is_owed = (of.c.created_at >= began - YOUNG_FOR) | (func.coalesce(of.c.n_people, 0) <= SMALL_PEOPLE)
    last = select(func.max(Exposure.shown_on)).where(Exposure.partner_id == of.c.partner_id).scalar_subquery()
    owed = select(of.c.id, is_new.label("is_new"), last.label("told_on")).where(is_owed).subquery()
    lately = case((owed.c.is_new, today - NEWCOMER_WAITS), else_=today - WAITS)
    waits = owed.c.told_on.is_(None) | (owed.c.told_on < lately)
    order = (~owed.c.is_new, owed.c.told_on.nulls_first(), owed.c.id)
    return list(session.scalars(select(owed.c.id).where(waits).order_by(*order)))


def lifts_of_day(session: Session, known: Network, *, now: datetime, keep: bool) -> dict[str, float]:
    """Say by how much each band of partners moves in the order today; the first who keeps it says it for all workers.

    Rankings of today take the place of those of yesterday, so that whoever works it out later finds something else.
    """
    kept = select(LiftsOfDay.lifts).where(LiftsOfDay.day == now.date())
    found = session.scalar(kept)
    if found is not None:
        return found
    owed = lifts_of(session, known, now=now)
    if not keep:
        return owed
    session.execute(insert(LiftsOfDay).values(day=now.date(), lifts=owed).on_conflict_do_nothing())
    return session.scalar(kept) or owed


def lifts_of(session: Session, known: Network, *, now: datetime) -> dict[str, float]:
    """Say by how much each band of partners moves in the order; nothing while there are few rankings to judge by."""
    past = list(_past(session, known, since=now - LOOKS_BACK))
    return lifts(shares(past), n_rankings=len(past))


def _past(session: Session, known: Network, *, since: datetime) -> Iterator[PastRanking]:
    able = _Able(known)
    ranked = (Opportunity.state != "draft") & (Opportunity.matched_at >= since)
    chosen = select(Opportunity.id, Opportunity.partner_id, Opportunity.matched_at).where(ranked)
    newest = session.execute(chosen.order_by(Opportunity.matched_at.desc(), Opportunity.id).limit(MOST_RANKINGS))
    rows = sorted(tuple(row) for row in newest)
    keys, first = _keys(session, [row[0] for row in rows]), _first(session, [row[0] for row in rows])
    for id_, poster_id, matched_at in rows:
        there = tuple(known.partners[one] for one in first.get(id_, ()) if one in known.partners)
        yield PastRanking(matched_at.date(), able.of(frozenset(keys.get(id_, ())), poster_id), there)


class _Able:
    """Who could do what, from the columns of a network."""

    def __init__(self, known: Network) -> None:
        self._partners, self._told = by_id(known.partners), as_table(Capabilities, known.capabilities)
        self._rows: dict[frozenset[str], NDArray[np.int64]] = {}

    def of(self, keys: frozenset[str], poster_id: int) -> Partners:
        """Return all who are known for one of the competencies, but for the poster."""
        if keys not in self._rows:
            ids = self._partners.table.id.values
            told = self._told.partner_id.values[self._told.competency_key.are(*keys)]
            self._rows[keys] = np.flatnonzero(np.isin(ids, told))
        rows = self._rows[keys]
        return self._partners.table.taken(rows[rows != self._partners.row_of(poster_id)])


def _keys(session: Session, opportunity_ids: list[int]) -> dict[int, set[str]]:
    """Gather which competencies each opportunity needs."""
    found: dict[int, set[str]] = {}
    chosen = select(Need.opportunity_id, Need.competency_keys).where(Need.opportunity_id == any_of(opportunity_ids))
    for opportunity_id, keys in session.execute(chosen):
        found.setdefault(opportunity_id, set()).update(keys)
    return found


def _first(session: Session, opportunity_ids: list[int]) -> dict[int, list[int]]:
    """List who stood in the places that are seen, by opportunity and in order."""
    chosen = select(Match.opportunity_id, Match.partner_id).where(
        Match.opportunity_id == any_of(opportunity_ids), Match.place <= LAST_PLACE
    )
    found: dict[int, list[int]] = {}
    for opportunity_id, partner_id in session.execute(chosen.order_by(Match.opportunity_id, Match.place, Match.id)):
        found.setdefault(opportunity_id, []).append(partner_id)
    return found

"""Matches of an opportunity, and what of them may be offered to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CollectionAggregate,
    ColumnElement,
    Text,
    any_,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session, defer, joinedload

from matcher.models import Contact, Digest, Exposure, Introduction, Match, Opportunity, Partner, Suppression
from matcher.store import bounces, bulk
from matcher.terms import Match as Scored
from matcher.terms import Offer, Reason, Team


@dataclass(frozen=True, slots=True)
class ScoreFloor:
    """How good a match must be to be offered; the best few of each opportunity, and its team, may be a little worse."""

    score: float
    best_few: int
    score_of_few: float


@dataclass(frozen=True, slots=True)
class Found:
    """What ranking found for an opportunity: its matches and, where one was looked for, a team."""

    opportunity_id: int
    matches: tuple[Scored, ...]
    team: Team | None

    def needs_of(self, partner_id: int) -> list[int] | None:
        """Say which needs a partner takes in the team, by position; None where no team was looked for."""
        if self.team is None:
            return None
        return next((list(part.needs) for part in self.team.parts if part.partner_id == partner_id), [])


def replace(session: Session, opportunity_id: int, found: tuple[Scored, ...], *, version: str, at: datetime) -> None:
    """Write an opportunity's matches under a ranker's version in place of older ones that nobody was asked about."""
    done = update(Opportunity).where(Opportunity.id == opportunity_id).values(matched_at=at)
    session.execute(done.execution_options(synchronize_session="fetch"))  # first: two rankings must not be mixed
    used = select(Introduction.match_id).where(
        Introduction.opportunity_id == opportunity_id, Introduction.match_id.is_not(None)
    )
    session.execute(delete(Match).where(Match.opportunity_id == opportunity_id, Match.id.not_in(used)))
    rows = [_row(each, version, at) for each in found]
    if rows:
        written = insert(Match).values(rows)
        session.execute(written.on_conflict_do_nothing(index_elements=["opportunity_id", "partner_id", "version"]))


def replace_many(session: Session, found: Sequence[Found], *, version: str, at: datetime) -> int:
    """Do for many opportunities what `replace` and `note_team` do for one; return how many matches were written."""
    ids = sorted(each.opportunity_id for each in found)
    locked = select(Opportunity.id).where(Opportunity.id == any_of(ids)).order_by(Opportunity.id).with_for_update()
    session.execute(locked)  # in one order, so that two who rank the same wait for each other and not in a ring
    quietly = {"synchronize_session": False}
    session.execute(
        update(Opportunity).where(Opportunity.id == any_of(ids)).values(matched_at=at), execution_options=quietly
    )
    session.execute(delete(Match).where(Match.opportunity_id == any_of(ids), ~is_used()), execution_options=quietly)
    kept = update(Match).where(Match.opportunity_id == any_of(ids), Match.team_needs.is_not(None))
    session.execute(kept.values(team_needs=None), execution_options=quietly)  # who is asked already stands in no team
    rows = [
        _row(one, version, at) | {"team_needs": each.needs_of(one.partner_id)} for each in found for one in each.matches
    ]
    return len(bulk.add(session, "match", list(rows[0]), rows=map(_copied, rows))) if rows else 0


def is_used() -> ColumnElement[bool]:
    """Say of a match in SQL that somebody was asked because of it."""
    same = (Introduction.opportunity_id == Match.opportunity_id) & (Introduction.partner_id == Match.partner_id)
    return select(Introduction.id).where(same, Introduction.match_id == Match.id).exists()


def of_opportunity(session: Session, opportunity_id: int, *, limit: int = 25) -> list[Match]:
    """List an opportunity's matches, best first."""
    chosen = select(Match).where(Match.opportunity_id == opportunity_id).order_by(Match.place, Match.id)
    return list(session.scalars(chosen.options(joinedload(Match.partner)).limit(limit)))


def for_poster(session: Session, opportunity_id: int, *, limit: int) -> list[Match]:
    """List an opportunity's best matches and those among which a team was looked for, best first."""
    ours = Match.opportunity_id == opportunity_id
    first = select(Match.id).where(ours).order_by(Match.place, Match.id).limit(limit)
    chosen = select(Match).where(ours, Match.id.in_(first) | Match.team_needs.is_not(None))
    said = (defer(Match.signals), joinedload(Match.partner).load_only(Partner.country, Partner.n_people))
    return list(session.scalars(chosen.options(*said).order_by(Match.place, Match.id)))


def note_team(session: Session, opportunity_id: int, team: Team | None) -> None:
    """Write down which needs each match takes in a team, none for those outside; None: no team was looked for."""
    of_it = update(Match).where(Match.opportunity_id == opportunity_id)
    session.execute(of_it.values(team_needs=None if team is None else []))
    for part in team.parts if team else ():
        session.execute(of_it.where(Match.partner_id == part.partner_id).values(team_needs=list(part.needs)))


def offers(session: Session, *, contact_ids: list[int], floor: ScoreFloor, today: date) -> list[Offer]:
    """List what could be put before these contacts today: open, not their own, not shown to their firm before."""
    chosen = (
        select(Match.opportunity_id, Match.id, Match.partner_id, Contact.id, Match.score, Match.place)
        .join(Opportunity, Opportunity.id == Match.opportunity_id)
        .join(Contact, Contact.partner_id == Match.partner_id)
        .where(Contact.id == any_of(contact_ids), *_offered(floor, today))
        .order_by(Match.opportunity_id, Contact.id)
    )
    return [Offer(*row) for row in session.connection().execute(chosen)]


def firms_with_offers(session: Session, *, floor: ScoreFloor, today: date) -> list[int]:
    """List the partners before whom anything could be put, whoever reads for them."""
    chosen = select(Match.partner_id).distinct().join(Opportunity, Opportunity.id == Match.opportunity_id)
    return list(session.connection().scalars(chosen.where(*_offered(floor, today)).order_by(Match.partner_id)))


def _offered(floor: ScoreFloor, today: date) -> tuple[ColumnElement[bool], ...]:
    asked = (
        select(Introduction.id)
        .where(Introduction.opportunity_id == Match.opportunity_id, Introduction.partner_id == Match.partner_id)
        .exists()
    )
    first = (Match.place <= floor.best_few) | (func.cardinality(Match.team_needs) > 0)
    return (
        Opportunity.state == "open",
        (Opportunity.closes_on.is_(None)) | (Opportunity.closes_on >= today),
        Opportunity.partner_id != Match.partner_id,
        (Match.score >= floor.score) | (first & (Match.score >= floor.score_of_few)),
        ~asked,
    )


def n_asked(session: Session, opportunity_ids: list[int]) -> dict[int, int]:
    """Count the partners that were asked about each opportunity so far."""
    counted = (
        select(Introduction.opportunity_id, func.count())
        .where(Introduction.opportunity_id == any_of(opportunity_ids))
        .group_by(Introduction.opportunity_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def readers(session: Session, *, digests: tuple[str, ...], day: date) -> list[Contact]:
    """List the contacts who may get a digest on a day: proven, live, not suppressed, reachable, one reader per firm.

    Who is reachable is asked for the day's first moment: a pause that ends during the day holds until the next.
    """
    chosen = select(Contact).join(Partner).where(*who_reads(session, digests, day))
    return list(session.scalars(chosen.order_by(Contact.partner_id, Contact.id).distinct(Contact.partner_id)))


def who_reads(session: Session, digests: tuple[str, ...], day: date) -> tuple[ColumnElement[bool], ...]:
    """Say of a contact and its partner in SQL what `readers` says."""
    stopped = select(Suppression.id).where(Suppression.email == Contact.email).exists()
    unreachable = bounces.unreachable(session, now=datetime.combine(day, time.min, UTC))
    paused = Contact.paused_until.is_not(None) & (Contact.paused_until >= day)
    return (
        Partner.state == "live",
        Contact.verified_at.is_not(None),
        Contact.digest.in_(digests),
        ~stopped,
        ~paused,
        Contact.email.not_in(select(func.unnest(literal(unreachable, ARRAY(Text))))),
    )


def has_digest(session: Session, contact_ids: list[int], day: date) -> set[int]:
    """Tell which contacts have got their digest of a day."""
    found = select(Digest.contact_id).where(Digest.contact_id == any_of(contact_ids), Digest.day == day)
    return set(session.scalars(found))


def note_digest(session: Session, *, contact_id: int, day: date, letter_id: int) -> bool:
    """Write down that a contact has its digest of a day; False when it had one already."""
    added = session.scalar(
        insert(Digest)
        .values(contact_id=contact_id, day=day, letter_id=letter_id)
        .on_conflict_do_nothing(index_elements=["contact_id", "day"])
        .returning(Digest.id)
    )
    return added is not None


def note_exposure(session: Session, offer: Offer, *, letter_id: int, place: int, on: date) -> None:
    """Write down that an opportunity was put before a contact, in the transaction of its letter."""
    values = {
        "opportunity_id": offer.opportunity_id,
        "partner_id": offer.partner_id,
        "contact_id": offer.contact_id,
        "letter_id": letter_id,
        "place": place,
        "shown_on": on,
    }
    session.execute(
        insert(Exposure).values(values).on_conflict_do_nothing(index_elements=["opportunity_id", "contact_id"])
    )


def any_of(ids: list[int]) -> CollectionAggregate[bool]:
    """Compare with ids sent as one array; one by one a statement holds no more than 65,535 of them."""
    return any_(literal(ids, ARRAY(BigInteger)))


def _row(each: Scored, version: str, at: datetime) -> dict[str, Any]:
    return {
        "opportunity_id": each.opportunity_id,
        "partner_id": each.partner_id,
        "version": version,
        "place": each.place,
        "score": each.score,
        "reasons": [_told(reason) for reason in each.reasons],
        "why_you": each.why_you,
        "why_them": each.why_them,
        "signals": each.signals,
        "created_at": at,
    }


def _told(reason: Reason) -> dict[str, Any]:
    """Give the fields of a reason that say something; most say nothing to the most part."""
    told = {name: value for name in Reason.__slots__ if (value := getattr(reason, name))}
    return {"value": 0.0, "weight": 0.0} | told


def _copied(row: dict[str, Any]) -> list[Any]:
    return [bulk.as_json(value) if name in ("reasons", "signals") else value for name, value in row.items()]

"""Matches of an opportunity, and what of them may be offered to whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    CollectionAggregate,
    ColumnElement,
    Float,
    Select,
    Text,
    any_,
    column,
    delete,
    func,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, defer, joinedload

from matcher.models import Contact, Digest, Introduction, Match, Opportunity, Partner, Suppression, WhyNot
from matcher.models import Reserve as ReserveRow
from matcher.store import bounces
from matcher.terms import Offer, ScoreFloor


def places_behind(session: Session, wanted: Mapping[int, Sequence[int]]) -> dict[int, dict[int, int]]:
    """Say for some partners of the reserve, by opportunity, where they stand: behind all that are listed."""
    n_listed = select(func.count()).where(Match.opportunity_id == ReserveRow.opportunity_id).scalar_subquery()
    chosen = select(ReserveRow.opportunity_id, ReserveRow.partner_ids, n_listed)
    rows = session.execute(chosen.where(ReserveRow.opportunity_id == any_of(list(wanted))))
    return {
        id_: {each: place for place, each in enumerate(listed, start=n + 1) if each in set(wanted[id_])}
        for id_, listed, n in rows
    }


def ids_of(session: Session, opportunity_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Map opportunity and partner to the newest match between them."""
    chosen = select(Match.opportunity_id, Match.partner_id, func.max(Match.id))
    found = chosen.where(Match.opportunity_id == any_of(sorted(set(opportunity_ids))))
    return {(row[0], row[1]): row[2] for row in session.execute(found.group_by(Match.opportunity_id, Match.partner_id))}


def is_used() -> ColumnElement[bool]:
    """Say of a match in SQL that somebody was asked because of it."""
    same = (Introduction.opportunity_id == Match.opportunity_id) & (Introduction.partner_id == Match.partner_id)
    return select(Introduction.id).where(same, Introduction.match_id == Match.id).exists()


def n_found(session: Session, opportunity_id: int, *, floor: ScoreFloor, today: date, most: int) -> int:
    """Count those who fit an open opportunity well enough to be asked, listed or behind, up to so many."""
    ours = Opportunity.id == opportunity_id
    matched = select(func.count()).select_from(Match).join(Opportunity, Opportunity.id == Match.opportunity_id)
    listed = matched.where(ours, *_offered(floor, today)).scalar_subquery()
    behind = select(func.count()).select_from(_behind(floor, today).where(ours).subquery()).scalar_subquery()
    return session.scalar(select(func.least(listed + behind, most))) or 0


def for_poster(session: Session, opportunity_id: int, *, limit: int) -> list[Match]:
    """List an opportunity's best matches and those among which a team was looked for, best first."""
    ours = Match.opportunity_id == opportunity_id
    first = select(Match.id).where(ours).order_by(Match.place, Match.id).limit(limit)
    chosen = select(Match).where(ours, Match.id.in_(first) | Match.team_needs.is_not(None))
    said = (defer(Match.signals), joinedload(Match.partner).load_only(Partner.country, Partner.n_people))
    return list(session.scalars(chosen.options(*said).order_by(Match.place, Match.id)))


def offers(session: Session, *, contact_ids: list[int], floor: ScoreFloor, today: date) -> list[Offer]:
    """List what could be put before these contacts today: open, not their own, not shown to their firm before.

    Nothing either that was found before their firm or the poster changed: a rule may forbid it now, and its reasons may
    be untrue.
    """
    chosen = (
        select(Match.opportunity_id, Match.id, Match.partner_id, Contact.id, Match.score, Match.place)
        .join(Opportunity, Opportunity.id == Match.opportunity_id)
        .join(Contact, Contact.partner_id == Match.partner_id)
        .where(Contact.id == any_of(contact_ids), *_offered(floor, today), _changed_at() <= Match.created_at)
        .order_by(Match.opportunity_id, Contact.id)
    )
    listed = [Offer(*row) for row in session.connection().execute(chosen)]
    # Whom one night explained and did not tell is listed since, and stands in reserve too.
    there = {(one.opportunity_id, one.partner_id) for one in listed}
    behind = _offers_behind(session, contact_ids, floor, today)
    return listed + [one for one in behind if (one.opportunity_id, one.partner_id) not in there]


def _changed_at() -> ColumnElement[datetime]:
    """Say when a match's firm or its poster changed; as a join it may be planned with all partners."""
    either = (
        select(Partner.changed_at).where(Partner.id == one).scalar_subquery()
        for one in (Match.partner_id, Opportunity.partner_id)
    )
    return func.greatest(*either)


def _offers_behind(session: Session, contact_ids: list[int], floor: ScoreFloor, today: date) -> list[Offer]:
    behind = _behind(floor, today).subquery()
    chosen = (
        select(behind.c.opportunity_id, null(), behind.c.partner_id, Contact.id, behind.c.score, behind.c.place)
        .join(Contact, Contact.partner_id == behind.c.partner_id)
        .where(Contact.id == any_of(contact_ids))
        .order_by(behind.c.opportunity_id, Contact.id)
    )
    return [Offer(*row) for row in session.connection().execute(chosen)]


def _behind(floor: ScoreFloor, today: date) -> Select[Any]:
    """Choose opportunity, partner, score and place of all who stand in reserve and could be asked."""
    columns = column("partner_id", BigInteger), column("score", Float)
    both = func.unnest(ReserveRow.partner_ids, ReserveRow.scores)
    each = both.table_valued(*columns, with_ordinality="place").render_derived().lateral()
    asked = select(Introduction.id).where(
        Introduction.opportunity_id == ReserveRow.opportunity_id, Introduction.partner_id == each.c.partner_id
    )
    n_asked = select(func.count()).where(Introduction.opportunity_id == ReserveRow.opportunity_id)
    return (
        select(ReserveRow.opportunity_id, each.c.partner_id, each.c.score, each.c.place)
        .join(Opportunity, Opportunity.id == ReserveRow.opportunity_id)
        .join(each, true())
        .where(
            *_still_told(today),
            Opportunity.partner_id != each.c.partner_id,
            each.c.score >= floor.score,
            ~asked.exists(),
            n_asked.scalar_subquery() < floor.full_at,
        )
    )


def firms_with_offers(session: Session, *, floor: ScoreFloor, today: date) -> list[int]:
    """List the partners before whom anything could be put, whoever reads for them."""
    chosen = select(Match.partner_id).distinct().join(Opportunity, Opportunity.id == Match.opportunity_id)
    behind = _behind(floor, today).subquery()
    either = chosen.where(*_offered(floor, today)).union(select(behind.c.partner_id))
    return sorted(session.connection().scalars(either))


def _offered(floor: ScoreFloor, today: date) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL what `ScoreFloor.asks` says, of what is open, not their own and was not put before them."""
    asked = (
        select(Introduction.id)
        .where(Introduction.opportunity_id == Match.opportunity_id, Introduction.partner_id == Match.partner_id)
        .exists()
    )
    first = (Match.place <= floor.best_few) | (func.cardinality(Match.team_needs) > 0)
    return (
        *_still_told(today),
        Opportunity.partner_id != Match.partner_id,
        (Match.score >= floor.score) | (first & (Match.score >= floor.score_of_few)),
        ~asked,
    )


def _still_told(today: date) -> tuple[ColumnElement[bool], ...]:
    return Opportunity.state == "open", (Opportunity.closes_on.is_(None)) | (Opportunity.closes_on >= today)


def who_reads(session: Session, digests: tuple[str, ...], day: date) -> tuple[ColumnElement[bool], ...]:
    """Tell in SQL who may get a digest on a day: proven, of a live firm, not suppressed, reachable.

    Who is reachable is asked for the day's first moment: a pause that ends during the day holds until the next.
    """
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


def n_paused(session: Session, day: date) -> int:
    """Count the readers of live firms who get no digest on a day because they paused until a later one."""
    waits = (Contact.paused_until >= day) & Contact.digest.in_(("daily", "weekly"))
    chosen = select(func.count()).select_from(Contact).join(Partner).where(Partner.state == "live", waits)
    return session.scalar(chosen) or 0


def has_digest(session: Session, contact_ids: list[int], day: date) -> set[int]:
    """Tell which contacts have got their digest of a day."""
    found = select(Digest.contact_id).where(Digest.contact_id == any_of(contact_ids), Digest.day == day)
    return set(session.scalars(found))


def partners_of(session: Session, opportunity_id: int) -> list[int]:
    """List all partners that were found for an opportunity, listed or in reserve."""
    behind = select(func.unnest(ReserveRow.partner_ids)).where(ReserveRow.opportunity_id == opportunity_id)
    return list(session.scalars(select(Match.partner_id).where(Match.opportunity_id == opportunity_id).union(behind)))


def forget(session: Session, opportunity_id: int) -> None:
    """Delete what was found for an opportunity about which nobody was asked yet."""
    for table in (Match, ReserveRow):
        session.execute(delete(table).where(table.opportunity_id == opportunity_id))


def forget_words(session: Session, partner_id: int) -> None:
    """Erase what was made of a partner's words: why it matched, and what would have brought it forward.

    Of what it was asked about the numbers stay, from which the ranker learns.
    """
    quietly = {"synchronize_session": False}
    ours = Match.partner_id == partner_id
    session.execute(delete(Match).where(ours, ~is_used()), execution_options=quietly)
    session.execute(update(Match).where(ours).values(reasons=[], why_you="", why_them=""), execution_options=quietly)
    session.execute(delete(WhyNot).where(WhyNot.partner_id == partner_id), execution_options=quietly)
    session.expire_all()


def any_of(ids: list[int]) -> CollectionAggregate[bool]:
    """Compare with ids sent as one array; one by one a statement holds no more than 65,535 of them."""
    return any_(literal(ids, ARRAY(BigInteger)))

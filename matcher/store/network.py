"""The network as values."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher import models, terms
from matcher.store import unreadable
from matcher.store.postings import is_anybodys

UNREAD = models.Partner.read_at.is_(None) | (models.Partner.read_at < models.Partner.changed_at)


def competencies(session: Session, *, keys: Collection[str] | None = None) -> list[terms.Competency]:
    """Read the dated list of competencies, or what it says of some."""
    chosen = select(models.Competency).order_by(models.Competency.id)
    if keys is not None:
        chosen = chosen.where(models.Competency.key.in_(keys))
    return [
        terms.Competency(
            key=each.key,
            kind=each.kind,
            label=each.label,
            definition=each.definition,
            synonyms=tuple(each.synonyms),
            old_names=tuple(each.old_names),
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            replaced_by=tuple(each.replaced_by),
            practices=tuple(each.practices),
        )
        for each in session.scalars(chosen)
    ]


def unread_partners(session: Session, *, now: datetime) -> list[models.Partner]:
    """List partners whose words changed since their capabilities were made, but for those that rest."""
    chosen = select(models.Partner).where(UNREAD, ~unreadable.rests(now=now))
    return list(session.scalars(chosen.order_by(models.Partner.id)))


def n_unread(session: Session) -> int:
    """Count the partners whose words changed since their capabilities were made."""
    return session.scalar(select(func.count()).select_from(models.Partner).where(UNREAD)) or 0


def replace_capabilities(
    session: Session, partner_id: int, found: Iterable[terms.Capability], *, read_at: datetime
) -> None:
    """Write a partner's capabilities anew; those that did not change keep their rows."""
    wanted = {(each.source, each.competency_key, each.text_hash): each for each in found}
    rows = session.scalars(select(models.Capability).where(models.Capability.partner_id == partner_id))
    there = {(each.source, each.competency_key, each.text_hash): each.id for each in rows}
    gone = [there[key] for key in there.keys() - wanted.keys()]
    session.execute(delete(models.Capability).where(models.Capability.id.in_(gone)))
    new = [_capability_row(each) for key, each in wanted.items() if key not in there]
    if new:
        session.execute(insert(models.Capability).values(new).on_conflict_do_nothing())
    session.execute(update(models.Partner).where(models.Partner.id == partner_id).values(read_at=read_at))


def people_of(session: Session, partner_id: int) -> list[terms.BenchPerson]:
    """Read a partner's bench."""
    chosen = select(models.BenchPerson).where(models.BenchPerson.partner_id == partner_id)
    return [_person(each) for each in session.scalars(chosen.order_by(models.BenchPerson.id))]


def badges_of(session: Session, partner_id: int) -> list[terms.Badge]:
    """Read a partner's badges, newest first."""
    chosen = select(models.Badge).where(models.Badge.partner_id == partner_id)
    return [
        terms.Badge(each.partner_id, each.competency_key, each.level, each.awarded_on, each.expires_on, each.source)
        for each in session.scalars(chosen.order_by(models.Badge.awarded_on.desc(), models.Badge.id))
    ]


def work_of(session: Session, partner_id: int) -> list[terms.Collaboration]:
    """Read what a partner did for others."""
    chosen = select(models.Collaboration).where(models.Collaboration.partner_id == partner_id)
    return [collaboration(each) for each in session.scalars(chosen.order_by(models.Collaboration.id))]


def n_partners(session: Session) -> int:
    """Count the partners that are no drafts."""
    chosen = select(func.count(models.Partner.id)).where(models.Partner.state != "draft")
    return session.scalar(chosen) or 0


def id_of(session: Session, partner_key: str) -> int | None:
    """Find a partner that is no draft by its key."""
    chosen = select(models.Partner.id).where(models.Partner.key == partner_key, models.Partner.state != "draft")
    return session.scalar(chosen)


def keys_of(session: Session, partner_ids: Iterable[int]) -> dict[int, str]:
    """Read the keys of some partners."""
    chosen = select(models.Partner.id, models.Partner.key).where(models.Partner.id.in_(list(partner_ids)))
    return {row[0]: row[1] for row in session.execute(chosen)}


def as_partner(session: Session, row: models.Partner) -> terms.Partner:
    """Turn one row into the ranker's value."""
    keys = session.execute(
        select(models.Partner.key, models.Partner.id).where(models.Partner.key.in_(row.conflict_keys))
    )
    return _partner(row, {each[0]: each[1] for each in keys})


def as_opportunity(row: models.Opportunity) -> terms.Opportunity:
    """Turn one opportunity with its needs into the ranker's value.

    A draft that came by a form is nobody's yet: who fits must not tell whoever looks whose address was typed.
    """
    return terms.Opportunity(
        id=row.id,
        partner_id=terms.NOBODY if is_anybodys(row) else row.partner_id,
        title=row.title,
        text=row.blind_text,
        needs=tuple(terms.Need(each.text, tuple(each.competency_keys)) for each in row.needs),
        country=row.country,
        on_site=row.on_site,
        due_on=row.due_on,
        value_eur=row.value_eur,
        languages=tuple(row.languages),
        jurisdiction=row.jurisdiction,
        clearances=tuple(row.clearances),
        industry=row.industry,
    )


def collaboration(each: models.Collaboration) -> terms.Collaboration:
    """Turn one row into an edge of the graph."""
    return terms.Collaboration(
        lead_id=each.lead_id,
        partner_id=each.partner_id,
        competency_key=each.competency_key,
        started_on=each.started_on,
        ended_on=each.ended_on,
        outcome=each.outcome,
        summary=each.summary,
        role=each.role,
        revenue_eur=each.revenue_eur,
    )


def _all(session: Session, table: type) -> list:  # type: ignore[type-arg]
    return list(session.scalars(select(table).order_by(table.id)))  # type: ignore[attr-defined]


def _partner(each: models.Partner, ids: dict[str, int]) -> terms.Partner:
    return terms.Partner(
        id=each.id,
        key=each.key,
        name=each.name,
        country=each.country,
        city=each.city,
        n_people=each.n_people or 1,
        languages=tuple(each.languages),
        industries=tuple(each.industries),
        jurisdictions=tuple(each.jurisdictions),
        clearances=tuple(each.clearances),
        practices=tuple(each.practices),
        conflict_ids=frozenset(ids[key] for key in each.conflict_keys if key in ids),
        min_eur=each.min_eur,
        max_eur=each.max_eur,
        profile_on=each.profile_on,
        joined_on=each.created_at.date(),
        state=each.state,
    )


def _capability_row(each: terms.Capability) -> dict[str, object]:
    return {
        "partner_id": each.partner_id,
        "competency_key": each.competency_key,
        "text": each.text,
        "text_hash": each.text_hash,
        "source": each.source,
        "evidence": each.evidence,
    }


def _person(each: models.BenchPerson) -> terms.BenchPerson:
    return terms.BenchPerson(
        partner_id=each.partner_id,
        name=each.name,
        competency_keys=tuple(each.competency_keys),
        level=each.level,
        languages=tuple(each.languages),
        free_from=each.free_from,
        free_days=each.free_days,
        on_site=each.on_site,
    )

"""People whom a partner can lend and badges that it holds, as it tells of them itself."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Badge, BenchPerson, Partner

BADGE_LASTS_DAYS = 365  # of one whose end is not said; vendors renew theirs each year


def lock(session: Session, partner_id: int) -> Partner:
    """Let one change of a partner's people and badges wait for another."""
    chosen = select(Partner).where(Partner.id == partner_id).with_for_update()
    return session.scalars(chosen, execution_options={"populate_existing": True}).one()


def person(session: Session, partner_id: int, person_id: int) -> BenchPerson | None:
    """Find one of a partner's own people."""
    return session.scalar(select(BenchPerson).where(BenchPerson.id == person_id, BenchPerson.partner_id == partner_id))


def people(session: Session, partner_id: int) -> list[BenchPerson]:
    return list(
        session.scalars(select(BenchPerson).where(BenchPerson.partner_id == partner_id).order_by(BenchPerson.id))
    )


def badges(session: Session, partner_id: int) -> list[Badge]:
    """List a partner's badges, newest first."""
    chosen = select(Badge).where(Badge.partner_id == partner_id)
    return list(session.scalars(chosen.order_by(Badge.awarded_on.desc(), Badge.id)))


def free_name(session: Session, partner_id: int) -> str:
    """Name somebody of whom no name was told: the first "Person 1", "Person 2" … that is free."""
    taken = set(session.scalars(select(BenchPerson.name).where(BenchPerson.partner_id == partner_id)))
    return next(name for n in range(1, len(taken) + 2) if (name := f"Person {n}") not in taken)


def lend(session: Session, partner_id: int, *, name: str, **facts: Any) -> None:
    """Write down one person of a partner, or anew who is there by that name already."""
    written = insert(BenchPerson).values(partner_id=partner_id, name=name, **facts)
    session.execute(written.on_conflict_do_update(index_elements=["partner_id", "name"], set_=facts))
    session.expire_all()


def let_go(session: Session, partner_id: int, names: Iterable[str]) -> None:
    """Take people off a partner's bench."""
    session.execute(delete(BenchPerson).where(BenchPerson.partner_id == partner_id, BenchPerson.name.in_(list(names))))


def hold(session: Session, partner_id: int, *, key: str, level: str, until: date | None, source: str, on: date) -> None:
    """Write down a badge that a partner says it holds; told again, the newest word of its own counts.

    One that came with the list of the network stays beside it.
    """
    session.execute(
        delete(Badge).where(Badge.partner_id == partner_id, Badge.competency_key == key, Badge.source != "")
    )
    expires_on = until or on + timedelta(days=BADGE_LASTS_DAYS)
    facts = {"level": level, "expires_on": expires_on}
    held = insert(Badge).values(partner_id=partner_id, competency_key=key, awarded_on=on, source=source, **facts)
    session.execute(held.on_conflict_do_nothing(index_elements=["partner_id", "competency_key", "awarded_on"]))


def end(session: Session, partner_id: int, keys: Iterable[str], *, on: date) -> None:
    """End a partner's badges the day before; one that it only told of is forgotten."""
    ours = (Badge.partner_id == partner_id) & Badge.competency_key.in_(list(keys))
    session.execute(delete(Badge).where(ours, Badge.source != ""))
    over = (Badge.expires_on.is_(None)) | (Badge.expires_on >= on)
    session.execute(
        update(Badge).where(ours, over).values(expires_on=on - timedelta(days=1)),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()

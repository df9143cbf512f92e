"""Rows of the seed files, written once per natural key."""

from typing import Any

from psycopg.errors import ProgramLimitExceeded
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError as WrongValue
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from matcher.models import Badge, Base, BenchPerson, Collaboration, Competency, Contact, Partner, Posting

TABLES: dict[str, type[Base]] = {
    "competencies": Competency, "partners": Partner, "contacts": Contact, "people": BenchPerson, "badges": Badge,
    "collaborations": Collaboration, "postings": Posting,
}  # fmt: skip


def is_about_row(error: DBAPIError) -> bool:
    """Tell whether the database refused one row, such as for a text too long for an index, and not all of them."""
    return isinstance(error, WrongValue | IntegrityError) or isinstance(error.orig, ProgramLimitExceeded)


def partner_ids(session: Session) -> dict[str, int]:
    """Map the keys of all partners to their ids."""
    return {row[0]: row[1] for row in session.execute(select(Partner.key, Partner.id))}


def competency_keys(session: Session) -> set[str]:
    return set(session.scalars(select(Competency.key)))


def n_of_each(session: Session) -> dict[str, int]:
    """Count what there is of each seed file's kind."""
    return {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in TABLES.items()}


def add(session: Session, table: str, values: dict[str, Any]) -> bool:
    """Insert one row unless its natural key is there (False); the database refuses what breaks its rules."""
    into = Base.metadata.tables[table]
    return session.scalar(insert(into).values(values).on_conflict_do_nothing().returning(into.c.id)) is not None


def add_partner(session: Session, values: dict[str, Any]) -> int:
    """Insert a partner unless its key is there; return its id either way."""
    added = session.scalar(
        insert(Partner).values(values).on_conflict_do_nothing(index_elements=["key"]).returning(Partner.id)
    )
    return added or session.scalars(select(Partner.id).where(Partner.key == values["key"])).one()


def owner_of(session: Session, email: str) -> Partner:
    """Find whose contact has an address."""
    return session.scalars(select(Partner).join(Contact).where(Contact.email == email)).one()


def first_contact(session: Session, partner_id: int) -> Contact | None:
    """Find the contact who reads a partner's mail first."""
    return session.scalar(select(Contact).where(Contact.partner_id == partner_id).order_by(Contact.id).limit(1))

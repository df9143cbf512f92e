"""Partners whose words make us stumble → noted with the error for the steward, and tried again after an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Partner, Unreadable

REST = timedelta(hours=1)  # until the same words are tried again: by another release, perhaps
LONGEST = 300  # characters of an error
N_LISTED = 25


@dataclass(frozen=True, slots=True)
class Unread:
    """A partner that cannot be read, and why."""

    partner_id: int
    name: str
    error: str
    at: datetime


def note(session: Session, row: Partner, error: Exception, *, at: datetime) -> None:
    """Write down why a partner's words of now could not be read."""
    said = f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST]
    values = {"changed_at": row.changed_at, "error": said, "at": at}
    added = insert(Unreadable).values(partner_id=row.id, **values)
    session.execute(added.on_conflict_do_update(index_elements=["partner_id"], set_=values))


def tidy(session: Session) -> None:
    """Forget those who were read since."""
    read = select(Partner.id).where(Partner.id == Unreadable.partner_id, Partner.read_at >= Partner.changed_at)
    session.execute(delete(Unreadable).where(read.exists()), execution_options={"synchronize_session": False})


def rests(*, now: datetime) -> ColumnElement[bool]:
    """Tell whether a partner's words of now could not be read lately."""
    return select(Unreadable.partner_id).where(_of_now(), Unreadable.at > now - REST).exists()


def is_noted() -> ColumnElement[bool]:
    """Tell whether a partner's words of now could not be read."""
    return select(Unreadable.partner_id).where(_of_now()).exists()


def n_noted(session: Session) -> int:
    """Count the partners whose words of now could not be read."""
    chosen = select(func.count()).select_from(Unreadable).join(Partner, _of_now())
    return session.scalar(chosen) or 0


def listed(session: Session, *, limit: int = N_LISTED) -> list[Unread]:
    """List them, the newest first."""
    chosen = select(Partner.id, Partner.name, Unreadable.error, Unreadable.at).join(Unreadable, _of_now())
    return [Unread(*row) for row in session.execute(chosen.order_by(Unreadable.at.desc(), Partner.id).limit(limit))]


def _of_now() -> ColumnElement[bool]:
    return (Unreadable.partner_id == Partner.id) & (Unreadable.changed_at == Partner.changed_at)

"""Messages that arrived: kept once, bytes first, then marked with what was made of them."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import InboundMessage
from matcher.store.changing import n_changed
from matcher.store.wake import wake


def keep(session: Session, *, key: str, raw: bytes, envelope_from: str, envelope_to: str, at: datetime) -> int | None:
    """Store a message once per key and wake its reader; None when it was received before."""
    added = session.scalar(
        insert(InboundMessage)
        .values(key=key, raw=raw, envelope_from=envelope_from, envelope_to=envelope_to, received_at=at)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(InboundMessage.id)
    )
    if added is not None:
        wake(session, "receive", message_id=added)
    return added


def message(session: Session, message_id: int) -> InboundMessage | None:
    return session.get(InboundMessage, message_id)


def take(session: Session, message_id: int, *, before: str = "new") -> InboundMessage | None:
    """Lock a message that still waits in a state; None when it is dealt with or in other hands."""
    chosen = select(InboundMessage).where(InboundMessage.id == message_id, InboundMessage.state == before)
    return session.scalar(chosen.with_for_update(skip_locked=True))


def mark(session: Session, message_id: int, *, state: str, verdict: str) -> None:
    """Note what was made of a message."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id == message_id)
        .values(state=state, verdict=verdict)
        .execution_options(synchronize_session="fetch")
    )


def waiting(session: Session, *, limit: int) -> list[int]:
    """List messages that nobody has read yet, oldest first."""
    found = select(InboundMessage.id).where(InboundMessage.state == "new").order_by(InboundMessage.id)
    return list(session.scalars(found.limit(limit)))


def n_from(session: Session, sender: str, *, since: datetime) -> int:
    """Count messages of a sender since a moment."""
    counted = select(func.count()).where(InboundMessage.sender == sender, InboundMessage.received_at >= since)
    return session.scalar(counted) or 0


def forget(session: Session, *, older_than: timedelta, now: datetime) -> int:
    """Empty the raw bytes of messages past their keeping time; what was made of them stays. Return how many."""
    return n_changed(
        session,
        update(InboundMessage)
        .where(InboundMessage.received_at < now - older_than, InboundMessage.raw != b"", InboundMessage.state != "new")
        .values(raw=b"", text="", removed=""),
    )

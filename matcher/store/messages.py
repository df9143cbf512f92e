"""Messages that arrived: kept once, bytes first, then marked with what was made of them, counted, replayed, emptied."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import InboundMessage, Letter
from matcher.store.wake import wake

ACTED_ON = ("new", "done")  # states that count; the message that is being dealt with is still new
HAS_WORDS = text("inbound_message.raw <> ''::bytea AND inbound_message.state <> 'new'")  # word for word as its index
FORGOTTEN = {
    "raw": b"",
    "text": "",
    "removed": "",
    "verdict": func.regexp_replace(InboundMessage.verdict, "“[^”]*”", "“…”", "g"),
}
# Verdicts of what a person has to read, for a machine did nothing but answer.
EXPLAINED, KEPT = "explained how to write to us", "kept for the steward"
LOOKED_AT = 2_000  # newest messages that a count over all senders reads: it has no index


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


def of_key(session: Session, key: str) -> InboundMessage | None:
    return session.scalar(select(InboundMessage).where(InboundMessage.key == key))


def take(session: Session, message_id: int, *, before: str = "new") -> InboundMessage | None:
    """Lock a message that still waits in a state; None when it is dealt with or in other hands."""
    chosen = select(InboundMessage).where(InboundMessage.id == message_id, InboundMessage.state == before)
    return session.scalar(chosen.with_for_update(skip_locked=True))


def lock(session: Session, message_id: int) -> InboundMessage | None:
    """Lock a message in whatever state; None when there is none or it is in other hands."""
    chosen = select(InboundMessage).where(InboundMessage.id == message_id)
    return session.scalar(chosen.with_for_update(skip_locked=True))


def queue_up(session: Session, sender: str) -> None:
    """Wait until no other transaction deals with a message of this sender."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(sender, 0))))


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


def to_replay(session: Session, states: Collection[str], *, since: datetime | None) -> list[int]:
    """List messages in these states, of any when none is named, from a moment on, oldest first.

    Those past their keeping time, whose bytes are gone, are left out.
    """
    found = select(InboundMessage.id).where(func.octet_length(InboundMessage.raw) > 0).order_by(InboundMessage.id)
    if states:
        found = found.where(InboundMessage.state.in_(states))
    if since:
        found = found.where(InboundMessage.received_at >= since)
    return list(session.scalars(found))


def n_unasked(session: Session, sender: str, *, since: datetime) -> int:
    """Count a sender's messages since a moment that answered no letter and were acted on."""
    return _count(session, _from(sender, since), InboundMessage.letter_id.is_(None))


def n_replies(session: Session, sender: str, *, since: datetime) -> int:
    """Count a sender's replies since a moment that were acted on."""
    return _count(session, _from(sender, since), InboundMessage.letter_id.is_not(None))


def n_held(session: Session, letter_id: int, *, since: datetime) -> int:
    """Count the replies to a letter since a moment that were held."""
    counted = select(func.count()).where(
        InboundMessage.letter_id == letter_id, InboundMessage.received_at >= since, InboundMessage.state == "held"
    )
    return session.scalar(counted) or 0


def n_about(session: Session, sender: str, letter: Letter, *, since: datetime) -> int:
    """Count a sender's replies since a moment, acted on, to letters about the same things as this one."""
    answered = InboundMessage.letter_id.in_(select(Letter.id).where(Letter.refs == letter.refs))
    return _count(session, _from(sender, since), answered)


def n_of_domain(session: Session, domain: str, *, since: datetime) -> int:
    """Count the senders' messages of a domain among the newest that were acted on since a moment."""
    newest = (
        select(InboundMessage.sender, InboundMessage.received_at, InboundMessage.state)
        .order_by(InboundMessage.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    counted = select(func.count()).where(
        newest.c.sender.endswith(f"@{domain}", autoescape=True),
        newest.c.received_at >= since,
        newest.c.state.in_(ACTED_ON),
    )
    return session.scalar(counted) or 0


def texts_of(session: Session, sender: str, *, since: datetime) -> list[str]:
    """List what a sender wrote since a moment in messages that were acted on."""
    found = select(InboundMessage.text).where(_from(sender, since), InboundMessage.state.in_(ACTED_ON))
    return list(session.scalars(found))


def is_past(before: datetime) -> ColumnElement[bool]:
    """Tell messages that came before a moment, were read, and still have their words."""
    return (InboundMessage.received_at < before) & HAS_WORDS


def _from(sender: str, since: datetime) -> ColumnElement[bool]:
    return (InboundMessage.sender == sender) & (InboundMessage.received_at >= since)


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(*where, InboundMessage.state.in_(ACTED_ON))
    return session.scalar(counted) or 0

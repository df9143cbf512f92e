"""Outgoing letters: written once per key, claimed, sent, tried again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Contact, Letter, Suppression
from matcher.store.changing import moved
from matcher.store.wake import wake

STALE_CLAIM = timedelta(minutes=5)
MAX_TRIES = 36  # about five days, as mail servers use
FOR_DIGESTS = ("digest", "reminder")  # kinds that an unsubscribed address does not get
OFFERING = ("digest", "reminder", "answered")  # kinds whose numbers are offers


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to write: its natural key, its kind, to whom, what it says, and what its numbers stand for.

    `to` is a contact, or the bare address of somebody we do not know. `refs` pairs each number with what it names.
    """

    key: str
    kind: str
    to: Contact | str
    values: dict[str, Any] = field(default_factory=dict)
    refs: list[tuple[int, int]] = field(default_factory=list)
    in_reply_to: str = ""


def write(session: Session, draft: Draft, *, at: datetime) -> int | None:
    """Insert a letter once per key and wake the delivery; return its id, or None when it stood already."""
    to = draft.to
    added = session.scalar(
        insert(Letter)
        .values(
            key=draft.key,
            kind=draft.kind,
            contact_id=None if isinstance(to, str) else to.id,
            to_address=to if isinstance(to, str) else to.email,
            values=draft.values,
            refs=draft.refs,
            in_reply_to=draft.in_reply_to,
            next_try_at=at,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Letter.id)
    )
    if added is not None:
        wake(session, "deliver")
    return added


def letter(session: Session, letter_id: int) -> Letter | None:
    return session.get(Letter, letter_id)


def claim(session: Session, *, now: datetime, limit: int) -> list[Letter]:
    """Take up to `limit` letters that are due, oldest first; those of a sender that died come back after a while."""
    due = or_(Letter.state == "waiting", (Letter.state == "claimed") & (Letter.claimed_at < now - STALE_CLAIM))
    chosen = (
        select(Letter)
        .where(due, Letter.next_try_at <= now)
        .order_by(Letter.next_try_at, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    letters = list(session.scalars(chosen))
    for each in letters:
        each.state, each.claimed_at = "claimed", now
    session.flush()
    return letters


def renew(session: Session, letter_ids: Iterable[int], *, claimed_at: datetime, now: datetime) -> set[int]:
    """Hold on to claims of a moment for longer; return those that no other sender has taken meanwhile."""
    ours = update(Letter).where(Letter.id.in_(list(letter_ids)), Letter.state == "claimed")
    kept = session.scalars(
        ours.where(Letter.claimed_at == claimed_at).values(claimed_at=now).returning(Letter.id),
        execution_options={"synchronize_session": "fetch"},
    )
    return set(kept)


def mark_sent(session: Session, letter_id: int, *, at: datetime) -> bool:
    """Note the server's 250; False when the claim was lost to another sender."""
    return _move(session, letter_id, state="sent", sent_at=at, error="")


def mark_dropped(session: Session, letter_id: int, cause: str) -> bool:
    """Note that a letter will not be sent, and why."""
    return _move(session, letter_id, state="dropped", error=cause)


def mark_failed(session: Session, letter_id: int, error: str) -> bool:
    """Note that the server refused a letter for good."""
    return _move(session, letter_id, state="failed", error=error)


def put_back(session: Session, letter_id: int, *, error: str, now: datetime) -> bool:
    """Let a letter wait for a later try: after 1, 2, 4 … minutes, at most 4 hours."""
    row = session.get_one(Letter, letter_id)
    pause = timedelta(minutes=min(2**row.n_tries, 240))
    state = "waiting" if row.n_tries + 1 < MAX_TRIES else "failed"
    return _move(session, letter_id, state=state, error=error, n_tries=row.n_tries + 1, next_try_at=now + pause)


def n_waiting(session: Session) -> int:
    """Count letters that are not sent yet and still may be."""
    return len(session.scalars(select(Letter.id).where(Letter.state.in_(("waiting", "claimed")))).all())


def next_due_at(session: Session) -> datetime | None:
    """Say when the next waiting letter may be tried."""
    return session.scalar(
        select(Letter.next_try_at).where(Letter.state == "waiting").order_by(Letter.next_try_at).limit(1)
    )


def suppressed(session: Session, each: Letter) -> str:
    """Return why an address is not mailed this letter, or an empty text."""
    scopes = ("all", "digest") if each.kind in FOR_DIGESTS else ("all",)
    found = select(Suppression.cause).where(Suppression.email == each.to_address, Suppression.scope.in_(scopes))
    return session.scalar(found.limit(1)) or ""


def why_no_digest(session: Session, email: str) -> str:
    """Return why an address gets no digests, or an empty text."""
    found = select(Suppression.cause).where(Suppression.email == email.lower())
    return session.scalar(found.order_by(Suppression.scope, Suppression.id).limit(1)) or ""


def offered_in(session: Session, contact_id: int) -> dict[int, tuple[int, int]]:
    """Map each introduction that was offered to a contact to its newest letter and its number there."""
    chosen = select(Letter.id, Letter.refs).where(Letter.contact_id == contact_id, Letter.kind.in_(OFFERING))
    rows = session.execute(chosen.order_by(Letter.id))
    return {ref[1]: (row[0], ref[0]) for row in rows for ref in row[1]}


def suppress(session: Session, email: str, *, scope: str, cause: str, at: datetime) -> None:
    """Stop mail to an address, from now on."""
    session.execute(
        insert(Suppression)
        .values(email=email.lower(), scope=scope, cause=cause, created_at=at)
        .on_conflict_do_nothing(index_elements=["email", "scope"])
    )


def allow_again(session: Session, email: str) -> None:
    """Mail an address again after its owner asked for it; a complaint or bounce stays."""
    own_wish = Suppression.cause.in_(("unsubscribed", "left"))
    found = select(Suppression).where(Suppression.email == email.lower(), own_wish)
    for row in session.scalars(found):
        session.delete(row)
    session.flush()


def _move(session: Session, letter_id: int, **values: Any) -> bool:
    return moved(session, update(Letter).where(Letter.id == letter_id, Letter.state == "claimed").values(**values))

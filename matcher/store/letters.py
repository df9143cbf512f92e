"""Outgoing letters: written once per key, claimed, sent, tried again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Interval, case, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from matcher.bounces import UNASKED, Standing
from matcher.models import Contact, Letter, Suppression
from matcher.store import bounces
from matcher.store.changing import moved, n_changed
from matcher.store.late import PERHAPS
from matcher.store.wake import wake

# Word for word as the index of due letters has it: with parameters in place of the words it would not be used.
IS_OPEN = text("letter.state IN ('waiting', 'claimed')")
STALE_CLAIM = timedelta(minutes=5)
MAX_TRIES = 36  # about five days, as mail servers use
MAX_PAUSE_MINUTES = 240
FOR_DIGESTS = UNASKED  # kinds that an unsubscribed address does not get
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
            request=session.info.get("request", ""),
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


def written_at(session: Session, key: str) -> datetime | None:
    """Say when the letter of a key was written; None where there is none."""
    return session.scalar(select(Letter.created_at).where(Letter.key == key))


def claim(session: Session, *, now: datetime, limit: int) -> list[Letter]:
    """Take up to `limit` letters that are due, oldest first, each with its contact.

    Those of a sender that died come back after a while.
    """
    due = or_(Letter.state == "waiting", (Letter.state == "claimed") & (Letter.claimed_at < now - STALE_CLAIM))
    chosen = (
        select(Letter.id)
        .where(IS_OPEN, due, Letter.next_try_at <= now)
        .order_by(Letter.next_try_at, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    taking = update(Letter).where(Letter.id == chosen.c.id).values(state="claimed", claimed_at=now).returning(Letter)
    found = select(Letter).from_statement(taking)
    letters = list(session.scalars(found, execution_options={"populate_existing": True}))
    _find_contacts(session, letters)
    return sorted(letters, key=lambda each: (each.next_try_at, each.id))


def _find_contacts(session: Session, rows: Iterable[Letter]) -> None:
    """Give each letter its contact. The driver prepares a statement with one array, and none with a list of numbers."""
    ids = sorted({each.contact_id for each in rows if each.contact_id is not None})
    people = session.scalars(
        select(Contact).where(Contact.id == func.any(ids)), execution_options={"populate_existing": True}
    )
    by_id = {each.id: each for each in people} if ids else {}
    for each in rows:
        set_committed_value(each, "contact", by_id.get(each.contact_id) if each.contact_id is not None else None)


def renew(session: Session, letter_ids: Iterable[int], *, claimed_at: datetime, now: datetime) -> set[int]:
    """Hold on to claims of a moment for longer; return those that no other sender has taken meanwhile."""
    ours = update(Letter).where(Letter.id.in_(list(letter_ids)), Letter.state == "claimed")
    kept = session.scalars(
        ours.where(Letter.claimed_at == claimed_at).values(claimed_at=now).returning(Letter.id),
        execution_options={"synchronize_session": "fetch"},
    )
    return set(kept)


def mark_sent(session: Session, letter_ids: Iterable[int], *, at: datetime) -> set[int]:
    """Note the server's 250 for each; return those that no other sender had marked before."""
    ours = update(Letter).where(Letter.id == func.any(list(letter_ids)), Letter.state == "claimed")
    done = ours.values(state="sent", sent_at=at, error="").returning(Letter.id)
    return set(session.connection().execute(done).scalars())  # no row of it is held as an object


def mark_dropped(session: Session, letter_id: int, cause: str) -> bool:
    """Note that a letter will not be sent, and why."""
    return _move(session, letter_id, state="dropped", error=cause)


def mark_failed(session: Session, letter_id: int, error: str) -> bool:
    """Note that the server refused a letter for good."""
    return _move(session, letter_id, state="failed", error=error)


def put_back(
    session: Session, letter_ids: Iterable[int], *, claimed_at: datetime, error: str, now: datetime
) -> dict[int, datetime | None]:
    """Let letters claimed at a moment wait for a later try: after 1, 2, 4 … minutes, at most 4 hours.

    Return when, or None if given up; what another sender has claimed meanwhile is left to it.
    """
    pause = literal(timedelta(minutes=1), Interval) * func.least(func.power(2, Letter.n_tries), MAX_PAUSE_MINUTES)
    state = case((Letter.n_tries + 1 < MAX_TRIES, "waiting"), else_="failed")
    ours = update(Letter).where(Letter.id.in_(list(letter_ids)), Letter.state == "claimed")
    said = case((Letter.error.startswith(PERHAPS, autoescape=True), PERHAPS + error.removeprefix(PERHAPS)), else_=error)
    again = ours.where(Letter.claimed_at == claimed_at).values(
        state=state, error=said, n_tries=Letter.n_tries + 1, next_try_at=literal(now) + pause
    )
    returned = again.returning(Letter.id, Letter.state, Letter.next_try_at)
    rows = session.execute(returned, execution_options={"synchronize_session": "fetch"})
    return {row.id: row.next_try_at if row.state == "waiting" else None for row in rows}


def release(session: Session, letter_ids: Iterable[int], *, claimed_at: datetime) -> int:
    """Give claims of a moment back that led to nothing; the letters stay due and no try is counted.

    What another sender has claimed meanwhile stays its own, or it would be sent twice.
    """
    ours = update(Letter).where(Letter.id.in_(list(letter_ids)), Letter.state == "claimed")
    return n_changed(session, ours.where(Letter.claimed_at == claimed_at).values(state="waiting", claimed_at=None))


def n_asked_back(session: Session, contact_id: int, *, since: datetime, kind: str = "") -> int:
    """Count the letters to a contact since a moment that ask whether a posting or a profile was read right.

    Of one kind only (confirm, welcome) where it is named.
    """
    kinds = (kind,) if kind else ("confirm", "welcome")
    ours = (Letter.contact_id == contact_id) & Letter.kind.in_(kinds) & (Letter.created_at >= since)
    return session.scalar(select(func.count()).where(ours)) or 0


def n_waiting(session: Session) -> int:
    """Count letters that are not sent yet and still may be."""
    return session.scalar(select(func.count()).select_from(Letter).where(IS_OPEN)) or 0


def held_back(session: Session, rows: Collection[Letter], *, now: datetime) -> dict[int, str]:
    """Map those of some letters that must not go to why: a wish, a complaint, or mail that comes back."""
    emails = {each.to_address for each in rows}
    found = session.execute(
        select(Suppression.email, Suppression.scope, Suppression.cause)
        .where(Suppression.email == func.any(sorted(emails)))
        .order_by(Suppression.id)
    )
    wishes = {(email, scope): cause for email, scope, cause in found}
    stands = bounces.standings(session, emails, now=now)
    causes = {each.id: _wish(each, wishes) or _bounced(each, stands[each.to_address]) for each in rows}
    return {letter_id: cause for letter_id, cause in causes.items() if cause}


def _wish(each: Letter, wishes: dict[tuple[str, str], str]) -> str:
    scopes = ("all", "digest") if each.kind in FOR_DIGESTS else ("all",)
    return next((wishes[each.to_address, scope] for scope in scopes if (each.to_address, scope) in wishes), "")


def _bounced(each: Letter, stands: Standing) -> str:
    return "bounce" if stands.holds_back(each.kind) else ""


def why_no_digest(session: Session, email: str) -> str:
    """Return why an address gets no digests, or an empty text."""
    found = select(Suppression.cause).where(Suppression.email == email.lower())
    return session.scalar(found.order_by(Suppression.scope, Suppression.id).limit(1)) or ""


def stopped_at(session: Session, email: str, *, cause: str) -> datetime | None:
    """Say since when a cause keeps mail from an address; None when it does not."""
    found = select(Suppression.created_at).where(Suppression.email == email.lower(), Suppression.cause == cause)
    return session.scalar(found.order_by(Suppression.created_at).limit(1))


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


def take_along(session: Session, contact: Contact, old: str, new: str, *, at: datetime) -> None:
    """Let what a person wished at an old address hold at the new one, and letters on their way there go to it."""
    wishes = select(Suppression).where(Suppression.email == old.lower(), Suppression.cause != "bounce")
    for each in session.scalars(wishes).all():
        suppress(session, new, scope=each.scope, cause=each.cause, at=at)
    waiting = update(Letter).where(Letter.contact_id == contact.id, Letter.state == "waiting")
    n_changed(session, waiting.values(to_address=new))


def allow_again(session: Session, email: str) -> None:
    """Mail an address again after its owner asked for it; a complaint or bounce stays."""
    lift(session, email, "unsubscribed", "left")


def lift(session: Session, email: str, *causes: str) -> set[str]:
    """Let some causes keep mail from an address no longer; return those that did."""
    found = select(Suppression).where(Suppression.email == email.lower(), Suppression.cause.in_(causes))
    rows = list(session.scalars(found))
    for row in rows:
        session.delete(row)
    session.flush()
    return {each.cause for each in rows}


def _move(session: Session, letter_id: int, **values: Any) -> bool:
    return moved(session, update(Letter).where(Letter.id == letter_id, Letter.state == "claimed").values(**values))

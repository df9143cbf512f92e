"""What came back from the addresses of a firm → a sentence on each for its page, with the button that clears it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import wording
from matcher.bounces import Standing, in_words
from matcher.models import Contact
from matcher.store import bounces, letters

ARRIVES = "mail arrives"
STOPPED = "You get no digests"
IN_SHORT = {"paused": "digests wait", "probing": "digests wait", "cut": "mail stopped"}


@dataclass(frozen=True, slots=True)
class MailState:
    """How mail to one contact stands: in short for a list, and as a notice where something keeps it."""

    contact_id: int
    in_short: str
    heading: str = ""
    line: str = ""
    button: str = ""


def mail_states(
    session: Session, contacts: Iterable[Contact], *, viewer: Contact | None, now: datetime
) -> list[MailState]:
    """Say how mail to each contact stands, as one of them sees it; none for whoever came by the link of a letter."""
    rows = list(contacts)
    stands = bounces.standings(session, [each.email for each in rows], now=now)
    return [_state(session, each, stands[each.email], viewer) for each in rows]


def _state(session: Session, contact: Contact, stands: Standing, viewer: Contact | None) -> MailState:
    complained_at = letters.stopped_at(session, contact.email, cause="complaint")
    button = "Mail me again" if viewer is None or viewer.id == contact.id else "Mail this address again"
    if complained_at is not None:
        return _complained(contact, complained_at, viewer)
    if stands.name == "cut":
        heading = f"We stopped writing to {contact.email}"
        return MailState(contact.id, IN_SHORT["cut"], heading, _why_cut(stands), button)
    if stands.is_mailed or not _reads(session, contact):
        return MailState(contact.id, _in_short(stands))
    heading = f"Digests to {contact.email} wait"
    return MailState(contact.id, IN_SHORT[stands.name], heading, _why_waiting(stands), button)


def _complained(contact: Contact, at: datetime, viewer: Contact | None) -> MailState:
    in_short = f"marked a letter as spam on {_on(at)}"
    if viewer is not None and viewer.id != contact.id:
        return MailState(contact.id, in_short)
    said = (
        f"You, or your mail program, marked a letter of ours as spam on {_on(at)}, so we stopped the digests at once."
    )
    if viewer is None:
        return MailState(contact.id, in_short, STOPPED, f"{said} Changed your mind? Sign in and say so on your page.")
    return MailState(contact.id, in_short, STOPPED, said, "Mail me again")


def _why_waiting(stands: Standing) -> str:
    came_back = f"Our mail came back on {_on(stands.since)}: {in_words(stands.reason)}."
    if stands.name == "paused":
        return f"{came_back} On {_on(stands.next_at)} we send one short letter; if it arrives, all goes on by itself."
    if stands.next_at is None:
        return f"{came_back} One short letter is on its way to try again; if it arrives, all goes on by itself."
    return f"{came_back} We sent one short letter; unless it comes back too, all goes on from {_on(stands.next_at)}."


def _why_cut(stands: Standing) -> str:
    return (
        f"Our mail comes back, and so did what we sent on {_on(stands.since)} to try again: {in_words(stands.reason)}. "
        "We send nothing more, except what somebody asks for there, until you say that the address works."
    )


def _in_short(stands: Standing) -> str:
    if stands.name == "well":
        return ARRIVES
    return f"a letter came back on {_on(stands.since)}: {in_words(stands.reason)}"


def _on(at: datetime | None) -> str:
    return wording.day(at.date() if at else None)


def _reads(session: Session, contact: Contact) -> bool:
    return contact.digest != "paused" and not letters.why_no_digest(session, contact.email)

"""A wish for no digests for a while, or for digests again → the day from which they come, told in one sentence."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange import joining, subscribing
from matcher.exchange.mornings import day_of
from matcher.models import Contact
from matcher.posting.pausing import MOST_DAYS, Pause
from matcher.store import letters, partners
from matcher.wording import Said

SOONER = "Sooner? Reply “resume” to any digest."
WHICH_DAY = Said(
    "Until which day?",
    ("We could not read one. For example: “pause until 1 December”, or “pause 2 weeks”.",),
    tone="unclear",
)
TOO_LONG = Said(
    "That is more than a year, so nothing was changed.",
    ("Reply “pause” for no digests until you say “resume”, or “stop” to end them.",),
    tone="unclear",
)
NOT_STOPPED = Said("Your digests are not paused.", ("They come as before.",), tone="closed")


def pause_digests(session: Session, contact: Contact, wish: Pause, *, how: str, now: datetime) -> Said:
    """Send no digests to somebody for a while; introductions and what somebody asks reach them all the same."""
    today = day_of(contact, now=now)
    if wish.unread or wish.back_on is not None and wish.back_on <= today:
        return WHICH_DAY
    if wish.back_on is None:
        subscribing.set_digest(session, contact, digest="paused", hour=contact.digest_hour, how=how, now=now)
        return Said("No digest comes until you reply “resume” to this or any digest.")
    if wish.back_on > today + timedelta(days=MOST_DAYS):
        return TOO_LONG
    contact.paused_until = wish.back_on - timedelta(days=1)
    partners.note_consent(session, contact.id, subject="digest", given=False, how=how, at=now)
    back = back_on(contact, now=now)
    if letters.why_no_digest(session, contact.email) or contact.digest == "paused":
        return Said(f"Noted until {back}.", ("Your digests are stopped anyway. Reply “resume” to have them again.",))
    return Said(f"No digest comes before {back}; from that day on they come again by themselves.", (SOONER,))


def back_on(contact: Contact, *, now: datetime) -> str:
    """Say from which day on somebody's digests come again by themselves, empty where they are not paused until one."""
    if contact.paused_until is None or not subscribing.is_paused(contact, now=now):
        return ""
    return wording.day(contact.paused_until + timedelta(days=1))


def resume_digests(session: Session, contact: Contact, *, how: str, now: datetime) -> Said:
    """Send digests again to somebody who paused or stopped them, as often as before."""
    waits, stopped = subscribing.is_paused(contact, now=now), letters.why_no_digest(session, contact.email)
    if not (waits or stopped or contact.digest == "paused"):
        return NOT_STOPPED
    contact.paused_until = None
    often = (contact.digest_before or "daily") if contact.digest == "paused" else contact.digest
    said = subscribing.set_digest(session, contact, digest=often, hour=contact.digest_hour, how=how, now=now)
    return Said("Welcome back.", said.lines, tone=said.tone)


def come_back(session: Session, contact: Contact, *, how: str, now: datetime) -> Said:
    """Put a paused firm back into matching, and send digests again to whoever says so."""
    if contact.partner.state != "paused":
        return resume_digests(session, contact, how=how, now=now)
    firm = joining.resume(session, contact.partner, now=now)
    session.refresh(contact.partner)
    said = resume_digests(session, contact, how=how, now=now)
    return firm if said is NOT_STOPPED else Said(firm.heading, (*firm.lines, *said.lines), tone=said.tone)

"""How often, when and whether at all somebody wants to hear from us."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.hours import newest_day
from matcher.exchange.mornings import day_of, is_its_hour
from matcher.models import Contact, Introduction
from matcher.store import apart, introductions, letters, partners
from matcher.store.letters import Draft
from matcher.terms import Refused
from matcher.wording import Said

OFTEN = {"daily": "every working day", "weekly": "on Mondays", "paused": ""}


def set_digest(session: Session, contact: Contact, *, digest: str, hour: int, how: str, now: datetime) -> Said:
    """Change how often and at which local hour a digest comes. Raises `Refused`."""
    if digest not in OFTEN:
        raise Refused(f"Digest: “{digest}” is not a choice. Choose daily, weekly or paused.")
    if not 0 <= hour <= 23:
        raise Refused(f"Hour: {hour} is not an hour of the day. Choose one from 0 to 23.")
    if digest == "paused" != contact.digest:
        contact.digest_before = contact.digest
    contact.digest, contact.digest_hour = digest, hour
    letters.allow_again(session, contact.email)
    partners.note_consent(session, contact.id, subject="digest", given=digest != "paused", how=how, at=now)
    if digest != "paused" and letters.why_no_digest(session, contact.email):
        return Said("Saved.", ("It stays stopped until you press “Mail me again” on your own page.",), tone="unclear")
    if contact.partner.state == "paused":
        return Said(
            "Saved.", ("Your firm is paused: no digest comes until you resume on your own page.",), tone="unclear"
        )
    if digest == "paused":
        contact.paused_until = None
        return Said("Saved.", ("No digest comes until you choose one again.",))
    if contact.paused_until and is_paused(contact, now=now):
        back = wording.day(contact.paused_until + timedelta(days=1))
        return Said("Saved.", (f"Your digests are paused and come again from {back} on, or once you press “Resume”.",))
    return Said("Saved.", (f"Your digest comes {OFTEN[digest]}, at {hour}:00 ({contact.timezone}).",))


def is_paused(contact: Contact, *, now: datetime) -> bool:
    """Tell whether somebody wants no digests until a later day than the one it is where they are."""
    return contact.paused_until is not None and contact.paused_until >= day_of(contact, now=now)


def unsubscribe(session: Session, contact: Contact, *, how: str, cause: str = "unsubscribed", now: datetime) -> Said:
    """Stop digests to an address at once; introductions that it is part of still reach it."""
    letters.suppress(session, contact.email, scope="digest", cause=cause, at=now)
    partners.note_consent(session, contact.id, subject="digest", given=False, how=how, at=now)
    return Said(
        "You get no more digests.",
        ("Letters about introductions you agreed to still come. Changed your mind? Choose daily or weekly again.",),
    )


def request_link(session: Session, email: str, *, now: datetime) -> None:
    """Mail a sign-in link when the address is known; the caller says the same sentence either way."""
    contact = partners.contact_by_email(session, email)
    if contact is None:
        return
    key = f"sign-in:{contact.id}:{now:%Y%m%d%H%M}"
    letters.write(session, Draft(key, "sign-in", contact, {}, [(1, contact.id)]), at=now)


def remind(session: Session, *, now: datetime) -> int:
    """Send again the one offer to which somebody said "later", on its day and at its reader's hour.

    Return the number of new letters.
    """
    later = introductions.to_remind(session, today=newest_day(now))
    return apart.sum_of_each(session, later, partial(_remind, session, now), what="introduction")


def _remind(session: Session, now: datetime, row: Introduction) -> bool:
    on = row.remind_on
    waits = row.contact.digest == "paused" or is_paused(row.contact, now=now)
    if waits or _is_over(row, now):
        return False  # its end is told when it closes; after a pause it comes with the first morning
    if on and on <= day_of(row.contact, now=now) and is_its_hour(row.contact, now=now):
        row.remind_on = None
        offers = {"offers": [wording.offer(row, 1)]}
        draft = Draft(f"reminder:{row.id}:{on}", "reminder", row.contact, offers, [(1, row.id)])
        return letters.write(session, draft, at=now) is not None
    return False


def _is_over(row: Introduction, now: datetime) -> bool:
    """Tell whether an opportunity is closed, or its last day is over where its reader is."""
    last = row.opportunity.closes_on
    return row.opportunity.state != "open" or (last is not None and last < day_of(row.contact, now=now))

"""What a partner's answer tells of itself → its profile changed, and a proposal for what is no part of its words."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from matcher.exchange import joining, pausing, proposing
from matcher.models import Contact, Letter
from matcher.posting.telling import Told
from matcher.store import partners
from matcher.store.wake import wake
from matcher.terms import Inbound, Reply
from matcher.wording import Said

STILL_HOLDS = Said("Thank you. We have noted that all of it still holds.")


def tell(
    session: Session, letter: Letter, contact: Contact, text: str, mail: Inbound, *, how: str, now: datetime
) -> Said:
    """Change what an answer speaks of: a profile at once, and said so; people, badges and size after an "ok"."""
    again, reply_to = int(letter.values.get("again", 0)) + 1, mail.message_id
    if contact.partner.state not in proposing.TOLD_BY:
        return joining.correct_profile(session, contact, text, how=how, in_reply_to=reply_to, again=again, now=now)
    if "proposed" in letter.values and (said := proposing.amend(session, letter, text, in_reply_to=reply_to, now=now)):
        return said
    told = proposing.heard(session, contact, text, now=now)
    if not told.says_something:
        return joining.correct_profile(session, contact, text, how=how, now=now)
    lines = _done_at_once(session, contact, told, how=how, now=now)
    if told.is_for_ok or told.unclear:
        return proposing.propose(session, contact, told, lines=lines, in_reply_to=reply_to, now=now)
    return Said(lines[0], lines[1:])


def answered(session: Session, letter: Letter, reply: Reply, *, now: datetime) -> Said:
    """Make so what a letter proposed, or let it be."""
    if reply.acts[0].verb in ("no", "stop"):
        return proposing.NOTHING_HELD
    return proposing.agreed(session, letter, how=f"your mail of {now:%Y-%m-%d}", now=now)


def tell_on_page(
    session: Session, contact: Contact, text: str, *, before: dict[str, Any] | None, how: str, now: datetime
) -> tuple[Said | None, dict[str, Any] | None]:
    """Do the same on a page: return what was done or is not clear, and the rows that wait for an "ok".

    `before` are the rows that wait already, which "they are juniors" is about.
    """
    if before and (found := proposing.amended(session, contact, before, text, now=now)):
        return None, found.rows
    told = proposing.heard(session, contact, text, now=now)
    if not told.says_something:
        return joining.correct_profile(session, contact, text, how=how, now=now), before
    lines = _done_at_once(session, contact, told, how=how, now=now)
    if told.unclear:
        return Said("We did not want to guess what you mean.", (*told.unclear, *lines), tone="unclear"), before
    found = proposing.understood(session, contact, told, now=now)
    return Said(lines[0], lines[1:]) if lines else None, found.rows if found.lines else None


def _done_at_once(session: Session, contact: Contact, told: Told, *, how: str, now: datetime) -> tuple[str, ...]:
    """Change what needs no "ok" and say it: words of the profile, that all still holds, that a firm is back."""
    lines = _of_profile(session, contact, told.rest, how=how, now=now)
    if told.still_holds:
        _look_through(session, contact, how=how, now=now)
        lines = (STILL_HOLDS.heading, *lines)
    if told.resumes:
        back = pausing.come_back(session, contact, how=how, now=now)
        lines = (back.heading, *back.lines, *lines)
    return lines


def _of_profile(session: Session, contact: Contact, rest: str, *, how: str, now: datetime) -> tuple[str, ...]:
    """Change what the rest of an answer says of the profile; words that change nothing there are let be."""
    said = joining.correct_profile(session, contact, rest, how=how, now=now) if rest else joining.NOT_CHANGED
    return () if said is joining.NOT_CHANGED else (said.heading, *said.lines)


def _look_through(session: Session, contact: Contact, *, how: str, now: datetime) -> None:
    partners.change_partner(session, contact.partner, {"profile_on": now.date()}, source=how, at=now)
    wake(session, "refresh")

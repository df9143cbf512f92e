"""What is kept of one person → gone, or without anything that tells who it was."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import Delete

from matcher.models import Contact, InboundMessage, Introduction, IntroductionStep, Letter, Opportunity, Posting

QUIETLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}
NOWHERE = "erased.invalid"  # no mail goes there. Source: RFC 2606


def erase_postings(session: Session, contact_id: int) -> int:
    """Delete what a contact posted with all that came of it, but for work that both sides confirmed; return how many.

    Digests that offered it, without a name, go when their time is over.
    """
    return _n_gone(session, delete(Posting).where(Posting.contact_id == contact_id))


def erase_words_to_others(session: Session, contact_id: int) -> None:
    """Empty the letters about a contact's introductions, which name both sides; what waits of them is not sent."""
    either = (Opportunity.contact_id == contact_id) | (Introduction.contact_id == contact_id)
    of_it = select(Introduction.id).join(Opportunity, Opportunity.id == Introduction.opportunity_id)
    about = [Letter.key.like(f"introduction:{each}:%") for each in session.scalars(of_it.where(either))]
    if about:
        said = update(Letter).where(or_(*about))
        session.execute(said.where(Letter.state == "waiting").values(state="dropped", error="left"), **QUIETLY)
        session.execute(said.where(Letter.state != "claimed").values(values={}), **QUIETLY)


def erase_letters(session: Session, emails: Collection[str], *, contact_id: int | None) -> int:
    """Delete the letters to an address, and to its contact; return how many."""
    theirs: list[ColumnElement[bool]] = [Letter.to_address.in_(emails)]
    if contact_id is not None:  # else it would be all letters to people whom we do not know
        theirs.append(Letter.contact_id == contact_id)
    return _n_gone(session, delete(Letter).where(or_(*theirs)))


def erase_messages(session: Session, emails: Collection[str]) -> int:
    """Delete the messages that came from an address; return how many."""
    theirs = InboundMessage.sender.in_(emails) | func.lower(InboundMessage.envelope_from).in_(emails)
    return _n_gone(session, delete(InboundMessage).where(theirs))


def make_nameless(session: Session, contact: Contact) -> None:
    """Leave of a contact its number alone, by which introductions of others name it."""
    own = select(Introduction.id).where(Introduction.contact_id == contact.id)
    by_it = (IntroductionStep.side == "partner") & IntroductionStep.introduction_id.in_(own)
    session.execute(update(IntroductionStep).where(by_it).values(message_id=""), **QUIETLY)
    contact.name, contact.email, contact.verified_at = "", f"{contact.id}@{NOWHERE}", None
    contact.digest, contact.digest_before, contact.language, contact.timezone = "paused", None, "en", "UTC"
    session.flush()


def is_nameless(contact: Contact) -> bool:
    """Tell a contact that was erased."""
    return contact.email.endswith(f"@{NOWHERE}")


def _n_gone(session: Session, statement: Delete) -> int:
    done = cast(CursorResult[Any], session.execute(statement, **QUIETLY)).rowcount
    session.expire_all()
    return done

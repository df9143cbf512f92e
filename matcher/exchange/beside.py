"""A reply that wants something else than to answer its letter → that, for any letter of ours that takes a reply."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher import inbound, wording
from matcher.exchange import moving, pausing, proposing, telling
from matcher.exchange.mornings import day_of
from matcher.models import Contact, Letter
from matcher.posting.moving import new_address
from matcher.posting.pausing import away_until, read_pause
from matcher.posting.telling import for_profile, resumes
from matcher.terms import Inbound, Reply
from matcher.wording import Said

# Letters whose answers are words for somebody else, or about something else: nothing in them is about oneself.
FOR_OTHERS = ("question",)
OF_OTHERS = ("confirm", "colleague")
AS_AUTOMATIC = "We read your mail as an automatic reply, so nothing was changed."
IF_AN_ANSWER = "Meant as an answer? Write it once more, without the words about being away."


def wanted(
    session: Session, letter: Letter, mail: Inbound, reply: Reply, *, kind: str, read_as: str, how: str, now: datetime
) -> Said | None:
    """Do what a reply asks for besides answering; None where it answers its letter. `kind` is that of the letter."""
    contact = letter.contact
    if contact is None or read_as in FOR_OTHERS or kind in OF_OTHERS:
        return None
    text = inbound.unsigned(mail.text, (contact.name, contact.partner.name, mail.sender_name))
    if read_as == "digest" or kind == "live":
        wish = read_pause(text, day_of(contact, now=now))
        if wish and contact.partner.state in proposing.TOLD_BY:
            return pausing.pause_digests(session, contact, wish, how=how, now=now)
        if resumes(text):
            return pausing.come_back(session, contact, how=how, now=now)
    if address := new_address(text):
        return moving.ask(session, contact, address, now=now)
    if profile := for_profile(text):
        return telling.tell(session, letter, contact, profile, mail, how=how, now=now)
    if read_as == "digest" and reply.unclear and _tells_of_itself(session, contact, text, now):
        return telling.tell(session, letter, contact, text, mail, how=how, now=now)
    return None


def of_one_away(letter: Letter, mail: Inbound, *, read_as: str, now: datetime) -> Said:
    """Say to somebody who only said that it is away how that was read, and how to pause where that letter takes it.

    Closed: a bare "yes" to this takes note of it, and answers no offer.
    """
    if letter.contact is None or read_as != "digest":
        return Said(AS_AUTOMATIC, (IF_AN_ANSWER,), tone="closed")
    back = away_until(mail.text, day_of(letter.contact, now=now))
    until = f"“pause until {wording.day(back)}”" if back else "“pause until” and the day"
    return Said(AS_AUTOMATIC, (f"No digest while you are away? Reply {until}.", IF_AN_ANSWER), tone="closed")


def _tells_of_itself(session: Session, contact: Contact, text: str, now: datetime) -> bool:
    """Tell an answer to offers that is no answer, and speaks of nothing but people, badges and size of work."""
    if contact.partner.state not in proposing.TOLD_BY:
        return False
    told = proposing.heard(session, contact, text, now=now)
    return (told.is_for_ok or bool(told.unclear)) and not told.rest

"""A contact that wants its mail elsewhere → a letter there; an "ok" from there moves it, and the old address is told.

The contact stays who it is, so what it was asked, said and posted stays its own. What hangs on an address and not on
the contact is looked at here: a stop or a complaint is the person's wish and comes along; mail that came back says
something of the old address only.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher import inbound
from matcher.models import Contact, Letter
from matcher.store import letters, partners
from matcher.store.letters import Draft
from matcher.terms import Inbound
from matcher.wording import Said

MOST_A_DAY = 3  # letters to addresses that somebody named; more would be mail to strangers in our name
BECAUSE = "You get this once, because somebody who gets our letters asked us to send them to this address."
BECAUSE_OLD = "You get this because our letters went to this address so far. It is the last one."
HERE_ALREADY = Said("Our letters go to that address already.", tone="closed")
NOT_ANY_MORE = Said("That was settled already; nothing was changed.", tone="closed")
TAKEN = Said("That address belongs to another contact already, so nothing was changed.", tone="refused")
STAYS = Said("Nothing was changed.", ("Our letters go where they went before.",))


def ask(session: Session, contact: Contact, new: str, *, now: datetime) -> Said:
    """Ask at the new address whether it wants the letters; what is said does not tell who is known there."""
    if new == contact.email:
        return HERE_ALREADY
    if partners.contact_by_email(session, new) is None and not _write(session, contact, new, now):
        return Said("That was too often for one day.", ("Name the address again tomorrow.",), tone="refused")
    return Said(
        f"We wrote to {new}.",
        ("Reply “ok” to that letter, from there, and our letters go there. Until then they come here as before.",),
    )


def answered(session: Session, letter: Letter, mail: Inbound, *, how: str, now: datetime) -> Said:
    """Move a contact whose new address says ok, from that address."""
    reply = inbound.understand(inbound.unsigned(mail.text, (mail.sender_name,)), letter_kind="confirm")
    verbs = [act.verb for act in reply.acts]
    if verbs == ["no"]:
        return STAYS
    if verbs != ["ok"]:
        return Said("We did not want to guess what you mean.", ("Reply “ok”, or ignore our letter.",), tone="unclear")
    return _move(session, letter, how=how, now=now)


def _write(session: Session, contact: Contact, new: str, now: datetime) -> bool:
    values = {
        "heading": "Do you want Counterpart's letters here?",
        "lines": [
            f"We write to {contact.email} so far, and were asked there to write here from now on.",
            "Reply “ok” from this address, and our letters come here.",
            "Not you? Ignore this letter, and nothing happens.",
        ],
        "quote": "", "tone": "unclear", "reply_as": "moves", "because": BECAUSE,
        "moves": {"contact_id": contact.id, "old": contact.email},
    }  # fmt: skip
    keys = (f"moves:{contact.id}:{now:%Y-%m-%d}:{n}" for n in range(MOST_A_DAY))
    refs = [(1, contact.id)]
    return any(letters.write(session, Draft(key, "answer", new, values, refs), at=now) is not None for key in keys)


def _move(session: Session, letter: Letter, *, how: str, now: datetime) -> Said:
    old, new = letter.values["moves"]["old"], letter.to_address.lower()
    contact = partners.lock_contact(session, letter.values["moves"]["contact_id"])
    if contact is None or contact.email != old or contact.partner.state == "left":
        return NOT_ANY_MORE
    if partners.contact_by_email(session, new) is not None:
        return TAKEN
    letters.take_along(session, contact, old, new, at=now)
    contact.email, contact.verified_at = new, now
    session.flush()
    partners.note_consent(session, contact.id, subject="address", given=True, how=how, at=now)
    _tell_old(session, letter, old, new, now)
    return Said("Our letters come here from now on.", ("All that you were asked and said stays yours.",))


def _tell_old(session: Session, letter: Letter, old: str, new: str, now: datetime) -> None:
    values = {
        "heading": f"Our letters go to {new} from now on",
        "lines": ["You asked for that, and it was confirmed there.", "You did not? Write to help@ at once."],
        "quote": "", "tone": "closed", "reply_as": "", "because": BECAUSE_OLD,
    }  # fmt: skip
    letters.write(session, Draft(f"moved:{letter.id}", "answer", old, values), at=now)

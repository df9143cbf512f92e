"""A person's wish to be erased, which the steward has read → what was kept of its address is gone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.exchange import joining
from matcher.inbound.spelt import spellings
from matcher.models import Contact
from matcher.store import erasing, introductions, letters, partners, postings

HOW = "the steward, asked by its owner"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was of an address; `firm` is the one that left because nobody else reads for it."""

    n_postings: int
    n_letters: int
    n_messages: int
    firm: str = ""

    @property
    def is_nothing(self) -> bool:
        return not (self.n_postings or self.n_letters or self.n_messages or self.firm)


def erase(session: Session, email: str, *, now: datetime) -> Erased:
    """Erase what is kept of an address, but for its wish to get no digests and work that both sides confirmed."""
    contact, emails = partners.contact_by_email(session, email), spellings(email)
    if contact is None:
        n_letters = erasing.erase_letters(session, emails, contact_id=None)
        return Erased(0, n_letters, erasing.erase_messages(session, emails))
    emails = spellings(contact.email)
    firm = _stop(session, contact, now)
    for each in emails:
        letters.suppress(session, each, scope="digest", cause="left", at=now)
    erasing.erase_words_to_others(session, contact.id)  # while the introductions are there
    done = Erased(
        erasing.erase_postings(session, contact.id),
        erasing.erase_letters(session, emails, contact_id=contact.id),
        erasing.erase_messages(session, emails),
        firm,
    )
    erasing.make_nameless(session, contact)
    return done


def _stop(session: Session, contact: Contact, now: datetime) -> str:
    """Take a contact out of everything, and its firm when nobody else reads for it; return the name of that firm."""
    if all(each.id == contact.id or erasing.is_nameless(each) for each in contact.partner.contacts):
        joining.leave(session, contact, how=HOW, now=now)
        return contact.partner.name
    own = [each for each in postings.of_partner(session, contact.partner_id) if each.contact_id == contact.id]
    asked = [each for each in introductions.of_partner(session, contact.partner_id) if each.contact_id == contact.id]
    joining.let_go(session, own, asked, now=now)
    return ""

"""What came in lately → a sentence for whoever sends more than a person would, or an empty one.

Only messages that were acted on count, so that what a stranger sends in somebody's name, which is held or refused, does
not use up what that person may send.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher.models import Contact, Letter
from matcher.store import letters, messages, partners
from matcher.terms import Inbound

MAX_PER_HOUR = 60  # messages of one sender; more is a loop or a flood
MAX_UNKNOWN_PER_HOUR = 10  # of a sender whose address is not proven
MAX_OF_DOMAIN_PER_HOUR = 200  # of all unknown senders at one domain
MAX_BY_FORM = 20  # letters an hour that forms and their corrections send to one address, which nobody has proven there
MAX_ALIKE = 4  # times a day that the same words of one sender are answered
MAX_ABOUT_ONE = 20  # replies a day to one letter and to those that say more of the same: a posting, a profile, an offer
N_WORDS = 4  # fewer are said again by people too: "2 yes", "ok, thank you"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def of_sender(session: Session, mail: Inbound, *, believed: bool, now: datetime) -> str:
    """Refuse a sender who wrote too often, or says the same again and again as machines do."""
    limit = MAX_PER_HOUR if believed and is_known(session, mail.sender) else MAX_UNKNOWN_PER_HOUR
    if messages.n_unasked(session, mail.sender, since=now - HOUR) > limit:
        return f"You sent more than {limit} messages in an hour. Wait an hour, then write again."
    return _again(session, mail, now)


def of_replies(session: Session, mail: Inbound, letter: Letter, *, now: datetime) -> str:
    """Refuse the owner of a letter who replied too often: to all our letters, or to this one and what followed it."""
    if messages.n_replies(session, mail.sender, since=now - HOUR) > MAX_PER_HOUR:
        return f"You sent more than {MAX_PER_HOUR} messages in an hour. Wait an hour, then write again."
    if messages.n_about(session, mail.sender, letter, since=now - DAY) > MAX_ABOUT_ONE:
        return f"You wrote more than {MAX_ABOUT_ONE} times about this today. Write again tomorrow, or to help@."
    return _again(session, mail, now)


def of_forms(session: Session, to: Contact, *, now: datetime) -> str:
    """Refuse a form whose letter would be one of very many to an address that may be somebody else's."""
    if letters.n_asked_back(session, to.id, since=now - HOUR) < MAX_BY_FORM:
        return ""
    return f"More than {MAX_BY_FORM} letters went to this address within an hour. Wait an hour, then try again."


def of_domain(session: Session, mail: Inbound, *, now: datetime) -> str:
    """Refuse strangers when very many of one domain write at once."""
    if is_known(session, mail.sender):
        return ""
    domain = mail.sender.rpartition("@")[2]
    if messages.n_of_domain(session, domain, since=now - HOUR) <= MAX_OF_DOMAIN_PER_HOUR:
        return ""
    return f"Very many messages from addresses at {domain} arrive just now. Wait an hour, then write again."


def _again(session: Session, mail: Inbound, now: datetime) -> str:
    """Tell an autoresponder that does not say it is one: the same words, numbers aside, again and again."""
    words = _words(mail.text)
    if len(words) < N_WORDS:
        return ""
    before = messages.texts_of(session, mail.sender, since=now - DAY)
    if sum(_words(each) == words for each in before) <= MAX_ALIKE:
        return ""
    return (
        f"The same words came from you more than {MAX_ALIKE} times today. They were answered, so we leave it at that. "
        "Say it in other words if you meant something else."
    )


def _words(text: str) -> list[str]:
    return re.sub(r"[\W\d_]+", " ", text.lower()).split()


def is_known(session: Session, sender: str) -> bool:
    """Tell a sender who has proven its address."""
    contact = partners.contact_by_email(session, sender)
    return contact is not None and contact.verified_at is not None

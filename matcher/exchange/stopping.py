"""A "stop" or a complaint → the reader whose digests end; the letter that returned mail is about.

A stop is the one wish that a letter's token alone fulfils, whoever sends it: every digest carries a link that does the
same, the law wants it easy, and its owner is told at once. Without a token it takes the reader's own, believable From.
A complaint takes a token always: it cannot be taken back, and anybody can write one about anybody.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.exchange import desk, subscribing
from matcher.exchange.desk import Post, Verdict
from matcher.exchange.identity import is_believed, quotable
from matcher.models import Contact, InboundMessage, Letter
from matcher.store import letters, partners, postings
from matcher.terms import Inbound
from matcher.tokens import TokenRefused, unseal

PURPOSE_OF = {"reply": "reply", "b": "bounce"}  # the addresses that name a letter
MAX_NAMED = 3  # of what somebody has posted
WHOSE = "We could not tell whose digests should stop. Reply “stop” to one of them, or use the link at its foot."


def complain(session: Session, mail: Inbound, post: Post, *, now: datetime) -> Verdict:
    """End digests to the reader of the letter that a complaint returns; a machine wrote it, so nobody is answered."""
    try:
        contact = _of_token(session, mail, post, now)
    except TokenRefused:
        contact = None
    if contact is None:
        return "ignored", "a complaint that returns no letter of ours"
    subscribing.unsubscribe(session, contact, how="complaint by mail", cause="complaint", now=now)
    return "done", f"complaint: no more digests to {contact.email}"


def stop(session: Session, row: InboundMessage, mail: Inbound, post: Post, *, now: datetime) -> Verdict:
    """End digests to the reader who asks for it, and tell the reader."""
    try:
        contact = _of_token(session, mail, post, now)
    except TokenRefused:
        contact = None  # a forged or broken token stops nobody, but the person may be known without it
    if contact is None and is_believed(row.raw, mail, post):
        contact = partners.contact_by_email(session, mail.sender)
    if contact is None:
        return desk.refuse(session, quotable(row.raw, mail, post), WHOSE, now=now)
    heard = quotable(row.raw, mail, post) if mail.sender == contact.email else replace(mail, text="")
    return _stop(session, row, heard, contact, now)


def letter_of(session: Session, mail: Inbound, post: Post, now: datetime) -> Letter | None:
    """Find the letter that a message is about by the token it came with. Raises `TokenRefused`."""
    if mail.mailbox not in PURPOSE_OF or not mail.token:
        return None
    return letters.letter(session, unseal(post.secret, PURPOSE_OF[mail.mailbox], mail.token, today=now.date()))


def _of_token(session: Session, mail: Inbound, post: Post, now: datetime) -> Contact | None:
    if mail.mailbox == "u" and mail.token:
        return partners.contact(session, unseal(post.secret, "unsubscribe", mail.token, today=now.date()))
    letter = letter_of(session, mail, post, now)
    return letter.contact if letter else None


def _stop(session: Session, row: InboundMessage, mail: Inbound, contact: Contact, now: datetime) -> Verdict:
    again = letters.why_no_digest(session, contact.email)
    said = subscribing.unsubscribe(session, contact, how="unsubscribe by mail", cause="unsubscribed", now=now)
    said = replace(said, lines=(*said.lines, *_what_stays(session, contact)))
    key = f"stopped:{contact.id}:{now:%Y-%m-%d}" if again else f"answer:{row.id}"
    desk.answer(session, contact, mail, said, key=key, now=now)
    return "done", f"unsubscribe: {said.heading}"


def _what_stays(session: Session, contact: Contact) -> list[str]:
    """Name what a poster has open, which is ended by another word; by mail alone, as a link may be in other hands."""
    own = [each for each in postings.of_partner(session, contact.partner_id) if each.contact_id == contact.id]
    titles = [each.title for each in own if each.state == "open"][:MAX_NAMED]
    return [
        f"“{each}”, which you posted, stays open. To end it, reply “close” to a letter about it." for each in titles
    ]

"""A message that arrived → exactly one act and exactly one answer, or a held message and its owner told."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlalchemy.orm import Session

from matcher import inbound
from matcher.exchange import bouncing, desk, floods, identity, replying, stopping, understanding
from matcher.exchange.desk import Post, Verdict
from matcher.exchange.joining import Application, join
from matcher.exchange.keeping import MAX_ADDRESS, MAX_BYTES, keep, storable
from matcher.exchange.publishing import Submission, publish
from matcher.models import InboundMessage, Letter
from matcher.store import letters, messages, partners
from matcher.terms import Inbound, Refused
from matcher.tokens import TokenRefused, unseal
from matcher.wording import Said

__all__ = ["MAX_BYTES", "STUMBLED", "Post", "apologise", "deal_with", "keep", "read_again", "receive", "release"]

STEWARD = ("postmaster", "abuse")
QUIET = {"auto": "an automatic reply", "loop": "our own letter coming back", "bounce": "a bounce"}
READ_AT_MOST = 200_000  # bytes of a message that is refused for its size: enough to tell who sent it and why
FORGOTTEN = Said(
    "Its words are past their keeping time.", ("Nothing was done. Answer the letter once more.",), tone="closed"
)
NOT_BELIEVED = (
    "This address is known here, and we could not tell that the mail came from you. Ask for a sign-in link on the page "
    "and join there."
)
STUMBLED = "not dealt with, kept to be read again"


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One message in its surroundings."""

    session: Session
    row: InboundMessage
    mail: Inbound
    post: Post
    now: datetime


def receive(session: Session, message_id: int, *, post: Post, now: datetime) -> str:
    """Read a kept message, do what it asks for and answer once; return the verdict in words."""
    row = messages.take(session, message_id)
    return deal_with(session, row, post=post, now=now) if row else "dealt with already"


def deal_with(session: Session, row: InboundMessage, *, post: Post, now: datetime) -> str:
    """Do and answer what a message asks for, whose row is locked; return the verdict in words."""
    mail = read_again(row, post)
    row.kind, row.sender, row.text, row.removed = mail.kind, mail.sender, mail.text, mail.removed
    # One at a time: limits count, and two first messages of one sender would both found the same firm.
    messages.queue_up(session, mail.sender)
    try:
        state, verdict = _sort(_Arrival(session, row, mail, post, now))
    except Refused as refusal:
        state, verdict = desk.refuse(session, identity.quotable(row.raw, mail, post), str(refusal), now=now)
    messages.mark(session, row.id, state=state, verdict=verdict)
    return verdict


def read_again(row: InboundMessage, post: Post) -> Inbound:
    """Read the bytes of a kept message as they would be read today."""
    raw = row.raw[:READ_AT_MOST] if len(row.raw) > MAX_BYTES else row.raw
    told = row.envelope_from or None  # a bounce's empty sender is kept as "<>"; an empty text means nobody told us
    mail = inbound.read(raw, domain=post.domain, envelope_to=(row.envelope_to,), envelope_from=told)
    clean: dict[str, Any] = {
        each.name: storable(text) for each in fields(mail) if isinstance(text := getattr(mail, each.name), str)
    }
    if len(mail.sender) > MAX_ADDRESS:
        clean["sender"] = ""
    return replace(mail, **clean)


def release(session: Session, message_id: int, *, post: Post, now: datetime) -> Said:
    """Act on a held message after the owner of the address it answered confirmed it."""
    row = messages.take(session, message_id, before="held")
    if row is None or row.letter_id is None:
        return Said("This message was dealt with already.", tone="closed")
    if not row.raw:
        messages.mark(session, row.id, state="refused", verdict="confirmed by its owner when its words were gone")
        return FORGOTTEN
    letter, mail = session.get_one(Letter, row.letter_id), read_again(row, post)
    said = replying.act_on(session, letter, mail, how="a confirmed mail", now=now)
    verdict = f"{letter.kind}: {understanding.reading(letter, mail)} → confirmed by its owner: {said.heading}"
    messages.mark(session, row.id, state="done", verdict=verdict)
    return said


def apologise(session: Session, message_id: int, *, cause: str, post: Post, now: datetime) -> str:
    """Put aside a message that made us stumble, to be replayed after a fix, and say so to the person who sent it."""
    row = messages.take(session, message_id)
    if row is None:
        return "dealt with already"
    verdict = f"{STUMBLED}: {cause}"
    mail = read_again(row, post)
    row.kind, row.sender = mail.kind, mail.sender
    messages.mark(session, row.id, state="refused", verdict=verdict)
    if mail.kind not in (*QUIET, "complaint") and not _is_own(mail, post):
        heard = identity.quotable(row.raw, mail, post)
        desk.once_a_day(session, heard, desk.STUMBLED, about="refused:stumbled", now=now)
    return verdict


def _sort(a: _Arrival) -> Verdict:
    """Pass a message on by its kind, machines first: what they send is never answered."""
    if a.mail.kind in QUIET:
        return _take_quietly(a.session, a.mail, a.post, a.now)
    if a.mail.kind == "complaint":
        return stopping.complain(a.session, a.mail, a.post, now=a.now)
    if _is_own(a.mail, a.post):
        return "ignored", QUIET["loop"]
    if a.mail.kind == "unknown" and a.mail.reason.startswith("unreadable"):
        return "refused", a.mail.reason  # it could not even be read, so there is nobody to tell
    if not a.mail.sender:
        return "ignored", "it names no sender, so nobody can be answered"
    if len(a.row.raw) > MAX_BYTES:
        raise Refused("Your message is larger than 10 MB. Send the text without attachments.")
    return _read_human(a)


def _read_human(a: _Arrival) -> Verdict:
    if a.mail.kind == "unsubscribe":
        return stopping.stop(a.session, a.row, a.mail, a.post, now=a.now)
    if a.mail.kind == "reply":
        return _read_reply(a)
    believed, heard = identity.is_believed(a.row.raw, a.mail, a.post), identity.quotable(a.row.raw, a.mail, a.post)
    too_many = floods.of_sender(a.session, a.mail, believed=believed, now=a.now)
    if too_many:
        return desk.refuse(a.session, heard, too_many, about="flood", now=a.now)
    if a.mail.kind in ("posting", "join"):
        return _read_newcomer(a)
    steward = next((each for each in STEWARD if _reached(a.row, a.mail, each)), "")
    if steward:
        return desk.keep_for_steward(a.session, heard, steward, now=a.now)
    return desk.explain(a.session, heard, now=a.now)


def _read_newcomer(a: _Arrival) -> Verdict:
    too_many = floods.of_domain(a.session, a.mail, now=a.now)
    if too_many:
        return desk.refuse_domain(a.session, a.mail, too_many, now=a.now)
    with a.session.begin_nested():  # a refusal half-way leaves nothing behind
        return _post(a) if a.mail.kind == "posting" else _join(a)


def _post(a: _Arrival) -> Verdict:
    mail = a.mail
    sent = Submission(
        key=a.row.key, channel="mail", email=mail.sender, text=mail.text, name=mail.sender_name,
        subject=mail.subject, in_reply_to=mail.message_id, files=mail.attachments, digest_hour=a.post.digest_hour,
    )  # fmt: skip
    return "done", f"posting: {publish(a.session, sent, now=a.now).title}"


def _join(a: _Arrival) -> Verdict:
    mail = a.mail
    known = partners.contact_by_email(a.session, mail.sender)
    if known and known.partner.state in ("live", "paused"):
        return desk.ask_by_reply(a.session, known, identity.quotable(a.row.raw, mail, a.post), now=a.now)
    if floods.is_known(a.session, mail.sender) and not identity.is_believed(a.row.raw, mail, a.post):
        raise Refused(NOT_BELIEVED)  # a firm that has posted, or has left, is known to others by what it said before
    application = Application(
        email=mail.sender, text=mail.text, how=f"your mail of {a.now:%Y-%m-%d}", name=mail.sender_name,
        subject=mail.subject, signature=mail.removed, in_reply_to=mail.message_id, digest_hour=a.post.digest_hour,
    )  # fmt: skip
    return "done", f"joined: {join(a.session, application, now=a.now).partner.name}"


def _read_reply(a: _Arrival) -> Verdict:
    letter = letters.letter(a.session, unseal(a.post.secret, "reply", a.mail.token, today=a.now.date()))
    a.row.letter_id = letter.id if letter else None
    if letter is None or not identity.is_owner(a.row.raw, a.mail, letter, a.post):
        return identity.hold(a.session, a.row, a.mail, letter, post=a.post, now=a.now)
    too_many = floods.of_replies(a.session, a.mail, letter, now=a.now)
    if too_many:
        return desk.refuse(a.session, a.mail, too_many, about="flood", now=a.now)
    bouncing.arrived(a.session, letter, now=a.now)
    with a.session.begin_nested():
        said = replying.act_on(a.session, letter, a.mail, how="a mail reply", now=a.now)
    return _answer_reply(a, letter, said)


def _answer_reply(a: _Arrival, letter: Letter, said: Said) -> Verdict:
    if not said.sent:
        to = letter.contact or a.mail.sender
        desk.answer(a.session, to, a.mail, said, key=f"answer:{a.row.id}", letter=letter, now=a.now)
    return "done", f"{letter.kind}: {understanding.reading(letter, a.mail)} → {said.heading}"


def _take_quietly(session: Session, mail: Inbound, post: Post, now: datetime) -> Verdict:
    letter = _letter_of(session, mail, post, now) if (mail.kind, mail.mailbox) == ("bounce", "b") else None
    if letter is None:
        return "ignored", QUIET[mail.kind]
    return "done", bouncing.returned(session, letter.id, hard=mail.hard, reason=mail.reason, now=now)


def _letter_of(session: Session, mail: Inbound, post: Post, now: datetime) -> Letter | None:
    """Find the letter that a bounce is about by the token it came back with."""
    try:
        return stopping.letter_of(session, mail, post, now)
    except TokenRefused:
        return None  # somebody else's bounce says nothing about our letters


def _is_own(mail: Inbound, post: Post) -> bool:
    """Tell a letter of ours that came back without its id and the headers that say so, as some forwarders send it."""
    return mail.kind == "reply" and bool(mail.sender) and mail.sender == parseaddr(post.mail_from)[1].lower()


def _reached(row: InboundMessage, mail: Inbound, mailbox: str) -> bool:
    return any(each.lower().startswith(f"{mailbox}@") for each in (row.envelope_to, *mail.recipients))

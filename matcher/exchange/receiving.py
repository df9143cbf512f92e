"""A message that arrived → exactly one act and exactly one answer, or a held message and its owner told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import inbound
from matcher.exchange import replying, subscribing
from matcher.exchange.joining import Application, join
from matcher.exchange.publishing import Submission, publish
from matcher.models import Contact, InboundMessage, Letter
from matcher.store import letters, messages, partners
from matcher.store.letters import Draft
from matcher.terms import Inbound, Refused
from matcher.tokens import TokenRefused, unseal
from matcher.wording import Said

MAX_BYTES = 10_000_000
MAX_PER_HOUR = 60  # human messages of one sender; more is a loop or a flood
PURPOSE_OF = {"reply": "reply", "b": "bounce"}  # the addresses that name a letter
CAUSE = {"unsubscribe": "unsubscribed", "complaint": "complaint"}
QUIET = {"auto": "an automatic reply", "loop": "our own letter coming back", "bounce": "a bounce"}


@dataclass(frozen=True, slots=True)
class Post:
    """What the reader of inbound mail must know of its surroundings."""

    secret: str
    domain: str
    authserv_id: str = ""
    digest_hour: int = 7


def keep(session: Session, raw: bytes, *, envelope_from: str, envelope_to: str, now: datetime) -> int | None:
    """Store a message before anything is made of it; None when the same one was received before."""
    key = f"{inbound.message_key(raw)} {envelope_to.lower()}"
    return messages.keep(session, key=key, raw=raw, envelope_from=envelope_from, envelope_to=envelope_to, at=now)


def receive(session: Session, message_id: int, *, post: Post, now: datetime) -> str:
    """Read a kept message, do what it asks for and answer once; return the verdict in words."""
    row = messages.take(session, message_id)
    if row is None:
        return "dealt with already"
    mail = inbound.read(row.raw, domain=post.domain, envelope_to=(row.envelope_to,), envelope_from=row.envelope_from)
    row.kind, row.sender, row.text, row.removed = mail.kind, mail.sender, mail.text, mail.removed
    state, verdict = _deal_with(session, row, mail, post, now)
    messages.mark(session, row.id, state=state, verdict=verdict)
    return verdict


def release(session: Session, message_id: int, *, post: Post, now: datetime) -> Said:
    """Act on a held message after the owner of the address it answered confirmed it."""
    row = messages.take(session, message_id, before="held")
    if row is None or row.letter_id is None:
        return Said("This message was dealt with already.", tone="closed")
    letter = session.get_one(Letter, row.letter_id)
    mail = inbound.read(row.raw, domain=post.domain, envelope_to=(row.envelope_to,), envelope_from=row.envelope_from)
    said = replying.act_on(session, letter, mail, how="a confirmed mail", now=now)
    messages.mark(session, row.id, state="done", verdict=f"confirmed by its owner: {said.heading}")
    return said


def _deal_with(session: Session, row: InboundMessage, mail: Inbound, post: Post, now: datetime) -> tuple[str, str]:
    if len(row.raw) > MAX_BYTES:
        return _refuse(session, mail, "Your message is larger than 10 MB. Send the text without attachments.", now)
    if mail.kind in QUIET:
        return _take_quietly(session, mail, post, now)
    if mail.kind in CAUSE:
        return _stop_digests(session, row, mail, post, now)
    if not mail.sender:
        return "ignored", "it names no sender, so nobody can be answered"
    if messages.n_from(session, mail.sender, since=now - timedelta(hours=1)) > MAX_PER_HOUR:
        return _refuse(session, mail, "You sent more than 60 messages in an hour. Wait an hour, then write again.", now)
    try:
        return _read_human(session, row, mail, post, now)
    except Refused as refusal:
        return _refuse(session, mail, str(refusal), now)


def _read_human(session: Session, row: InboundMessage, mail: Inbound, post: Post, now: datetime) -> tuple[str, str]:
    if mail.kind == "posting":
        sent = Submission(
            key=row.key, channel="mail", email=mail.sender, text=mail.text, name=mail.sender_name,
            subject=mail.subject, in_reply_to=mail.message_id, digest_hour=post.digest_hour,
        )  # fmt: skip
        return "done", f"posting: {publish(session, sent, now=now).title}"
    if mail.kind == "join":
        application = Application(
            email=mail.sender, text=mail.text, how=f"your mail of {now:%Y-%m-%d}", name=mail.sender_name,
            subject=mail.subject, in_reply_to=mail.message_id, digest_hour=post.digest_hour,
        )  # fmt: skip
        return "done", f"joined: {join(session, application, now=now).partner.name}"
    if mail.kind == "reply":
        return _read_reply(session, row, mail, post, now)
    return _explain(session, mail, now)


def _read_reply(session: Session, row: InboundMessage, mail: Inbound, post: Post, now: datetime) -> tuple[str, str]:
    letter = letters.letter(session, unseal(post.secret, "reply", mail.token, today=now.date()))
    if letter is None:
        raise TokenRefused("The letter you answered no longer exists.")
    row.letter_id = letter.id
    if not _is_owner(mail, letter, row.raw, post):
        return _hold(session, row, mail, letter, now)
    said = replying.act_on(session, letter, mail, how="a mail reply", now=now)
    if not said.sent:
        to = letter.contact or mail.sender
        _answer(session, to, mail, said, key=f"answer:{row.id}", letter=letter, now=now)
    return "done", f"{letter.kind}: {said.heading}"


def _is_owner(mail: Inbound, letter: Letter, raw: bytes, post: Post) -> bool:
    if mail.sender != letter.to_address:
        return False
    return not post.authserv_id or inbound.is_authentic(raw, authserv_id=post.authserv_id, sender=mail.sender)


def _hold(session: Session, row: InboundMessage, mail: Inbound, letter: Letter, now: datetime) -> tuple[str, str]:
    if letter.contact is not None:
        values = {"sender": mail.sender, "what": mail.text[:500], "message_id": row.id}
        letters.write(session, Draft(f"held:{row.id}", "held", letter.contact, values), at=now)
    return "held", f"from {mail.sender}, but the letter went to {letter.to_address}"


def _stop_digests(session: Session, row: InboundMessage, mail: Inbound, post: Post, now: datetime) -> tuple[str, str]:
    contact = _whom_to_stop(session, mail, post, now)
    if contact is None:
        return "ignored", f"{mail.kind} of an address we do not mail: {mail.sender}"
    said = subscribing.unsubscribe(session, contact, how=f"{mail.kind} by mail", cause=CAUSE[mail.kind], now=now)
    if mail.kind == "unsubscribe":
        _answer(session, contact, mail, said, key=f"answer:{row.id}", now=now)
    return "done", f"{mail.kind}: {said.heading}"


def _whom_to_stop(session: Session, mail: Inbound, post: Post, now: datetime) -> Contact | None:
    if mail.mailbox == "u" and mail.token:
        try:
            return partners.contact(session, unseal(post.secret, "unsubscribe", mail.token, today=now.date()))
        except TokenRefused:
            return None  # a forged token stops nobody
    known = partners.contact_by_email(session, mail.failed[0] if mail.failed else mail.sender)
    letter = None if known else _letter_of(session, mail, post, now)
    return letter.contact if letter else known


def _take_quietly(session: Session, mail: Inbound, post: Post, now: datetime) -> tuple[str, str]:
    if mail.kind == "bounce" and mail.hard:
        letter = _letter_of(session, mail, post, now)
        if letter is not None:
            letters.suppress(session, letter.to_address, scope="all", cause="bounce", at=now)
            return "done", f"no more mail to {letter.to_address}: {mail.reason or 'it bounced for good'}"
    return "ignored", QUIET[mail.kind]


def _letter_of(session: Session, mail: Inbound, post: Post, now: datetime) -> Letter | None:
    """Find the letter that a bounce, a complaint or a "stop" is about by the token it came back with."""
    if mail.mailbox not in PURPOSE_OF:
        return None
    try:
        number = unseal(post.secret, PURPOSE_OF[mail.mailbox], mail.token, today=now.date())
    except TokenRefused:
        return None  # somebody else's bounce says nothing about our letters
    return letters.letter(session, number)


def _refuse(session: Session, mail: Inbound, sentence: str, now: datetime) -> tuple[str, str]:
    """Answer with the sentence, once per sender, kind and day."""
    if mail.sender:
        said = Said("That did not work.", (sentence,), tone="refused")
        key = f"refused:{mail.sender}:{mail.kind}:{now:%Y-%m-%d}"
        _answer(session, mail.sender, mail, said, key=key, now=now)
    return "refused", sentence


def _explain(session: Session, mail: Inbound, now: datetime) -> tuple[str, str]:
    said = Said(
        "This is Counterpart's mail desk.",
        (
            "To join: write to join@ in two or three sentences what your firm does.",
            "To post work you cannot do alone: write to post@ what you need, by when, where, and who pays whom.",
            "To answer one of our letters: reply to that letter.",
        ),
    )
    if mail.sender:
        _answer(session, mail.sender, mail, said, key=f"help:{mail.sender}:{now:%Y-%m-%d}", now=now)
    return "done", "explained how to write to us"


def _answer(
    session: Session,
    to: Contact | str,
    mail: Inbound,
    said: Said,
    *,
    key: str,
    letter: Letter | None = None,
    now: datetime,
) -> None:
    values = {
        "heading": said.heading,
        "lines": list(said.lines),
        "quote": mail.text[:300],
        "tone": said.tone,
        "reply_as": letter.values.get("reply_as", letter.kind) if letter else "",
    }
    refs = [(each[0], each[1]) for each in letter.refs] if letter else []
    known = (partners.contact_by_email(session, to) or to) if isinstance(to, str) else to
    letters.write(session, Draft(key, "answer", known, values, refs, mail.message_id), at=now)

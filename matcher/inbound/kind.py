"""Raw bytes of a mail to what kind of message it is, from whom, to which of our addresses and saying what."""

import logging
import re
from dataclasses import dataclass, replace
from email.message import Message
from functools import cached_property

from matcher.inbound import address, bounce, message
from matcher.inbound.absence import beside_absence
from matcher.inbound.attachments import attachment_names
from matcher.inbound.auto import auto_sign, loop_sign
from matcher.inbound.reply import trim, without_signature
from matcher.inbound.signoff import unsigned
from matcher.inbound.words import STOP_ONLY, fold
from matcher.terms import Inbound

KIND_OF_MAILBOX = {"post": "posting", "join": "join", "reply": "reply"}
BY_TOKEN = ("reply", "u", "b")
SHORT = 200  # characters; longer words are more than "unsubscribe"
RETURNED_BYTES = 200_000
LEADING_RE = re.compile(r"^(?:\s*(?:re|aw|sv|antw|odp|fwd?|wg)\s*:)+", re.I)


@dataclass(frozen=True)
class _Arrival:
    mail: Message
    raw: bytes
    domain: str
    envelope_from: str | None
    base: Inbound

    @cached_property
    def said(self) -> tuple[str, str]:
        """The sender's own words, and what was cut away."""
        return trim(message.body_text(self.mail))


def read(
    raw: bytes, *, domain: str = "", envelope_to: tuple[str, ...] = (), envelope_from: str | None = None
) -> Inbound:
    """Read a message as far as its bytes tell; what cannot be read at all is `unknown`, with the reason."""
    try:
        mail = message.parse(raw)
        base = _envelope(mail, domain, envelope_to)
        return _sorted(_Arrival(mail, raw, domain, envelope_from, base))
    except Exception as error:  # noqa: BLE001 - hostile bytes must never stop the mailbox; the message is kept and named
        logging.getLogger(__name__).warning("a message could not be read: %s: %s", type(error).__name__, error)
        return Inbound(kind="unknown", reason=f"unreadable: {type(error).__name__}: {error}"[:300])


def _envelope(mail: Message, domain: str, envelope_to: tuple[str, ...]) -> Inbound:
    senders = message.addresses(mail, "From", "Sender", "Reply-To") or [("", "")]
    reached = address.recipients(mail, envelope_to)
    mailbox, token = address.mailbox_of(reached, domain)
    answered = message.identifiers(message.header(mail, "In-Reply-To"))
    return Inbound(
        kind="unknown",
        sender=senders[0][1],
        sender_name=" ".join(senders[0][0].split()),
        recipients=reached,
        mailbox=mailbox,
        token=token,
        subject=" ".join(message.clean(message.header(mail, "Subject")).split()),
        message_id=(*message.identifiers(message.header(mail, "Message-ID")), "")[0],
        in_reply_to=(*answered, "")[0],
        references=message.identifiers(message.header(mail, "References")),
        attachments=attachment_names(mail),
    )


def _sorted(arrival: _Arrival) -> Inbound:
    for read_as in (_complained, _bounced, _unsubscribed, _looped, _automatic):
        found = read_as(arrival)
        if found:
            return found
    return _written(arrival)


def _complained(arrival: _Arrival) -> Inbound | None:
    """Read a feedback report; one that says "not spam" or that a signature failed is no complaint of a reader."""
    if not bounce.is_feedback(arrival.mail):
        return None
    found, complains = bounce.feedback(arrival.mail)
    if not complains:
        return replace(arrival.base, kind="auto", failed=found.failed, reason=f"feedback report: {found.reason}")
    return _of_letter(arrival, replace(arrival.base, kind="complaint", failed=found.failed, reason=found.reason))


def _of_letter(arrival: _Arrival, found: Inbound) -> Inbound:
    """Fill in the token of the letter that came back, when the address it came to has none."""
    if found.mailbox in BY_TOKEN and found.token:
        return found
    returned = arrival.raw[:RETURNED_BYTES].decode("latin-1")
    mailbox, token = address.token_in(returned, arrival.domain)
    return replace(found, mailbox=mailbox, token=token) if token else found


def _bounced(arrival: _Arrival) -> Inbound | None:
    mail = arrival.mail
    if not _may_be_returned(arrival):
        return None
    if bounce.is_receipt(mail):
        return replace(arrival.base, kind="auto", reason="receipt of a delivery")
    if not _is_returned(arrival):
        return None
    found = bounce.failure(mail)
    return _of_letter(
        arrival, replace(arrival.base, kind="bounce", failed=found.failed, hard=found.hard, reason=found.reason)
    )


def _may_be_returned(arrival: _Arrival) -> bool:
    if arrival.base.mailbox == "b" or bounce.is_from_system(arrival.mail, arrival.envelope_from):
        return True
    written_by_hand = arrival.base.mailbox in ("post", "join", "reply") or "In-Reply-To" in arrival.mail
    return bounce.has_failure_subject(arrival.mail) and not written_by_hand


def _is_returned(arrival: _Arrival) -> bool:
    """Tell a bounce from a note of absence, which also goes to the envelope sender, and from a postmaster's mail."""
    mail = arrival.mail
    if bounce.is_report(mail) or bounce.is_robot(mail):
        return True
    if _auto_sign(arrival) and not bounce.has_failure_subject(mail):
        return False
    return arrival.base.mailbox == "b" or bounce.has_failure_subject(mail) or bounce.reads_like_a_notice(mail)


def _auto_sign(arrival: _Arrival) -> str:
    null_sender = bounce.is_null_sender(arrival.mail, arrival.envelope_from)
    sign = auto_sign(arrival.mail, null_sender=null_sender, mailbox=arrival.base.mailbox)
    if sign or not (null_sender or arrival.base.mailbox == "b"):
        return sign
    return "an absence" if beside_absence(arrival.said[0]) == "" else ""  # no person writes so, nor to there


def _unsubscribed(arrival: _Arrival) -> Inbound | None:
    base = arrival.base
    if not base.mailbox:
        return None
    if base.mailbox == "u" and base.token:
        return replace(base, kind="unsubscribe", reason="written to the unsubscribe address")
    text, removed = arrival.said
    by_subject = STOP_ONLY.match(fold(LEADING_RE.sub("", base.subject[:SHORT])))
    plain = unsigned(text[:SHORT], (base.sender_name,)) if base.sender_name else text[:SHORT]
    if STOP_ONLY.match(fold(plain)) or by_subject and len(text) < SHORT:
        return replace(base, kind="unsubscribe", text=text, removed=removed, reason="asked for in words")
    return None


def _looped(arrival: _Arrival) -> Inbound | None:
    sign = loop_sign(arrival.mail, arrival.domain)
    return replace(arrival.base, kind="loop", reason=sign) if sign else None


def _automatic(arrival: _Arrival) -> Inbound | None:
    sign = _auto_sign(arrival)
    if not sign:
        return None
    text, removed = arrival.said
    return replace(arrival.base, kind="auto", text=text, removed=removed, reason=sign)


def _written(arrival: _Arrival) -> Inbound:
    base = arrival.base
    kind = KIND_OF_MAILBOX.get(base.mailbox, "unknown")
    if kind == "reply" and not base.token:
        kind = "unknown"
    if kind in ("posting", "join"):
        text, removed = without_signature(message.whole_text(arrival.mail))
    else:
        text, removed = arrival.said
    return replace(base, kind=kind, text=text, removed=removed)

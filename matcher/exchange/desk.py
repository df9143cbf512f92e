"""What the mail desk says of its own accord → letters: the one answer, a refusal, how to write to us."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.models import Contact, Letter
from matcher.store import letters, messages, partners
from matcher.store.letters import Draft
from matcher.terms import Inbound
from matcher.wording import Said

Verdict = tuple[str, str]  # the state of a message, and in words what was made of it

HOW_TO_WRITE = Said(
    "This is Counterpart's mail desk.",
    (
        "To join: write to join@ in two or three sentences what your firm does.",
        "To post work you cannot do alone: write to post@ what you need, by when, where, and who pays whom.",
        "To answer one of our letters: reply to that letter.",
        "Anything else, such as having what we know of you erased: the people who run this service read it here.",
    ),
)
FOR_THE_STEWARD = Said(
    "Your message is kept for the people who run this service.",
    ("They read it themselves and answer where an answer is needed.",),
)
STUMBLED = Said(
    "We could not read your message.",
    ("The fault is ours. Your message is kept, and a person will look at it; you need not send it again.",),
    tone="refused",
)
# Says the same whether or not there is such a letter: a stranger must not learn who is a partner.
NOT_FROM_YOU = Said(
    "Nothing was done with your message.",
    (
        "We act on a reply only when it comes from the address that the letter was sent to.",
        "If it was sent to you, reply from that address. If somebody forwarded it to you, ask them to reply.",
    ),
    tone="refused",
)


KNOWN_HERE = Said(
    "You are a partner already, so nothing was changed yet.",
    (
        "Reply to this letter with what is new or different, and your profile is changed by it.",
        "Or sign in on the page, with this address, and change it there.",
    ),
    tone="unclear",
)
CARRIED = ("question", "result", "revenue")  # what an answer that is replied to must still know of the letter before it


@dataclass(frozen=True, slots=True)
class Post:
    """What the reader of inbound mail must know of its surroundings."""

    secret: str
    domain: str
    authserv_id: str = ""
    digest_hour: int = 7
    mail_from: str = ""


def answer(
    session: Session,
    to: Contact | str,
    mail: Inbound,
    said: Said,
    *,
    key: str,
    letter: Letter | None = None,
    now: datetime,
) -> None:
    """Write what came of a message to its sender, once per key.

    Only somebody we know is quoted, and only words that `identity.quotable` has left in the mail: else a forged sender
    would be sent, by us, whatever the forger wrote.
    """
    known = (partners.contact_by_email(session, to) or to) if isinstance(to, str) else to
    values = {
        "heading": said.heading,
        "lines": list(said.lines),
        "quote": "" if isinstance(known, str) else mail.text[:300],
        "tone": said.tone,
        "reply_as": letter.values.get("reply_as", letter.kind) if letter else "",
        **({name: letter.values[name] for name in CARRIED if name in letter.values} if letter else {}),
    }
    refs = [(each[0], each[1]) for each in letter.refs] if letter else []
    letters.write(session, Draft(key, "answer", known, values, refs, mail.message_id), at=now)


def refuse(session: Session, mail: Inbound, sentence: str, *, about: str = "", now: datetime) -> Verdict:
    """Answer with the sentence, once per sender, kind and day."""
    said = Said("That did not work.", (sentence,), tone="refused")
    once_a_day(session, mail, said, about=f"refused:{about or mail.kind}", now=now)
    return "refused", sentence


def ask_by_reply(session: Session, known: Contact, mail: Inbound, *, now: datetime) -> Verdict:
    """Let a partner that wrote to join@ say it again by reply: only a letter's token shows that it is the firm."""
    values = {
        "heading": KNOWN_HERE.heading,
        "lines": list(KNOWN_HERE.lines),
        "quote": mail.text[:300],
        "tone": KNOWN_HERE.tone,
        "reply_as": "live",
    }
    key = f"known-here:{known.id}:{now:%Y-%m-%d}"
    letters.write(session, Draft(key, "answer", known, values, [(1, known.id)], mail.message_id), at=now)
    return "refused", f"{known.partner.name} is a partner already: asked to say it by reply"


def refuse_domain(session: Session, mail: Inbound, sentence: str, *, now: datetime) -> Verdict:
    """Answer the first of many strangers of one domain: their addresses may all be invented."""
    domain = mail.sender.rpartition("@")[2]
    said = Said("That did not work.", (sentence,), tone="refused")
    answer(session, mail.sender, mail, said, key=f"refused:flood:{domain}:{now:%Y-%m-%dT%H}", now=now)
    return "refused", sentence


def once_a_day(session: Session, mail: Inbound, said: Said, *, about: str, now: datetime) -> None:
    """Tell a sender something, at most once a day."""
    if mail.sender:
        answer(session, mail.sender, mail, said, key=f"{about}:{mail.sender}:{now:%Y-%m-%d}", now=now)


def explain(session: Session, mail: Inbound, *, now: datetime) -> Verdict:
    """Say how to write to us, and leave it to the steward what else is wanted."""
    once_a_day(session, mail, HOW_TO_WRITE, about="help", now=now)
    return "done", messages.EXPLAINED


def keep_for_steward(session: Session, mail: Inbound, mailbox: str, *, now: datetime) -> Verdict:
    """Leave a message to the people who run the service, and say so. Source: RFC 2142."""
    once_a_day(session, mail, FOR_THE_STEWARD, about=mailbox, now=now)
    return "done", f"{messages.KEPT}: it came to {mailbox}@"

"""Rows made by hand, small enough to read in a test: firms, an opportunity, who was asked, the letter that asked."""

import itertools
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import matching, wording
from matcher.models import Competency, Contact, Introduction, Letter, Match, Opportunity, Partner
from matcher.posting import PostingFacts
from matcher.ranking import Embedder
from matcher.store import introductions, letters, matches, postings
from matcher.store.letters import Draft
from matcher.terms import Need, Reading
from matcher.tokens import seal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = NOW.date()
SECRET = "a secret of the tests"
DOMAIN = "in.counterpart.example"
FACTS = PostingFacts(due="31 January 2027", place="Leeds", pays="the customer pays you")
_NUMBERS = itertools.count(1)


def competencies(session: Session) -> None:
    """Write down the two things that these tests speak of."""
    for key, label, synonym in (("mail", "Mail migration", "mailboxes"), ("azure", "Azure", "landing zone")):
        session.add(Competency(key=key, kind="practice", label=label, definition=label, synonyms=[synonym]))
    session.flush()


def firm(session: Session, key: str, *, state: str = "live", **facts: Any) -> Contact:
    """Insert a firm with one proven contact, anna@<key>.example."""
    row = Partner(key=key, name=f"{key.title()} Systems", state=state, created_at=NOW, changed_at=NOW, country="IE")
    session.add(row)
    session.flush()
    told = {"email": f"anna@{key}.example", "name": f"Anna {key.title()}", "verified_at": NOW} | facts
    contact = Contact(partner_id=row.id, **told)
    session.add(contact)
    session.flush()
    return contact


def opportunity(session: Session, poster: Contact, *, state: str = "open", **facts: Any) -> Opportunity:
    """Insert an opportunity with one need."""
    key = f"test:{next(_NUMBERS)}"
    posting_id = postings.add_posting(
        session, key=key, channel="web", sender=poster, subject="", text="Move our mail", facts={}, at=NOW
    )
    assert posting_id
    reading = Reading(
        "Move 380 mailboxes", "Move 380 mailboxes to Exchange Online.", (Need("move 380 mailboxes", ("mail",)),)
    )
    row = postings.add_opportunity(session, posting_id, poster, reading, at=NOW)
    for name, value in ({"state": state, "closes_on": date(2026, 12, 31)} | facts).items():
        setattr(row, name, value)
    session.flush()
    return row


def match(session: Session, row: Opportunity, partner_id: int, *, score: float = 0.6, place: int = 1) -> Match:
    """Insert a scored candidate, of a ranking of today unless there is one."""
    row.matched_at = row.matched_at or NOW
    made = Match(
        opportunity_id=row.id, partner_id=partner_id, version="test", place=place, score=score, reasons=[],
        why_you="You moved 400 mailboxes in 2024.", why_them="Moved 400 mailboxes in 2024.", created_at=row.matched_at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def asked(session: Session, row: Opportunity, contact: Contact, *, state: str = "asked", **facts: Any) -> Introduction:
    """Insert an introduction in any state; those who said yes have a number."""
    made = Introduction(
        opportunity_id=row.id, partner_id=contact.partner_id, contact_id=contact.id, state="asked", created_at=NOW
    )
    session.add(made)
    session.flush()
    if state not in ("asked", "declined", "lapsed"):
        made.number = introductions.next_number(session, row.id)
    if state in ("introduced", "closed"):
        made.introduced_at = NOW
    for name, value in ({"state": state} | facts).items():
        setattr(made, name, value)
    session.flush()
    return made


def reads(session: Session, contact: Contact, *, on: date) -> bool:
    """Tell whether somebody is the one of a firm who gets its digest on a day."""
    may = select(Contact.id).join(Partner).where(*matches.who_reads(session, ("daily", "weekly"), on))
    return session.scalar(may.where(Contact.partner_id == contact.partner_id).order_by(Contact.id)) == contact.id


def letter(session: Session, kind: str, to: Contact, refs: list[tuple[int, int]], **values: Any) -> Letter:
    """Insert a letter that can be replied to."""
    written = letters.write(session, Draft(f"{kind}:test:{next(_NUMBERS)}", kind, to, values, refs), at=NOW)
    assert written
    return session.get_one(Letter, written)


def digest(session: Session, to: Contact, *rows: Introduction) -> Letter:
    """Insert the digest that offers these introductions, numbered from 1."""
    offers = wording.offers(rows)
    refs = [(number, each.id) for number, each in enumerate(rows, start=1)]
    return letter(session, "digest", to, refs, day=DAY.isoformat(), offers=offers)


def reply_address(row: Letter, *, expires_on: date = date(2027, 3, 1)) -> str:
    return f"reply+{seal(SECRET, 'reply', row.id, expires_on=expires_on)}@{DOMAIN}"


def mail(sender: str, to: str, text: str, *, message_id: str = "", subject: str = "Re: your letter") -> bytes:
    """Make a plain message as a person sends it; each has its own Message-ID unless one is named."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = message_id or f"<{next(_NUMBERS)}@{sender.rpartition('@')[2]}>"
    made.set_content(text)
    return made.as_bytes()


def with_file(raw: bytes, name: str) -> bytes:
    """Attach a PDF to a message."""
    made = message_from_bytes(raw, policy=policy.default)
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()


def embed(session: Session, embedder: Embedder, *, limit: int = 256) -> int:
    """Embed texts that have no vector under this model yet, as the worker does; return how many, 0 at the end."""
    return matching.embed_texts(session, embedder, matching.to_embed(session, embedder.model, limit=limit))

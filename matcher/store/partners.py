"""Partners and their contacts."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from matcher.inbound.spelt import spellings
from matcher.models import Badge, BenchPerson, Capability, Collaboration, Consent, Contact, Partner
from matcher.posting.names import FREE_MAIL
from matcher.store.changing import moved

# What a form or a mail to join@ tells of a firm.
TYPED = (
    "name", "profile", "practices", "country", "city", "n_people", "languages", "industries", "clearances",
    "jurisdictions",
)  # fmt: skip
# Word for word as the index of live partners has it.
IS_LIVE = text("partner.state = 'live'")


def partner(session: Session, partner_id: int) -> Partner | None:
    return session.get(Partner, partner_id)


def contact(session: Session, contact_id: int) -> Contact | None:
    return session.get(Contact, contact_id)


def lock_contact(session: Session, contact_id: int) -> Contact | None:
    """Find a contact and let nobody else change it before this transaction ends."""
    chosen = select(Contact).where(Contact.id == contact_id).with_for_update()
    return session.scalar(chosen, execution_options={"populate_existing": True})


def contact_by_email(session: Session, email: str) -> Contact | None:
    """Find the contact who owns an address, however it is capitalised and its domain is spelt."""
    written = spellings(email)
    chosen = select(Contact).where(Contact.email.in_(written))
    return session.scalar(chosen.order_by(Contact.email != written[0]).limit(1))


def add_partner(session: Session, *, name: str, source: str, at: datetime) -> Partner:
    """Insert a partner in draft, with a key of its own made from the name."""
    row = Partner(
        key=_free_key(session, name), name=name, sources={"name": source}, created_at=at, changed_at=at, state="draft"
    )
    session.add(row)
    session.flush()
    return row


def add_contact(session: Session, owner: Partner, *, email: str, name: str, hour: int) -> Contact:
    """Insert the contact of a partner; the address is not proven yet."""
    row = Contact(partner_id=owner.id, email=email.strip().lower(), name=name, digest_hour=hour)
    session.add(row)
    session.flush()
    return row


def prove(session: Session, contact_id: int, at: datetime) -> bool:
    """Note that a contact answered from its address; False when that was known."""
    return moved(
        session, update(Contact).where(Contact.id == contact_id, Contact.verified_at.is_(None)).values(verified_at=at)
    )


def move_partner(session: Session, partner_id: int, *, before: tuple[str, ...], after: str, at: datetime) -> bool:
    """Move a partner's state if it is still one of `before`; False when somebody was first."""
    return moved(
        session,
        update(Partner).where(Partner.id == partner_id, Partner.state.in_(before)).values(state=after, changed_at=at),
    )


def change_partner(session: Session, row: Partner, facts: Mapping[str, Any], *, source: str, at: datetime) -> list[str]:
    """Write the facts that differ, each with its source; return their names."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.sources = {**row.sources, **dict.fromkeys(changed, source)}
        row.changed_at = at
    session.flush()
    return changed


def set_aside(session: Session, row: Partner, *, name: str) -> None:
    """Let what was typed of a firm in draft wait for an ok to just that; until then it is called by another name."""
    told = {each: getattr(row, each) for each in TYPED}
    told["profile_on"] = row.profile_on.isoformat() if row.profile_on else None
    told["sources"] = row.sources
    erase_words(session, row)
    row.name, row.sources, row.waiting = name, {}, told
    session.flush()


def take_up(session: Session, row: Partner) -> None:
    """Let a firm say again what waited."""
    for name, value in _waiting(row).items():
        setattr(row, name, value)
    row.waiting = {}
    session.flush()


def as_told(row: Partner) -> Partner:
    """Give a firm with what waits for its ok; one that is no row of the database where anything does."""
    if not row.waiting:
        return row
    columns = {each.key: getattr(row, each.key) for each in Partner.__table__.columns}
    return Partner(**(columns | _waiting(row)))


def reading_of(row: Partner) -> str:
    """Sum up in a few letters what is said of a firm, so that an ok counts for the words that were shown."""
    said = repr([getattr(as_told(row), each) for each in TYPED])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _waiting(row: Partner) -> dict[str, Any]:
    told = dict(row.waiting)
    if told.get("profile_on"):
        told["profile_on"] = date.fromisoformat(told["profile_on"])
    return told


def erase_words(session: Session, row: Partner) -> None:
    """Erase what a partner told of itself but for its name: facts, profile, what it can do, badges and people."""
    for table in (Capability, Badge, BenchPerson):
        session.execute(delete(table).where(table.partner_id == row.id))
    for words in ("profile", "country", "city"):
        setattr(row, words, "")
    for listed in ("practices", "industries", "clearances", "languages", "jurisdictions", "conflict_keys"):
        setattr(row, listed, [])
    row.n_people, row.founded, row.profile_on, row.min_eur, row.max_eur = None, None, None, 0, 0
    row.sources = {name: source for name, source in row.sources.items() if name == "name"}
    row.waiting = {}
    session.flush()


def note_consent(session: Session, contact_id: int, *, subject: str, given: bool, how: str, at: datetime) -> None:
    session.add(Consent(contact_id=contact_id, subject=subject, given=given, how=how, at=at))


def capabilities(session: Session, partner_id: int) -> list[Capability]:
    """List what a partner can do, as the worker read it, in the order it was written down."""
    return list(session.scalars(select(Capability).where(Capability.partner_id == partner_id).order_by(Capability.id)))


def collaborations(session: Session, partner_id: int) -> list[Collaboration]:
    """List a partner's past work on either side, newest first."""
    mine = (Collaboration.lead_id == partner_id) | (Collaboration.partner_id == partner_id)
    return list(session.scalars(select(Collaboration).where(mine).order_by(Collaboration.ended_on.desc())))


def confirmed_work(session: Session, partner_id: int) -> list[tuple[int, int, int]]:
    """List (lead, partner, revenue in EUR) of a partner's won collaborations that both sides confirmed."""
    mine = (Collaboration.lead_id == partner_id) | (Collaboration.partner_id == partner_id)
    chosen = select(Collaboration.lead_id, Collaboration.partner_id, Collaboration.revenue_eur)
    ours = (Collaboration.outcome == "won") & Collaboration.introduction_id.is_not(None)
    rows = session.execute(chosen.where(mine, ours))
    return [(row[0], row[1], row[2]) for row in rows]


def at_domain_of(session: Session, email: str, partner_ids: Collection[int]) -> set[int]:
    """Tell which of some partners have somebody at the mail domain of an address; of one that many share, none."""
    domain = email.rpartition("@")[2]
    if domain.partition(".")[0] in FREE_MAIL:
        return set()
    theirs = Contact.email.endswith(f"@{domain}", autoescape=True)
    chosen = select(Contact.partner_id).where(Contact.partner_id == func.any(list(partner_ids)), theirs)
    return set(session.scalars(chosen))


def keys_at_domain(session: Session, email: str, *, but: int) -> list[str]:
    """List the keys of live or paused partners but one with somebody at the mail domain of an address."""
    domain = email.rpartition("@")[2]
    if domain.partition(".")[0] in FREE_MAIL:
        return []
    theirs = (func.split_part(Contact.email, "@", 2) == domain) & Contact.verified_at.is_not(None)
    chosen = select(Partner.key).join(Contact).where(theirs, Partner.id != but, Partner.state.in_(("live", "paused")))
    return list(session.scalars(chosen.distinct().order_by(Partner.key)))


def owner_at_domain(session: Session, newcomer: Contact) -> Contact | None:
    """Find who owns the one live or paused firm at the mail domain of a newcomer; None where none, or several, are."""
    keys = keys_at_domain(session, newcomer.email, but=newcomer.partner_id)
    if len(keys) != 1:
        return None
    theirs = select(Contact).join(Partner).where(Partner.key == keys[0], Contact.verified_at.is_not(None))
    return session.scalar(theirs.order_by(Contact.level != "owner", Contact.id).limit(1))


def names(session: Session, partner_ids: Collection[int]) -> dict[int, str]:
    """Name partners by id."""
    rows = session.execute(select(Partner.id, Partner.name).where(Partner.id.in_(partner_ids)))
    return {row[0]: row[1] for row in rows}


def names_of_keys(session: Session, keys: Collection[str]) -> list[str]:
    """Name partners by key, in the order of their names."""
    return list(session.scalars(select(Partner.name).where(Partner.key.in_(keys)).order_by(Partner.name)))


def known_as(session: Session, emails: Collection[str]) -> dict[str, tuple[str, str]]:
    """Map addresses of contacts to the person's and the firm's name."""
    chosen = select(Contact.email, Contact.name, Partner.name).join(Partner).where(Contact.email.in_(emails))
    return {row[0]: (row[1], row[2]) for row in session.execute(chosen)}


def n_live(session: Session) -> tuple[int, int]:
    """Count live partners and the countries they are in."""
    n_partners = session.scalar(select(func.count()).select_from(Partner).where(IS_LIVE))
    first = select(func.min(Partner.country).label("country")).where(IS_LIVE).cte("countries", recursive=True)
    # From one country to the next in the index: a dozen steps, where counting distinct ones sorts every partner.
    after = select(func.min(Partner.country)).where(IS_LIVE, Partner.country > first.c.country).scalar_subquery()
    countries = first.union_all(select(after).where(first.c.country.is_not(None)))
    return n_partners or 0, session.scalar(select(func.count(countries.c.country))) or 0


def _free_key(session: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "partner"
    taken = set(session.scalars(select(Partner.key).where(Partner.key.startswith(stem))))
    key, n = stem, 2
    while key in taken:
        key, n = f"{stem}-{n}", n + 1
    return key

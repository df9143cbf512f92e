"""A seed and two numbers → a small network that reads digests, and open opportunities."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import BenchPerson, Collaboration, Competency, Contact, Opportunity, Partner
from matcher.store import postings
from matcher.terms import Need, Reading
from tests import factories as make
from tests.chaos.sink import BUSY, GONE

TRADES = (
    ("mail", "Mail migration", "mailboxes", "We move mailboxes to Exchange Online."),
    ("azure", "Azure", "landing zone", "We build Azure landing zones."),
    ("backup", "Backup", "restore drills", "We run backup and restore drills."),
    ("phones", "Telephony", "phone numbers", "We port phone numbers to Teams telephony."),
    ("firewall", "Firewalls", "firewall rules", "We clean up firewall rules."),
    ("printing", "Printing", "printers", "We replace printers and print servers."),
)
N_GONE, N_BUSY, N_MATCHES, N_OLD = 6, 12, 25, 3
OLD = timedelta(days=2)


def fill(session: Session, *, n_partners: int, n_opportunities: int, seed: int) -> None:
    """Write partners that read a daily digest, and open opportunities with matches that are good enough to be asked."""
    chance, at = Random(seed), datetime.now(UTC)
    contacts = join(session, n_partners, chance, at, read_at=at)
    for _ in range(n_opportunities):
        poster = chance.choice(contacts)
        row = make.opportunity(session, poster, matched_at=at, closes_on=at.date() + timedelta(days=40))
        others = [each for each in contacts if each.partner_id != poster.partner_id]
        for place, each in enumerate(chance.sample(others, N_MATCHES), start=1):
            make.match(session, row, each.partner_id, score=0.9 - place / 100, place=place)


def join(session: Session, n_partners: int, chance: Random, at: datetime, *, read_at: datetime | None) -> list[Contact]:
    """Write the competencies and the partners; those without `read_at` are read by the next worker that looks."""
    for key, label, synonym, _ in TRADES:
        session.add(Competency(key=key, kind="practice", label=label, definition=label, synonyms=[synonym]))
    session.flush()
    contacts = [_firm(session, n, chance, at, read_at=read_at) for n in range(n_partners)]
    if read_at is None:
        session.add_all(row for n, each in enumerate(contacts) for row in _shown(each, contacts[n - 1], chance, at))
    return contacts


def _shown(contact: Contact, lead: Contact, chance: Random, at: datetime) -> Iterator[BenchPerson | Collaboration]:
    """Give a firm somebody who is free and some past work in all that it sells; the more, the better it fits."""
    for key in contact.partner.practices:
        yield BenchPerson(
            partner_id=contact.partner_id, name=f"Kim {key}", competency_keys=[key], level="senior", languages=["en"],
            free_from=at.date(), free_days=60, on_site=True,
        )  # fmt: skip
        told = {one[0]: one for one in TRADES}[key]
        for m in range(chance.randrange(1, 6)):
            yield Collaboration(
                lead_id=lead.partner_id, partner_id=contact.partner_id, competency_key=key, outcome="won",
                started_on=at.date() - timedelta(days=90 + 30 * m), ended_on=at.date() - timedelta(days=60 + 30 * m),
                summary=f"{told[1]}: {told[2]} for {chance.randrange(20, 900)} people",
            )  # fmt: skip


def post(session: Session, contacts: Sequence[Contact], n: int, chance: Random, at: datetime) -> None:
    """Write open opportunities that were ranked long ago, among other firms: a night ranks them anew.

    Never ranked at all, they would be ranked by the first worker that begins, before the night comes to them.
    """
    for _ in range(n):
        poster, (key, *_) = chance.choice(contacts), chance.choice(TRADES)
        row = ask(session, poster, key, chance, at)
        row.matched_at = at - OLD
        others = [each for each in contacts if each.partner_id != poster.partner_id]
        for place, each in enumerate(chance.sample(others, N_OLD), start=1):
            make.match(session, row, each.partner_id, score=0.9, place=place)


def ask(session: Session, poster: Contact, key: str, chance: Random, at: datetime) -> Opportunity:
    """Write an open opportunity that asks for one practice and was never ranked."""
    ((label, synonym),) = ((each[1], each[2]) for each in TRADES if each[0] == key)
    row = make.opportunity(session, poster, closes_on=at.date() + timedelta(days=40))
    title = f"{label} for {chance.randrange(2, 900)} {synonym}"
    postings.rewrite(session, row, Reading(title, f"We need {title}.", (Need(f"{label}: {synonym}", (key,)),)))
    return row


def newcomer(session: Session, n: int, chance: Random, at: datetime) -> Contact:
    """Write one more partner with people and past work, to be read yet."""
    contact = _firm(session, n, chance, at, read_at=None)
    lead = session.scalars(select(Contact).where(Contact.partner_id != contact.partner_id).order_by(Contact.id)).first()
    assert lead is not None
    session.add_all(_shown(contact, lead, chance, at))
    return contact


def _firm(session: Session, n: int, chance: Random, at: datetime, *, read_at: datetime | None) -> Contact:
    trades = chance.sample(TRADES, 2)
    domain = GONE if n < N_GONE else BUSY if n < N_GONE + N_BUSY else f"firm{n % 40}.example"
    row = Partner(
        key=f"firm{n}", name=f"Firm {n}", state="live", created_at=at - timedelta(days=400), changed_at=at,
        read_at=read_at, profile=" ".join(each[3] for each in trades), practices=[each[0] for each in trades],
        country="IE", languages=["en"], profile_on=at.date(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    contact = Contact(partner_id=row.id, email=f"p{n}@{domain}", name=f"Pat {n}", verified_at=at, digest="daily")
    session.add(contact)
    session.flush()
    return contact

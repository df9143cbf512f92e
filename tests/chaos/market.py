"""A seed and two numbers → a small network that reads digests, and open opportunities."""

from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from matcher.models import Competency, Contact, Partner
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
N_GONE, N_BUSY, N_MATCHES = 6, 12, 25


def fill(session: Session, *, n_partners: int, n_opportunities: int, seed: int) -> None:
    """Write partners that read a daily digest, and open opportunities with matches that are good enough to be asked."""
    chance, at = Random(seed), datetime.now(UTC)
    for key, label, synonym, _ in TRADES:
        session.add(Competency(key=key, kind="practice", label=label, definition=label, synonyms=[synonym]))
    session.flush()
    contacts = [_firm(session, n, chance, at) for n in range(n_partners)]
    for _ in range(n_opportunities):
        poster = chance.choice(contacts)
        row = make.opportunity(session, poster, matched_at=at, closes_on=at.date() + timedelta(days=40))
        others = [each for each in contacts if each.partner_id != poster.partner_id]
        for place, each in enumerate(chance.sample(others, N_MATCHES), start=1):
            make.match(session, row, each.partner_id, score=0.9 - place / 100, place=place)


def _firm(session: Session, n: int, chance: Random, at: datetime) -> Contact:
    trades = chance.sample(TRADES, 2)
    domain = GONE if n < N_GONE else BUSY if n < N_GONE + N_BUSY else f"firm{n % 40}.example"
    row = Partner(
        key=f"firm{n}", name=f"Firm {n}", state="live", created_at=at - timedelta(days=400), changed_at=at, read_at=at,
        profile=" ".join(each[3] for each in trades), practices=[each[0] for each in trades], country="IE",
        languages=["en"], profile_on=at.date(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    contact = Contact(partner_id=row.id, email=f"p{n}@{domain}", name=f"Pat {n}", verified_at=at, digest="daily")
    session.add(contact)
    session.flush()
    return contact

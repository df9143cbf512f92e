"""A posting by form → two readings: one that anybody may see, and its poster's, made with what we know of its firm.

Whoever fills in a form may name an address that is somebody else's. So until the ok to the letter proves whose it is,
the page behind the form shows a reading, and matches, that say nothing of whether that address is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.own import own_of
from matcher.models import Contact, Opportunity
from matcher.posting import Own, PostingFacts, apply_correction, read_posting
from matcher.store import matches, partners, postings
from matcher.terms import Competency, Masked, Need, Reading

UNKNOWN = Own()


@dataclass(frozen=True, slots=True)
class Readings:
    """What stands in the row, which anybody may see of a form's draft, and what its poster reads and opens."""

    for_anybody: Reading
    for_poster: Reading


def read_twice(
    session: Session,
    text: str,
    sender: Contact,
    known: list[Competency],
    *,
    email: str,
    subject: str,
    facts: PostingFacts,
    channel: str,
    today: date,
) -> Readings:
    """Read a posting with what we know of its sender; of a form also without."""

    def read(own: Own, own_keys: frozenset[str]) -> Reading:
        return read_posting(
            text,
            subject=subject,
            facts=facts,
            linker_keys=wording.linker_of(known).keys,
            label_of={each.key: each.label for each in known},
            own_keys=own_keys,
            sender_domain=_domain(email),
            own=own,
            today=today,
        )

    mine = read(own_of(session, sender), _own_keys(session, sender))
    return Readings(read(UNKNOWN, frozenset()) if channel == "web" else mine, mine)


def correct_twice(session: Session, row: Opportunity, text: str, known: list[Competency], *, today: date) -> Readings:
    """Read what was added to an opportunity into both of its readings."""

    def corrected(before: Reading, own: Own) -> Reading:
        return apply_correction(
            before,
            text,
            linker_keys=wording.linker_of(known).keys,
            sender_domain=_domain(row.contact.email),
            own=own,
            today=today,
        )

    before = readings_of(row)
    mine = corrected(before.for_poster, own_of(session, row.contact))
    return Readings(corrected(before.for_anybody, UNKNOWN) if postings.is_anybodys(row) else mine, mine)


def adopt(session: Session, row: Opportunity) -> bool:
    """Let a draft say what its poster has read, now that the ok came; True: its matches are to be found anew."""
    if not postings.is_anybodys(row) or not _makes_a_difference(session, row):
        return False
    postings.rewrite(session, row, readings_of(row).for_poster)
    matches.forget(session, row.id)  # they were found for nobody in particular
    return True


def left_out(row: Opportunity, known: Mapping[str, Competency]) -> list[str]:
    """Name what is not looked for because the poster does it itself."""
    wanted = {key for need in postings.as_poster_reads(row).needs for key in need.competency_keys}
    named = [key for need in row.needs for key in need.competency_keys if key not in wanted]
    return wording.labels(list(dict.fromkeys(named)), dict(known))


def readings_of(row: Opportunity) -> Readings:
    """Give both readings of an opportunity; its poster opens the second."""
    return Readings(_as_reading(row), _as_reading(postings.as_poster_reads(row)))


def _as_reading(row: Opportunity) -> Reading:
    return Reading(
        title=row.title,
        blind_text=row.blind_text,
        needs=tuple(Need(each.text, tuple(each.competency_keys)) for each in row.needs),
        due_text=row.due_text,
        due_on=row.due_on,
        place_text=row.place_text,
        country=row.country,
        on_site=row.on_site,
        pays=row.pays,
        value_eur=row.value_eur,
        languages=tuple(row.languages),
        jurisdiction=row.jurisdiction,
        clearances=tuple(row.clearances),
        industry=row.industry,
        masked=tuple(Masked(*each) for each in row.masked),
        missing=tuple(row.missing),
    )


def _makes_a_difference(session: Session, row: Opportunity) -> bool:
    """Tell whether a draft is read or ranked otherwise once it is known whose it is, or is just being ranked."""
    if row.for_poster or row.partner.state != "draft" or row.matched_at is None:
        return True
    return bool(partners.at_domain_of(session, row.contact.email, matches.partners_of(session, row.id)))


def _own_keys(session: Session, sender: Contact) -> frozenset[str]:
    if sender.partner.state == "draft":
        return frozenset()  # what is said of it may be anybody's words
    able = {each.competency_key for each in partners.capabilities(session, sender.partner_id)}
    return frozenset(able | set(sender.partner.practices))


def _domain(email: str) -> str:
    return email.rpartition("@")[2]

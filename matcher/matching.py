"""The verbs of the machine: read partners, embed texts, rank opportunities, allot the day's offers. For jobs only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from matcher import digest, wording
from matcher.competencies import Linker, describe
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.ranking import RANKER_VERSION
from matcher.ranking.capability import capabilities_of
from matcher.ranking.embed import Embedder
from matcher.ranking.rank import Ranker, build_ranker
from matcher.store import embeddings, introductions, letters, matches, network, postings
from matcher.store.letters import Draft
from matcher.terms import Competency, Digest, Offer

# Under it an offer is noise in somebody's inbox. On the judged postings 0.35 offers 3.2 firms a posting and keeps 66 of
# the 78 ranked firms that answer exactly; 0.25 keeps 69, with 12 more firms that are wrong and 35 that nobody judged.
# Where nobody reaches it, the best three are asked all the same: a poster must not wait for nothing.
FLOOR = matches.ScoreFloor(score=0.35, best_few=3, score_of_few=0.2)
EMBED_AT_ONCE = 256
MONDAY = 0
WEEKEND = (5, 6)
LATEST_HOUR = 20  # a digest that is later than this waits for the next day …
GRACE_HOURS = 4  # … unless its reader wants it in the evening


@dataclass(slots=True)
class Shelf:
    """The worker's ranker and the mark of the network it was built from; a cache that may be thrown away."""

    ranker: Ranker | None = None
    mark: tuple[object, ...] = ()


def read_partners(session: Session, *, now: datetime) -> int:
    """Make the capabilities of partners whose words changed; return how many partners were read."""
    stale = network.unread_partners(session)
    if not stale:
        return 0
    known = {each.key: each for each in network.competencies(session)}
    linker = wording.linker_of(list(known.values()))
    for row in stale:
        _read_partner(session, row, known, linker, now)
    return len(stale)


def embed(session: Session, embedder: Embedder, *, limit: int = EMBED_AT_ONCE) -> int:
    """Embed texts that have no vector under this model yet; return how many, 0 when none are left."""
    todo = embeddings.texts_without(session, model=embedder.model, limit=limit)
    if not todo:
        return 0
    vectors = embedder.encode([text for _, text in todo])
    embeddings.save(session, {key: vectors[i] for i, (key, _) in enumerate(todo)}, model=embedder.model)
    return len(todo)


def shelve(session: Session, shelf: Shelf, *, model: str) -> Ranker:
    """Return the ranker of the network as it is now, built anew only when something changed."""
    mark = network.mark(session)
    if shelf.ranker is None or shelf.mark != mark:
        vectors = embeddings.load(session, model=model)
        shelf.ranker, shelf.mark = build_ranker(network.load(session), vectors), mark
    return shelf.ranker


def match(session: Session, shelf: Shelf, embedder: Embedder, opportunity_id: int, *, now: datetime) -> int:
    """Rank the partners for one opportunity and store the matches; return how many were found."""
    row = postings.opportunity(session, opportunity_id)
    if row is None or row.state not in ("draft", "open"):
        return 0
    ranker = shelve(session, shelf, model=embedder.model)
    excluded = introductions.excluded_partners(session, row.id)
    vectors = _need_vectors(session, row, embedder)
    ranking = ranker.rank(network.as_opportunity(row), vectors, today=now.date(), excluded=excluded)
    matches.replace(session, row.id, ranking.matches, version=RANKER_VERSION, at=now)
    return len(ranking.matches)


def due_readers(session: Session, *, now: datetime) -> dict[date, list[Contact]]:
    """Group by local day the contacts whose digest hour has come and whose digest of that day is not written."""
    found: dict[date, list[Contact]] = {}
    for contact in matches.readers(session, digests=("daily", "weekly"), day=now.date()):
        local = now.astimezone(ZoneInfo(contact.timezone))
        if _is_due(contact, local.hour) and _reads_on(contact, local.date()):
            found.setdefault(local.date(), []).append(contact)
    return {day: _without_digest(session, readers, day) for day, readers in sorted(found.items())}


def readers_of(session: Session, day: date) -> list[Contact]:
    """List the contacts who may get a digest on a day and have none yet, whatever their hour."""
    readers = matches.readers(session, digests=("daily", "weekly"), day=day)
    return _without_digest(session, [each for each in readers if _reads_on(each, day)], day)


def allot(session: Session, readers: Iterable[Contact], *, day: date) -> tuple[Digest, ...]:
    """Decide what each of these contacts is told on a day; nothing is written."""
    offers = matches.offers(session, contact_ids=[each.id for each in readers], floor=FLOOR, today=day)
    asked = matches.n_asked(session, sorted({each.opportunity_id for each in offers}))
    return digest.compose(offers, already_asked=asked)


def write_digest(session: Session, told: Digest, *, day: date, now: datetime) -> int | None:
    """Write one contact's letter, introductions and exposures together; None when it has its digest of the day."""
    contact = session.get_one(Contact, told.contact_id)
    asked = [(offer, _ask(session, offer, now)) for offer in told.offers]
    asked = [(offer, row) for offer, row in asked if row is not None]
    if not asked:
        return None
    offers = [wording.offer(row, number) for number, (_, row) in enumerate(asked, start=1) if row]
    refs = [(number, row.id) for number, (_, row) in enumerate(asked, start=1) if row]
    values = {"day": day.isoformat(), "offers": offers}
    letter_id = letters.write(session, Draft(f"digest:{day}:{contact.id}", "digest", contact, values, refs), at=now)
    if letter_id is None or not matches.note_digest(session, contact_id=contact.id, day=day, letter_id=letter_id):
        return None
    for place, (offer, _) in enumerate(asked, start=1):
        matches.note_exposure(session, offer, letter_id=letter_id, place=place, on=day)
    return letter_id


def _ask(session: Session, offer: Offer, now: datetime) -> Introduction | None:
    if session.get_one(Opportunity, offer.opportunity_id).state != "open":
        return None  # closed since the day's offers were allotted
    added = introductions.add(
        session,
        opportunity_id=offer.opportunity_id,
        partner_id=offer.partner_id,
        contact_id=offer.contact_id,
        match_id=offer.match_id,
        at=now,
    )
    return session.get_one(Introduction, added) if added else None


def _read_partner(
    session: Session, row: Partner, known: Mapping[str, Competency], linker: Linker, now: datetime
) -> None:
    found = capabilities_of(
        network.as_partner(session, row),
        profile=row.profile,
        badges=network.badges_of(session, row.id),
        people=network.people_of(session, row.id),
        collaborations=network.work_of(session, row.id),
        competencies=known,
        link=linker.keys,
        describe=describe,
    )
    network.replace_capabilities(
        session, row.id, found if row.state != "left" else (), read_at=max(now, row.changed_at)
    )


def _need_vectors(session: Session, row: Opportunity, embedder: Embedder) -> np.ndarray:
    hashes = [each.text_hash for each in row.needs]
    known = embeddings.load(session, model=embedder.model, hashes=hashes)
    todo = {each.text_hash: each.text for each in row.needs if each.text_hash not in known}
    if todo:
        made = embedder.encode(list(todo.values()))
        known |= {key: made[i] for i, key in enumerate(todo)}
        embeddings.save(session, {key: known[key] for key in todo}, model=embedder.model)
    return np.stack([known[key] for key in hashes])


def _is_due(contact: Contact, hour: int) -> bool:
    return contact.digest_hour <= hour < max(LATEST_HOUR, contact.digest_hour + GRACE_HOURS)


def _reads_on(contact: Contact, day: date) -> bool:
    if contact.digest == "weekly":
        return day.weekday() == MONDAY
    return day.weekday() not in WEEKEND


def _without_digest(session: Session, readers: list[Contact], day: date) -> list[Contact]:
    written = matches.has_digest(session, [each.id for each in readers], day)
    return [each for each in readers if each.id not in written]

"""The verbs of the machine: read partners, embed texts, rank opportunities, allot the day's offers. For jobs only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from matcher import digest, teams, wording
from matcher.competencies import Linker, describe
from matcher.models import Contact, Introduction, Opportunity, Partner
from matcher.ranking import RANKER_VERSION
from matcher.ranking.capability import capabilities_of
from matcher.ranking.embed import Embedder
from matcher.ranking.hashing import text_hash
from matcher.ranking.meaning import Meanings, texts_of
from matcher.ranking.order import FAIR
from matcher.ranking.rank import ALL_TOGETHER, Ranker, Recipe, build_ranker
from matcher.ranking.whatif import Reading, Trials, WhyNot
from matcher.store import embeddings, exposures, introductions, letters, matches, network, postings
from matcher.store.letters import Draft
from matcher.terms import Competency, Digest, Match, Need, Network, Offer, Team
from matcher.terms import Opportunity as Asked

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
    meanings: Meanings | None = None
    known: Network | None = None
    recipe: tuple[date, Recipe] | None = None


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
    """Embed texts that have no vector under this model yet, partners' before names; return how many, 0 at the end."""
    todo = embeddings.texts_without(session, model=embedder.model, limit=limit)
    todo = todo or _names_without(session, embedder.model)[:limit]
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
        shelf.known, shelf.mark, shelf.meanings = network.load(session), mark, None
        shelf.ranker = build_ranker(shelf.known, vectors)
    return shelf.ranker


def match(session: Session, shelf: Shelf, embedder: Embedder, opportunity_id: int, *, now: datetime) -> int:
    """Rank the partners for one opportunity and store the matches; return how many were found."""
    row = postings.opportunity(session, opportunity_id)
    if row is None or row.state not in ("draft", "open"):
        return 0
    ranker = shelve(session, shelf, model=embedder.model)
    excluded = introductions.excluded_partners(session, row.id)
    vectors = _need_vectors(session, row, embedder)
    asked = network.as_opportunity(row)
    asked = replace(asked, needs=_understood(session, shelf, asked.needs, vectors, model=embedder.model))
    recipe = _recipe_of_day(session, shelf, now)
    ranking = ranker.rank(asked, vectors, today=now.date(), excluded=excluded, recipe=recipe)
    team = None if excluded else _team(ranker, asked, vectors, on=now.date())
    found = (*ranking.matches, *_behind(ranker, asked, vectors, listed=ranking.matches, team=team, on=now.date()))
    matches.replace(session, row.id, found, version=RANKER_VERSION, at=now)
    matches.note_team(session, row.id, team)
    return len(found)


def why_not(
    session: Session, shelf: Shelf, embedder: Embedder, opportunity_id: int, *, partner_key: str, now: datetime
) -> WhyNot | None:
    """Say why a partner is not among the first five, and what would bring it there; None where either is unknown."""
    row, known = postings.opportunity(session, opportunity_id), network.load(session)
    partner_id = next((one.id for one in known.partners.values() if one.key == partner_key), None)
    if row is None or partner_id is None:
        return None
    asked, vectors = network.as_opportunity(row), _need_vectors(session, row, embedder)
    trials = Trials(
        known,
        embeddings.load(session, model=embedder.model),
        reading=Reading(embedder, wording.linker_of(list(known.competencies.values())).keys, describe),
        opportunity=replace(asked, needs=_understood(session, shelf, asked.needs, vectors, model=embedder.model)),
        today=now.date(),
        excluded=introductions.excluded_partners(session, row.id),
        ranker=shelve(session, shelf, model=embedder.model),
    )
    return trials.why_not(partner_id)


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
    rows = [row for _, row in asked if row]
    refs = [(number, row.id) for number, row in enumerate(rows, start=1)]
    values = {"day": day.isoformat(), "offers": wording.offers(rows)}
    letter_id = letters.write(session, Draft(f"digest:{day}:{contact.id}", "digest", contact, values, refs), at=now)
    if letter_id is None or not matches.note_digest(session, contact_id=contact.id, day=day, letter_id=letter_id):
        return None
    for place, (offer, _) in enumerate(asked, start=1):
        matches.note_exposure(session, offer, letter_id=letter_id, place=place, on=day)
    return letter_id


def _recipe_of_day(session: Session, shelf: Shelf, now: datetime) -> Recipe:
    """Order by what past rankings owe to bands of partners; worked out once a day, so that a day's rankings agree."""
    if shelf.known is None:
        return ALL_TOGETHER
    if shelf.recipe is None or shelf.recipe[0] != now.date():
        owed = exposures.lifts_of(session, shelf.known, now=now)
        shelf.recipe = now.date(), replace(ALL_TOGETHER, fairness=replace(FAIR, lifts=owed))
    return shelf.recipe[1]


def _team(ranker: Ranker, asked: Asked, vectors: np.ndarray, *, on: date) -> Team | None:
    """Look for the fewest firms that cover several needs together; None for one need, or when time ran out."""
    if len(asked.needs) < 2:
        return None
    able = ranker.for_team(asked, vectors, today=on)
    team = teams.propose(able, len(asked.needs), poster_id=asked.partner_id)
    return team if team.parts or team.gap == 0 else None


def _behind(
    ranker: Ranker, asked: Asked, vectors: np.ndarray, *, listed: tuple[Match, ...], team: Team | None, on: date
) -> Iterator[Match]:
    """Weigh the members of a team who stand behind those listed, so that they can be shown and asked too."""
    there = {each.partner_id for each in listed}
    absent = [part.partner_id for part in team.parts if part.partner_id not in there] if team else []
    for place, partner_id in enumerate(absent, start=len(listed) + 1):
        weighed = ranker.weigh(asked, vectors, partner_id=partner_id, today=on)
        if isinstance(weighed, Match):
            yield replace(weighed, place=place)


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


def _understood(
    session: Session, shelf: Shelf, needs: tuple[Need, ...], vectors: np.ndarray, *, model: str
) -> tuple[Need, ...]:
    """Give needs that name no competency the one that they are about; where nobody can be sure, none."""
    if all(need.competency_keys for need in needs):
        return needs
    known = network.competencies(session)
    shelf.meanings = shelf.meanings or _meanings(session, known, model)
    if shelf.meanings is None:
        return needs
    linker = wording.linker_of(known)
    read = shelf.meanings.understand(vectors, [linker.named(need.text) for need in needs])
    return tuple(
        replace(need, competency_keys=need.competency_keys or one.keys) for need, one in zip(needs, read, strict=True)
    )


def _meanings(session: Session, known: list[Competency], model: str) -> Meanings | None:
    """Build what practices mean from stored vectors; nothing while the worker has not embedded all of them."""
    hashes = {text: text_hash(text) for text in texts_of(known)}
    vectors = embeddings.load(session, model=model, hashes=list(hashes.values()))
    if not hashes or len(vectors) < len(set(hashes.values())):
        return None
    return Meanings(known, lambda texts: np.stack([vectors[hashes[text]] for text in texts]))


def _names_without(session: Session, model: str) -> list[tuple[str, str]]:
    """List (hash, text) of what competencies are called where there is no vector yet."""
    texts = {text_hash(text): text for text in texts_of(network.competencies(session))}
    known = embeddings.known(session, model=model, hashes=list(texts))
    return [(key, text) for key, text in texts.items() if key not in known]


def _is_due(contact: Contact, hour: int) -> bool:
    return contact.digest_hour <= hour < max(LATEST_HOUR, contact.digest_hour + GRACE_HOURS)


def _reads_on(contact: Contact, day: date) -> bool:
    if contact.digest == "weekly":
        return day.weekday() == MONDAY
    return day.weekday() not in WEEKEND


def _without_digest(session: Session, readers: list[Contact], day: date) -> list[Contact]:
    written = matches.has_digest(session, [each.id for each in readers], day)
    return [each for each in readers if each.id not in written]

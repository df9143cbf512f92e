"""What many contacts are told → their letters, introductions and exposures, written together in a few statements."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Contact, Letter, Match, Opportunity, Partner, Suppression
from matcher.store import bulk, matches
from matcher.store.late import LATE_AT
from matcher.store.matches import any_of
from matcher.store.wake import wake
from matcher.terms import Digest, Offer

LETTER = {
    "id": "int8", "key": "text", "kind": "text", "contact_id": "int8", "to_address": "text", "values": bulk.JSON,
    "refs": bulk.JSON, "next_try_at": "timestamptz", "created_at": "timestamptz",
}  # fmt: skip
INTRODUCTION = {
    "opportunity_id": "int8", "partner_id": "int8", "id": "int8", "contact_id": "int8", "match_id": "int8",
    "state": "text", "created_at": "timestamptz",
}  # fmt: skip
EXPOSURE = {
    "opportunity_id": "int8", "partner_id": "int8", "contact_id": "int8", "letter_id": "int8", "place": "int4",
    "shown_on": "date",
}  # fmt: skip
DIGEST = {"contact_id": "int8", "day": "date", "letter_id": "int8"}
# What is said of an opportunity is the same for all who are told of it, and in every shard of a night: it is put into
# words once in a process for as long as neither its row nor its poster's changes. Some 2 kB each.
MAX_SAID = 50_000
_said: dict[str, "_Said"] = {}


class _Poster(NamedTuple):
    country: str
    n_people: int | None


class _Row(NamedTuple):
    """What is said of an opportunity as its row has it; as an object of the session it would take twice as long."""

    partner: _Poster
    title: str
    blind_text: str
    place_text: str
    country: str
    on_site: bool
    due_on: date | None
    due_text: str
    pays: str
    value_eur: int | None
    languages: list[str]
    closes_on: date | None


SAID = tuple(getattr(Opportunity, name) for name in _Row._fields[1:])


@dataclass(slots=True)
class _Told:
    """One letter to be: to whom and, for each offer, the id of its introduction."""

    contact_id: int
    email: str
    offers: list[tuple[int, Offer]]


@dataclass(slots=True)
class _Said:
    """What letters say of one opportunity, as JSON: its text in several lengths, and all else."""

    text: str
    rest: str
    by_length: dict[int, str] = field(default_factory=dict)

    def in_words(self, n_words: int) -> str:
        found = self.by_length.get(n_words)
        if found is None:
            text = bulk.as_json(wording.shorten(self.text, n_words))
            found = self.by_length[n_words] = f'"text": {text}, {self.rest}'
        return found


@dataclass(frozen=True, slots=True)
class _Words:
    """What letters say: of each opportunity, as JSON, and of each match why it was made."""

    asked: Mapping[int, _Said]
    why: Mapping[int | None, str]
    late_at: Mapping[int, datetime]

    def values(self, day: date, told: _Told) -> str:
        """Say what a letter says: the same as `wording.offers` of its introductions."""
        n_words = wording.words_each(len(told.offers))
        offers = [
            f'{{"number": {number}, "introduction_id": {introduction_id}, '
            f'"why": {bulk.as_json(self.why[one.match_id])}, '
            f"{self.asked[one.opportunity_id].in_words(n_words)}}}"
            for number, (introduction_id, one) in enumerate(told.offers, start=1)
        ]
        late_at = self.late_at.get(told.contact_id)
        until = f'"{LATE_AT}": "{late_at.isoformat()}", ' if late_at else ""
        return f'{{"day": "{day}", {until}"offers": [{", ".join(offers)}]}}'


def write_digests(
    session: Session,
    told: Iterable[Digest],
    *,
    day: date,
    now: datetime,
    late_at: Mapping[int, datetime] | None = None,
    why: Mapping[int | None, str] | None = None,
) -> int:
    """Write the letters of many contacts with introductions and exposures; return how many letters.

    Whoever has its digest of the day, has paused or stopped is left out, and so is what has closed, was ranked anew or
    was asked by another run meanwhile. `late_at` says for some contacts from when on their letter is not sent any more,
    `why` by match why it was made, where that was just read.
    """
    wanted = sorted(told, key=lambda each: each.contact_id)
    emails = _readers(session, [each.contact_id for each in wanted], day)
    versions, why = _still_open(session, wanted), _why(session, wanted) if why is None else why
    left = [(each.contact_id, _left(each, versions, why)) for each in wanted if each.contact_id in emails]
    drafts = _ask(session, _numbered(session, [pair for pair in left if pair[1]], emails), now=now)
    if drafts:
        _write(session, drafts, _Words(_asked(session, drafts, versions), why, late_at or {}), day=day, now=now)
        wake(session, "deliver")
    return len(drafts)


def _readers(session: Session, contact_ids: list[int], day: date) -> dict[int, str]:
    """Map those who read and have no digest of the day yet to their addresses; no other run can write to them until we
    end."""
    chosen = select(Contact.id, Contact.email).where(Contact.id == any_of(contact_ids), *_still_reads(day))
    chosen = chosen.order_by(Contact.id)
    emails = dict(bulk.read(session, chosen.with_for_update(key_share=True)))
    keys = {_key(day, each): each for each in emails}
    there = session.scalars(select(Letter.key).where(Letter.key == func.any(list(keys))))
    written = matches.has_digest(session, contact_ids, day) | {keys[each] for each in there}
    return {contact_id: email for contact_id, email in emails.items() if contact_id not in written}


def _still_reads(day: date) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL of a contact that neither it nor its firm has stopped since something was allotted to it."""
    # Row by row: as joins they may be planned with all partners, and with all who ever stopped.
    state = select(Partner.state).where(Partner.id == Contact.partner_id).scalar_subquery()
    stopped = select(func.min(Suppression.id)).where(Suppression.email == Contact.email).scalar_subquery()
    paused = Contact.paused_until.is_not(None) & (Contact.paused_until >= day)
    return state == "live", Contact.digest != "paused", stopped.is_(None), ~paused


def _still_open(session: Session, told: Sequence[Digest]) -> dict[int, str]:
    """Map the opportunities that may still be told of to a name of their rows as they are now."""
    ids = sorted({one.opportunity_id for each in told for one in each.offers})
    # As a join it may be planned with all partners, for the posters of a shard.
    poster = select(_version(Partner)).where(Partner.id == Opportunity.partner_id).scalar_subquery()
    chosen = select(Opportunity.id, _version(Opportunity), poster)
    found = bulk.read(session, chosen.where(Opportunity.id == any_of(ids), Opportunity.state == "open"))
    return {id_: f"{id_} {version} {of_poster}" for id_, version, of_poster in found}


def _version(of: type[Opportunity | Partner]) -> ColumnElement[str]:
    xmin, ctid = (cast(literal_column(f"{of.__tablename__}.{name}"), Text) for name in ("xmin", "ctid"))
    return xmin + ctid


def _why(session: Session, told: Sequence[Digest]) -> dict[int | None, str]:
    """Map the matches that are still there to why they were made."""
    why = select(Match.id, Match.why_you).where(
        Match.id == any_of([one.match_id for each in told for one in each.offers if one.match_id is not None])
    )
    return {id_: words for id_, words in bulk.read(session, why)}


def _left(told: Digest, still_open: Collection[int], matched: Collection[int | None]) -> list[Offer]:
    return [one for one in told.offers if one.opportunity_id in still_open and one.match_id in matched]


def _numbered(session: Session, told: Sequence[tuple[int, list[Offer]]], emails: Mapping[int, str]) -> list[_Told]:
    """Give each introduction its id beforehand, so that a letter can name its introductions."""
    numbers = iter(bulk.ids(session, "introduction", sum(len(offers) for _, offers in told)))
    return [
        _Told(contact_id, emails[contact_id], [(next(numbers), one) for one in offers]) for contact_id, offers in told
    ]


def _ask(session: Session, drafts: list[_Told], *, now: datetime) -> list[_Told]:
    """Write the introductions; whoever was asked by another run meanwhile is not told again."""
    rows = sorted(
        (one.opportunity_id, one.partner_id, introduction_id, one.contact_id, one.match_id, "asked", now)
        for each in drafts
        for introduction_id, one in each.offers
    )
    if bulk.copied(session, "introduction", INTRODUCTION, rows=rows):
        return drafts
    asked = bulk.add(session, "introduction", tuple(INTRODUCTION), rows=rows)
    left = [_Told(each.contact_id, each.email, [pair for pair in each.offers if pair[0] in asked]) for each in drafts]
    return [each for each in left if each.offers]


def _asked(session: Session, drafts: Sequence[_Told], versions: Mapping[int, str]) -> dict[int, _Said]:
    ids = sorted({one.opportunity_id for each in drafts for _, one in each.offers})
    found = {each: _said.get(versions[each]) for each in ids}
    new = _put_into_words(session, [each for each, said in found.items() if said is None])
    if len(_said) + len(new) > MAX_SAID:
        _said.clear()
    _said.update({versions[each]: said for each, said in new.items()})
    return {each: said for each, said in (found | new).items() if said is not None}


def _put_into_words(session: Session, ids: list[int]) -> dict[int, _Said]:
    chosen = select(Opportunity.id, Partner.country, Partner.n_people, *SAID).join(Opportunity.partner)
    found = {}
    for id_, country, n_people, *said in bulk.read(session, chosen.where(Opportunity.id == any_of(ids))):
        row = _Row(_Poster(country, n_people), *said)
        found[id_] = _Said(row.blind_text, bulk.as_json(wording.asked_but_text(row))[1:-1])
    return found


def _write(session: Session, drafts: Sequence[_Told], words: _Words, *, day: date, now: datetime) -> None:
    ids = bulk.ids(session, "letter", len(drafts))
    letters = (
        (
            letter_id, _key(day, each.contact_id), "digest", each.contact_id, each.email,
            bulk.packed(words.values(day, each)), bulk.packed(_refs(each)), now, now,
        )
        for letter_id, each in zip(ids, drafts, strict=True)
    )  # fmt: skip
    bulk.copy(session, "letter", LETTER, rows=letters)
    told = ((each.contact_id, day, letter_id) for letter_id, each in zip(ids, drafts, strict=True))
    bulk.copy(session, "digest", DIGEST, rows=told)
    shown = sorted(_shown(ids, drafts, day))
    if not bulk.copied(session, "exposure", EXPOSURE, rows=shown):
        bulk.add(session, "exposure", tuple(EXPOSURE), rows=shown)


def _shown(ids: Sequence[int], drafts: Sequence[_Told], day: date) -> Iterator[tuple[object, ...]]:
    for letter_id, each in zip(ids, drafts, strict=True):
        for place, (_, one) in enumerate(each.offers, start=1):
            yield one.opportunity_id, one.partner_id, one.contact_id, letter_id, place, day


def _key(day: date, contact_id: int) -> str:
    return f"digest:{day}:{contact_id}"


def _refs(told: _Told) -> str:
    return f"[{', '.join(f'[{number}, {pair[0]}]' for number, pair in enumerate(told.offers, start=1))}]"

"""What many contacts are told → their letters, introductions and exposures, written together in a few statements."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Text, cast, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from matcher import wording
from matcher.models import Contact, Letter, Match, Opportunity, Partner
from matcher.store import bulk, matches
from matcher.store.matches import any_of
from matcher.store.wake import wake
from matcher.terms import Digest, Offer

LETTER = ("id", "key", "kind", "contact_id", "to_address", "values", "refs", "next_try_at", "created_at")
INTRODUCTION = ("id", "opportunity_id", "partner_id", "contact_id", "match_id", "state", "created_at")
EXPOSURE = ("opportunity_id", "partner_id", "contact_id", "letter_id", "place", "shown_on")
DIGEST = ("contact_id", "day", "letter_id")
# What is said of an opportunity is the same for all who are told of it, and in every shard of a night: it is put into
# words once in a process for as long as neither its row nor its poster's changes. Some 2 kB each.
MAX_SAID = 50_000
_said: dict[str, "_Said"] = {}


@dataclass(frozen=True, slots=True)
class _Told:
    """One letter to be: to whom and, for each offer, the id of its introduction."""

    contact_id: int
    email: str
    offers: tuple[tuple[int, Offer], ...]


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
    """What letters say: of each opportunity, and of each match why it was made, as JSON."""

    asked: Mapping[int, _Said]
    why: Mapping[int, str]

    def values(self, day: date, told: _Told) -> str:
        """Say what a letter says: the same as `wording.offers` of its introductions."""
        n_words = wording.words_each(len(told.offers))
        offers = [
            f'{{"number": {number}, "introduction_id": {introduction_id}, "why": {self.why[one.match_id]}, '
            f"{self.asked[one.opportunity_id].in_words(n_words)}}}"
            for number, (introduction_id, one) in enumerate(told.offers, start=1)
        ]
        return f'{{"day": "{day}", "offers": [{", ".join(offers)}]}}'


def write_digests(session: Session, told: Iterable[Digest], *, day: date, now: datetime) -> int:
    """Write the letters of many contacts with introductions and exposures; return how many letters.

    Whoever has its digest of the day is left out, and so is what has closed, was ranked anew or was asked by another
    run meanwhile.
    """
    wanted = sorted(told, key=lambda each: each.contact_id)
    emails = _readers(session, [each.contact_id for each in wanted], day)
    versions, why = _still_open(session, wanted), _why(session, wanted)
    drafts = _ask(session, _numbered(session, _left(wanted, versions, why), emails), now=now)
    if drafts:
        _write(session, drafts, _Words(_asked(session, drafts, versions), why), day=day, now=now)
        wake(session, "deliver")
    return len(drafts)


def _readers(session: Session, contact_ids: list[int], day: date) -> dict[int, str]:
    """Map those who have no digest of the day yet to their addresses; no other run can write to them until we end."""
    chosen = select(Contact.id, Contact.email).where(Contact.id == any_of(contact_ids)).order_by(Contact.id)
    emails = {row[0]: row[1] for row in session.connection().execute(chosen.with_for_update(key_share=True))}
    keys = {_key(day, each): each for each in emails}
    there = session.scalars(select(Letter.key).where(Letter.key == func.any(list(keys))))
    written = matches.has_digest(session, contact_ids, day) | {keys[each] for each in there}
    return {contact_id: email for contact_id, email in emails.items() if contact_id not in written}


def _still_open(session: Session, told: Sequence[Digest]) -> dict[int, str]:
    """Map the opportunities that may still be told of to a name of their rows as they are now."""
    ids = sorted({one.opportunity_id for each in told for one in each.offers})
    row = [cast(literal_column(f"{of}.{name}"), Text) for of in ("opportunity", "partner") for name in ("xmin", "ctid")]
    chosen = select(Opportunity.id, func.concat_ws(" ", cast(Opportunity.id, Text), *row)).join(Partner)
    found = session.connection().execute(chosen.where(Opportunity.id == any_of(ids), Opportunity.state == "open"))
    return {id_: version for id_, version in found}


def _why(session: Session, told: Sequence[Digest]) -> dict[int, str]:
    """Map the matches that are still there to why they were made, as JSON."""
    why = select(Match.id, Match.why_you).where(
        Match.id == any_of([one.match_id for each in told for one in each.offers])
    )
    return {id_: bulk.as_json(words) for id_, words in session.connection().execute(why)}


def _left(told: Sequence[Digest], still_open: Collection[int], matched: Collection[int]) -> list[Digest]:
    """Leave out what can not be told any more, and whoever has nothing left."""
    left = [
        Digest(
            each.contact_id,
            tuple(one for one in each.offers if one.opportunity_id in still_open and one.match_id in matched),
        )
        for each in told
    ]
    return [each for each in left if each.offers]


def _numbered(session: Session, told: Sequence[Digest], emails: Mapping[int, str]) -> list[_Told]:
    """Give each introduction its id beforehand, so that a letter can name its introductions."""
    left = [each for each in told if each.contact_id in emails]
    numbers = iter(bulk.ids(session, "introduction", sum(len(each.offers) for each in left)))
    return [
        _Told(each.contact_id, emails[each.contact_id], tuple((next(numbers), one) for one in each.offers))
        for each in left
    ]


def _ask(session: Session, drafts: Sequence[_Told], *, now: datetime) -> list[_Told]:
    """Write the introductions; whoever was asked by another run meanwhile is not told again."""
    rows = (
        (introduction_id, one.opportunity_id, one.partner_id, one.contact_id, one.match_id, "asked", now)
        for introduction_id, one in sorted(
            (pair for each in drafts for pair in each.offers),
            key=lambda pair: (pair[1].opportunity_id, pair[1].partner_id),
        )
    )
    asked = bulk.add(session, "introduction", INTRODUCTION, rows=rows)
    left = [
        _Told(each.contact_id, each.email, tuple(pair for pair in each.offers if pair[0] in asked)) for each in drafts
    ]
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
    chosen = select(Opportunity).where(Opportunity.id == any_of(ids)).options(joinedload(Opportunity.partner))
    found = {}
    for row in session.scalars(chosen):
        rest = wording.asked(row, n_words=1)
        del rest["text"]
        found[row.id] = _Said(row.blind_text, bulk.as_json(rest)[1:-1])
    return found


def _write(session: Session, drafts: Sequence[_Told], words: _Words, *, day: date, now: datetime) -> None:
    ids = bulk.ids(session, "letter", len(drafts))
    letters = (
        (
            letter_id, _key(day, each.contact_id), "digest", each.contact_id, each.email,
            words.values(day, each), _refs(each), now, now,
        )
        for letter_id, each in zip(ids, drafts, strict=True)
    )  # fmt: skip
    bulk.copy(session, "letter", LETTER, rows=letters)
    told = ((each.contact_id, day, letter_id) for letter_id, each in zip(ids, drafts, strict=True))
    bulk.copy(session, "digest", DIGEST, rows=told)
    bulk.add(session, "exposure", EXPOSURE, rows=sorted(_shown(ids, drafts, day)))


def _shown(ids: Sequence[int], drafts: Sequence[_Told], day: date) -> Iterator[tuple[object, ...]]:
    for letter_id, each in zip(ids, drafts, strict=True):
        for place, (_, one) in enumerate(each.offers, start=1):
            yield one.opportunity_id, one.partner_id, one.contact_id, letter_id, place, day


def _key(day: date, contact_id: int) -> str:
    return f"digest:{day}:{contact_id}"


def _refs(told: _Told) -> str:
    return f"[{', '.join(f'[{number}, {pair[0]}]' for number, pair in enumerate(told.offers, start=1))}]"

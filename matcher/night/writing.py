"""What many contacts are told → their letters, introductions and exposures, written together in a few statements."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from matcher import wording
from matcher.models import Contact, Letter, Match, Opportunity
from matcher.store import bulk, matches
from matcher.store.matches import any_of
from matcher.store.wake import wake
from matcher.terms import Digest, Offer

LETTER = ("id", "key", "kind", "contact_id", "to_address", "values", "refs", "next_try_at", "created_at")
INTRODUCTION = ("id", "opportunity_id", "partner_id", "contact_id", "match_id", "state", "created_at")
EXPOSURE = ("opportunity_id", "partner_id", "contact_id", "letter_id", "place", "shown_on")


@dataclass(frozen=True, slots=True)
class _Told:
    """One letter to be: its id and, for each offer, the id of its introduction."""

    letter_id: int
    contact_id: int
    email: str
    offers: tuple[tuple[int, Offer], ...]


@dataclass(slots=True)
class _Words:
    """What is said of opportunities and matches; each is put into words once for all who are told of it."""

    opportunities: Mapping[int, Opportunity]
    why: Mapping[int, str]
    said: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    def values(self, day: date, told: _Told) -> dict[str, Any]:
        """Say what a letter says: the same as `wording.offers` of its introductions."""
        n_words = wording.words_each(len(told.offers))
        offers = [
            {"number": number, "introduction_id": introduction_id, "why": self.why.get(one.match_id, "")}
            | self._asked(one.opportunity_id, n_words)
            for number, (introduction_id, one) in enumerate(told.offers, start=1)
        ]
        return {"day": day.isoformat(), "offers": offers}

    def _asked(self, opportunity_id: int, n_words: int) -> dict[str, Any]:
        key = (opportunity_id, n_words)
        if key not in self.said:
            self.said[key] = wording.asked(self.opportunities[opportunity_id], n_words=n_words)
        return self.said[key]


def write_digests(session: Session, told: Iterable[Digest], *, day: date, now: datetime) -> int:
    """Write the letters of many contacts with introductions and exposures; return how many letters.

    Whoever has its digest of the day is left out, and so is what has closed or was asked by another run meanwhile.
    """
    wanted = sorted(told, key=lambda each: each.contact_id)
    emails = _readers(session, [each.contact_id for each in wanted], day)
    words = _words(session, [one for each in wanted for one in each.offers])
    drafts = _numbered(session, wanted, emails, words.opportunities)
    drafts = _write_letters(session, drafts, words, day=day, now=now)
    drafts = _ask(session, drafts, words, day=day, now=now)
    _note(session, drafts, day=day)
    if drafts:
        wake(session, "deliver")
    return len(drafts)


def _readers(session: Session, contact_ids: list[int], day: date) -> dict[int, str]:
    """Map those who have no digest of the day yet to their addresses; no other run can write to them until we end."""
    chosen = select(Contact.id, Contact.email).where(Contact.id == any_of(contact_ids)).order_by(Contact.id)
    emails = {row[0]: row[1] for row in session.execute(chosen.with_for_update(key_share=True))}
    written = matches.has_digest(session, contact_ids, day)
    return {contact_id: email for contact_id, email in emails.items() if contact_id not in written}


def _words(session: Session, offers: Sequence[Offer]) -> _Words:
    ids = sorted({each.opportunity_id for each in offers})
    chosen = select(Opportunity).where(Opportunity.id == any_of(ids), Opportunity.state == "open")
    rows = session.scalars(chosen.options(joinedload(Opportunity.partner)))
    why = select(Match.id, Match.why_you).where(Match.id == any_of([each.match_id for each in offers]))
    return _Words({each.id: each for each in rows}, {row[0]: row[1] for row in session.execute(why)})


def _numbered(
    session: Session, told: Sequence[Digest], emails: Mapping[int, str], still_open: Collection[int]
) -> list[_Told]:
    """Give each letter and introduction its id beforehand, so that a letter can name its introductions."""
    left = [(each.contact_id, [one for one in each.offers if one.opportunity_id in still_open]) for each in told]
    left = [(contact_id, offers) for contact_id, offers in left if offers and contact_id in emails]
    letters = bulk.ids(session, "letter", len(left))
    numbers = iter(bulk.ids(session, "introduction", sum(len(offers) for _, offers in left)))
    return [
        _Told(letter_id, contact_id, emails[contact_id], tuple((next(numbers), one) for one in offers))
        for letter_id, (contact_id, offers) in zip(letters, left, strict=True)
    ]


def _write_letters(
    session: Session, drafts: Sequence[_Told], words: _Words, *, day: date, now: datetime
) -> list[_Told]:
    rows = (
        (
            each.letter_id, f"digest:{day}:{each.contact_id}", "digest", each.contact_id, each.email,
            bulk.as_json(words.values(day, each)), bulk.as_json(_refs(each)), now, now,
        )
        for each in drafts
    )  # fmt: skip
    written = bulk.add(session, "letter", LETTER, rows=rows)
    return [each for each in drafts if each.letter_id in written]


def _ask(session: Session, drafts: Sequence[_Told], words: _Words, *, day: date, now: datetime) -> list[_Told]:
    """Write the introductions; whoever was asked by another run meanwhile is taken out of its letter again."""
    rows = (
        (introduction_id, one.opportunity_id, one.partner_id, one.contact_id, one.match_id, "asked", now)
        for introduction_id, one in sorted(
            (pair for each in drafts for pair in each.offers),
            key=lambda pair: (pair[1].opportunity_id, pair[1].partner_id),
        )
    )
    asked = bulk.add(session, "introduction", INTRODUCTION, rows=rows)
    kept: list[_Told] = []
    for each in drafts:
        offers = tuple(pair for pair in each.offers if pair[0] in asked)
        told = _Told(each.letter_id, each.contact_id, each.email, offers)
        if len(offers) < len(each.offers):
            _say_less(session, told, words, day)
        if offers:
            kept.append(told)
    return kept


def _say_less(session: Session, told: _Told, words: _Words, day: date) -> None:
    """Take out of a letter that nobody has seen yet what it may not say; without an offer there is no letter."""
    ours = Letter.id == told.letter_id
    if told.offers:
        session.execute(update(Letter).where(ours).values(values=words.values(day, told), refs=_refs(told)))
    else:
        session.execute(delete(Letter).where(ours))


def _note(session: Session, drafts: Sequence[_Told], *, day: date) -> None:
    bulk.add(
        session,
        "digest",
        ("contact_id", "day", "letter_id"),
        rows=((each.contact_id, day, each.letter_id) for each in drafts),
    )
    bulk.add(session, "exposure", EXPOSURE, rows=sorted(_shown(drafts, day)))


def _shown(drafts: Sequence[_Told], day: date) -> Iterator[tuple[object, ...]]:
    for each in drafts:
        for place, (_, one) in enumerate(each.offers, start=1):
            yield one.opportunity_id, one.partner_id, one.contact_id, each.letter_id, place, day


def _refs(told: _Told) -> list[tuple[int, int]]:
    return [(number, introduction_id) for number, (introduction_id, _) in enumerate(told.offers, start=1)]

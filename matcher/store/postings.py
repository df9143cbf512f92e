"""Postings as they came in, and the opportunities that were read from them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload, selectinload

from matcher.models import Contact, Introduction, Letter, Need, Opportunity, Posting
from matcher.ranking.hashing import text_hash
from matcher.store.changing import moved
from matcher.terms import Reading

MATCHING = 0x3A7C  # of all advisory locks of the database, those of opportunities that are being matched
Version = tuple[int, datetime | None]  # how often it was asked about, and when it was matched
UNMATCHED = Opportunity.matched_at.is_(None) & Opportunity.state.in_(("draft", "open"))


def add_posting(session: Session, *, key: str, channel: str, sender: Contact, subject: str, text: str,
                facts: dict[str, str], at: datetime) -> int | None:  # fmt: skip
    """Keep a posting once per key; None when it is there already."""
    return session.scalar(
        insert(Posting)
        .values(key=key, channel=channel, contact_id=sender.id, subject=subject, text=text, facts=facts, received_at=at)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Posting.id)
    )


def opportunity_of_key(session: Session, key: str) -> Opportunity:
    """Find what became of a posting that was sent in before."""
    return session.scalars(select(Opportunity).join(Posting).where(Posting.key == key)).one()


def add_opportunity(
    session: Session,
    posting_id: int,
    sender: Contact,
    reading: Reading,
    *,
    for_poster: Reading | None = None,
    at: datetime,
) -> Opportunity:
    """Insert an opportunity in draft with its needs; `for_poster` is how its poster alone may read it until the ok."""
    row = Opportunity(
        posting_id=posting_id,
        partner_id=sender.partner_id,
        contact_id=sender.id,
        created_at=at,
        for_poster=_beside(reading, for_poster),
        **_facts(reading),
    )
    session.add(row)
    session.flush()
    _write_needs(session, row.id, reading)
    return row


def rewrite(session: Session, row: Opportunity, reading: Reading, *, for_poster: Reading | None = None) -> None:
    """Replace what an opportunity says by a newer reading; its matches are found anew."""
    for name, value in _facts(reading).items():
        setattr(row, name, value)
    row.for_poster = _beside(reading, for_poster)
    row.n_asked += 1
    row.matched_at = None
    session.execute(delete(Need).where(Need.opportunity_id == row.id))
    _write_needs(session, row.id, reading)
    session.expire(row, ["needs"])


def as_poster_reads(row: Opportunity) -> Opportunity:
    """Give an opportunity as its poster reads it; one that is no row of the database where that is another reading."""
    if not row.for_poster:
        return row
    told = {**row.for_poster, "due_on": _day(row.for_poster["due_on"])}
    needs = [Need(position=at, text=text, competency_keys=keys) for at, (text, keys) in enumerate(told.pop("needs"), 1)]
    return Opportunity(**told, needs=needs)


def forget_due(row: Opportunity) -> None:
    """Forget by when a draft is wanted, in both of its readings, and that this is to be asked."""
    row.due_on, row.due_text, row.missing = None, "", [*row.missing, "due"]
    if row.for_poster:
        missing = [*row.for_poster["missing"], "due"]
        row.for_poster = {**row.for_poster, "due_on": None, "due_text": "", "missing": missing}


def is_anybodys(row: Opportunity) -> bool:
    """Tell a draft that came by a form: nobody has shown yet that the address in it is theirs."""
    return row.state == "draft" and row.posting.channel == "web"


def opportunity(session: Session, opportunity_id: int) -> Opportunity | None:
    return session.get(Opportunity, opportunity_id)


def opportunities(session: Session, ids: Sequence[int]) -> list[Opportunity]:
    """Read opportunities in order of id, with their needs and posters."""
    with_all = (selectinload(Opportunity.needs), joinedload(Opportunity.partner))
    return list(
        session.scalars(select(Opportunity).where(Opportunity.id.in_(ids)).options(*with_all).order_by(Opportunity.id))
    )


def with_needs(session: Session, opportunity_id: int) -> Opportunity | None:
    """Read an opportunity, its contact and its needs in one statement."""
    return session.get(
        Opportunity, opportunity_id, options=(joinedload(Opportunity.contact), joinedload(Opportunity.needs))
    )


def lock(session: Session, *opportunity_ids: int) -> None:
    """Let nobody else move these opportunities or what was asked about them until the transaction ends.

    What was read of them before is read anew. They are locked in the order of their ids, so that two who need several
    never wait for each other.
    """
    chosen = select(Opportunity).where(Opportunity.id.in_(opportunity_ids)).order_by(Opportunity.id)
    fresh = {"populate_existing": True}
    session.scalars(chosen.with_for_update(key_share=True), execution_options=fresh).all()
    known = [each.id for each in session.identity_map.values() if isinstance(each, Introduction)]
    session.scalars(select(Introduction).where(Introduction.id.in_(known)), execution_options=fresh).all()


def waits_since(session: Session, opportunity_id: int) -> datetime | None:
    """Say when the posting came in whose first matches its sender waits for; None when there are some, or none due."""
    chosen = select(Posting.received_at).join(Opportunity, Opportunity.posting_id == Posting.id)
    first = (Opportunity.id == opportunity_id) & Opportunity.matched_at.is_(None) & (Opportunity.n_asked == 0)
    return session.scalar(chosen.where(first))


def move(session: Session, opportunity_id: int, *, before: tuple[str, ...], **after: Any) -> bool:
    """Move an opportunity if its state is still one of `before`; False when somebody was first."""
    return moved(
        session,
        update(Opportunity).where(Opportunity.id == opportunity_id, Opportunity.state.in_(before)).values(**after),
    )


def unmatched(session: Session, *, limit: int) -> list[int]:
    """List drafts and open opportunities whose matches have not been found yet, oldest first."""
    return list(session.scalars(select(Opportunity.id).where(UNMATCHED).order_by(Opportunity.id).limit(limit)))


def is_unmatched(session: Session, opportunity_id: int) -> bool:
    """Tell whether an opportunity that may be ranked has no matches yet."""
    return session.scalar(select(Opportunity.id).where(UNMATCHED, Opportunity.id == opportunity_id)) is not None


def take_to_match(session: Session, opportunity_id: int) -> bool:
    """Let no other worker match an opportunity until this transaction ends; False when one is at it."""
    taken = select(func.pg_try_advisory_xact_lock(MATCHING, opportunity_id % 2**31))
    return bool(session.scalar(taken))


def as_it_is(session: Session, opportunity_id: int) -> Version | None:
    """Give what changes whenever an opportunity is rewritten or matched; None where there is none."""
    chosen = select(Opportunity.n_asked, Opportunity.matched_at).where(Opportunity.id == opportunity_id)
    found = session.execute(chosen).one_or_none()
    return (found[0], found[1]) if found else None


def is_still(session: Session, opportunity_id: int, version: Version | None) -> bool:
    """Let nobody rewrite or match an opportunity until this transaction ends; False when that was done before."""
    n_asked, matched_at = version or (None, None)
    same = (Opportunity.n_asked == n_asked) & Opportunity.matched_at.is_not_distinct_from(matched_at)
    chosen = select(Opportunity.id).where(Opportunity.id == opportunity_id, same)
    return session.scalar(chosen.with_for_update(key_share=True)) is not None


def n_unmatched(session: Session) -> int:
    """Count drafts and open opportunities whose matches have not been found yet."""
    return session.scalar(select(func.count()).select_from(Opportunity).where(UNMATCHED)) or 0


def past_closing(session: Session, *, today: Any) -> list[int]:
    """List open opportunities whose last day is over."""
    found = select(Opportunity.id).where(Opportunity.state == "open", Opportunity.closes_on < today)
    return list(session.scalars(found.order_by(Opportunity.id)))


def past_due(session: Session, *, today: date) -> list[int]:
    """List open opportunities whose work was due by a day that is over."""
    still = Opportunity.closes_on >= today - timedelta(days=2)  # all but what is about to be closed, by their index
    found = select(Opportunity.id).where(Opportunity.state == "open", still, Opportunity.due_on < today)
    return list(session.scalars(found.order_by(Opportunity.id)))


def ending(session: Session, *, since: date, until: date) -> list[Opportunity]:
    """List open opportunities whose last day lies between two days and whose poster has not been told of it."""
    key = func.concat("ending:", Opportunity.id, ":", func.to_char(Opportunity.closes_on, "YYYY-MM-DD"))
    told = select(Letter.id).where(Letter.key == key).exists()
    found = select(Opportunity).where(Opportunity.state == "open", Opportunity.closes_on.between(since, until), ~told)
    return list(session.scalars(found.options(joinedload(Opportunity.contact)).order_by(Opportunity.id)))


def ending_key(row: Opportunity) -> str:
    """Give the key of the letter that tells a poster of an opportunity's last day, as `ending` looks for it."""
    return f"ending:{row.id}:{row.closes_on}"


def of_partner(session: Session, partner_id: int) -> list[Opportunity]:
    """List a partner's own opportunities, newest first."""
    found = select(Opportunity).where(Opportunity.partner_id == partner_id)
    return list(session.scalars(found.order_by(Opportunity.id.desc())))


def n_open(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Opportunity).where(Opportunity.state == "open")) or 0


def _write_needs(session: Session, opportunity_id: int, reading: Reading) -> None:
    for position, need in enumerate(reading.needs, start=1):
        session.add(
            Need(
                opportunity_id=opportunity_id,
                position=position,
                text=need.text,
                text_hash=text_hash(need.text),
                competency_keys=list(need.competency_keys),
            )
        )
    session.flush()


def _beside(reading: Reading, for_poster: Reading | None) -> dict[str, Any]:
    """Write down a second reading; nothing where it is the first."""
    if for_poster is None or for_poster == reading:
        return {}
    due = for_poster.due_on.isoformat() if for_poster.due_on else None
    needs = [[each.text, list(each.competency_keys)] for each in for_poster.needs]
    return {**_facts(for_poster), "due_on": due, "needs": needs}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _facts(reading: Reading) -> dict[str, Any]:
    return {
        "title": reading.title,
        "blind_text": reading.blind_text,
        "masked": [[each.kind, each.words, each.shown_as] for each in reading.masked],
        "missing": list(reading.missing),
        "due_text": reading.due_text,
        "due_on": reading.due_on,
        "place_text": reading.place_text,
        "country": reading.country,
        "on_site": reading.on_site,
        "pays": reading.pays,
        "value_eur": reading.value_eur,
        "languages": list(reading.languages),
        "jurisdiction": reading.jurisdiction,
        "clearances": list(reading.clearances),
        "industry": reading.industry,
    }

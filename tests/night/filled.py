"""A night to be: readers, open opportunities that fit them, and what it wrote afterwards."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.ground import Ground
from matcher import night, wording
from matcher.models import (
    Contact,
    Digest,
    Exposure,
    Introduction,
    Letter,
    NightShard,
)  # fmt: skip
from matcher.night import allotting
from matcher.store import nights
from tests import factories as make
from tests.factories import DAY, NOW
from web.db import transaction

TEXT = "We move mailboxes every week of the year. " * 20


def fill(g: Ground, n_readers: int, *, n_open: int = 1, **facts: object) -> None:
    """Write open opportunities that were ranked today and fit every reader, the later the reader the better."""
    with transaction(g.engine) as session:
        posters = [make.firm(session, f"poster{n}", digest="paused") for n in range(n_open)]
        rows = [make.opportunity(session, each, matched_at=NOW, blind_text=TEXT) for each in posters]
        for n in range(n_readers):
            to = make.firm(session, f"reader{n:02}", **facts)
            for row in rows:
                make.match(session, row, to.partner_id, score=0.4 + n / 1000 + row.id / 1e6, place=n_readers - n)


def begin(g: Ground, day: date = DAY) -> int | None:
    with transaction(g.engine) as session:
        return night.begin_day(session, day, now=NOW)


def count(g: Ground, table: type) -> int:
    with transaction(g.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def written(session: Session) -> list[tuple[object, ...]]:
    """List what a day wrote, with its rows named by what they are about and not by their ids."""
    firm = {row.id: (row.opportunity_id, row.partner_id) for row in session.scalars(select(Introduction))}
    contact = {row.id: row.email for row in session.scalars(select(Contact))}
    found: list[tuple[object, ...]] = []
    for row in session.scalars(select(Letter).execution_options(populate_existing=True)):
        offers = [{**each, "introduction_id": firm[each["introduction_id"]]} for each in row.values["offers"]]
        refs = [(number, firm[introduction]) for number, introduction in row.refs]
        found.append((row.key, row.kind, row.to_address, row.state, row.next_try_at, row.created_at, row.in_reply_to))
        found.append((row.key, contact[row.contact_id or 0], row.values["day"], offers, refs))
    key = {row.id: row.key for row in session.scalars(select(Letter))}
    for each in session.scalars(select(Introduction)):
        found.append(("introduction", each.opportunity_id, each.partner_id, each.contact_id, each.match_id, each.state,
                      each.created_at, each.number, each.remind_on))  # fmt: skip
    for one in session.scalars(select(Exposure)):
        found.append(("exposure", one.opportunity_id, one.partner_id, one.contact_id, key[one.letter_id], one.place,
                      one.shown_on))  # fmt: skip
    found += [("digest", one.contact_id, one.day, key[one.letter_id]) for one in session.scalars(select(Digest))]
    return sorted(found, key=repr)


def write_one_by_one(session: Session) -> None:
    """Write the digests of a day row by row, as plainly as can be."""
    for told in allotting.allot(session, allotting.readers_of(session, DAY), day=DAY):
        contact = session.get_one(Contact, told.contact_id)
        rows = []
        for one in told.offers:
            row = Introduction(
                opportunity_id=one.opportunity_id, partner_id=one.partner_id, contact_id=one.contact_id,
                match_id=one.match_id, state="asked", created_at=NOW,
            )  # fmt: skip
            session.add(row)
            session.flush()
            rows.append(row)
        letter = Letter(
            key=f"digest:{DAY}:{contact.id}", kind="digest", contact_id=contact.id, to_address=contact.email,
            values={"day": DAY.isoformat(), "offers": wording.offers(rows)},
            refs=[(number, row.id) for number, row in enumerate(rows, start=1)], next_try_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(letter)
        session.flush()
        session.add(Digest(contact_id=contact.id, day=DAY, letter_id=letter.id))
        for place, one in enumerate(told.offers, start=1):
            session.add(
                Exposure(
                    opportunity_id=one.opportunity_id,
                    partner_id=one.partner_id,
                    contact_id=one.contact_id,
                    letter_id=letter.id,
                    place=place,
                    shown_on=DAY,
                )  # fmt: skip
            )
    session.flush()


def allotted(g: Ground) -> int:
    night_id = begin(g)
    assert night_id
    with transaction(g.engine) as session:
        assert night.advance(session, night_id, now=NOW) == "write"
    return night_id


def claimed(g: Ground) -> nights.Shard:
    """Let a worker take a shard and be heard of no more."""
    with transaction(g.engine) as session:
        (row,) = nights.still_open(session)
        shard = nights.claim(session, row.id, "write", worker="dead", now=NOW)
    assert shard
    return shard


def untouched(g: Ground) -> bool:
    """Tell whether the only shard waits as if nobody had tried it."""
    with transaction(g.engine) as session:
        row = session.scalars(select(NightShard)).one()
        return (row.state, row.n_tries) == ("waiting", 0)

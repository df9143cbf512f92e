"""Nights and their shards: begun once a day, each shard claimed by one worker, done once, taken over from the dead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Allotment, Introduction, Match, Night, NightShard
from matcher.store import bulk
from matcher.store.changing import moved
from matcher.store.matches import any_of
from matcher.terms import Digest, Offer

# A worker locks its shard's row for as long as it works, so a row that can be locked has no worker. This much is left
# between the claim and the lock, not for the work.
STALE_CLAIM = timedelta(seconds=10)
AHEAD = timedelta(hours=1)  # a claim of later than that is of a clock that was wrong
MAX_TRIES = 3
# After so long the database asks whether a silent worker's machine is still there. Nor does a shard wait until the disk
# has it: were it lost with the database, so would be its mark, and it is done again. Nothing leaves before: whoever
# sends a letter first commits the claim of it, which waits for all that was committed before.
WHILE_HELD = "SELECT set_config('tcp_keepalives_idle', '60', true), set_config('synchronous_commit', 'off', true)"
ALLOTTING = 16, 25  # the lock of whoever allots; any two numbers that no other lock has
OFFER = ("opportunity_id", "match_id", "partner_id", "contact_id", "score", "place")  # as `Offer` has them
ALLOTTED = {
    "night_id": "int8", "contact_id": "int8", "place": "int4", "opportunity_id": "int8", "match_id": "int8",
    "partner_id": "int8", "score": "float8", "late_at": "timestamptz",
}  # fmt: skip
SHARD = {
    "night_id": "int8", "stage": "text", "number": "int4", "first_id": "int8", "last_id": "int8", "n_taken": "int4",
}  # fmt: skip
SHARD_COLUMNS = (
    NightShard.id, NightShard.night_id, NightShard.stage, NightShard.number, NightShard.first_id, NightShard.last_id,
    NightShard.claimed_at, NightShard.n_tries,
)  # fmt: skip


class GivenUp(Exception):
    """The night was given up while a part of it was at work."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What a worker has claimed."""

    id: int
    night_id: int
    stage: str
    number: int
    first_id: int
    last_id: int
    claimed_at: datetime
    n_tries: int  # with this one


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage of a night is: shards by state, and what they took and made."""

    stage: str
    n_shards: int
    n_done: int
    n_failed: int
    n_claimed: int
    n_taken: int
    n_made: int
    n_late: int


@dataclass(frozen=True, slots=True)
class Allotted:
    """What contacts will be told, why by match, from when on it is too late, and for how many it is already."""

    told: list[Digest]
    why: dict[int | None, str]
    late_at: dict[int, datetime]
    n_late: int


def begin(session: Session, day: date, *, readers_at: datetime | None, at: datetime) -> int | None:
    """Open a night of a day; None when one is open already."""
    opened = insert(Night).values(day=day, stage="match", readers_at=readers_at, begun_at=at)
    return session.scalar(
        opened.on_conflict_do_nothing(index_elements=["day"], index_where=text("ended_at IS NULL")).returning(Night.id)
    )


def night(session: Session, night_id: int) -> Night:
    return session.get_one(Night, night_id)


def still_open(session: Session) -> list[Night]:
    """List the nights that have not ended, the older first."""
    return list(session.scalars(select(Night).where(Night.ended_at.is_(None)).order_by(Night.id)))


def newest(session: Session) -> Night | None:
    return session.scalar(select(Night).order_by(Night.id.desc()).limit(1))


def lock(session: Session, night_id: int) -> Night | None:
    """Take a night that is open for the length of this transaction; None when another worker has it."""
    chosen = select(Night).where(Night.id == night_id, Night.ended_at.is_(None))
    return session.scalar(chosen.with_for_update(skip_locked=True), execution_options={"populate_existing": True})


def keep_open(session: Session, night_id: int) -> None:
    """Let nobody end a night until this transaction ends. Raises `GivenUp` when it has ended."""
    ours = select(Night.id).where(Night.id == night_id, Night.ended_at.is_(None))
    if session.scalar(ours.with_for_update(read=True)) is None:
        raise GivenUp("The night was given up before this part of it was written: another one tells its readers.")


def cut(session: Session, night_id: int, stage: str, ids: Sequence[int], *, at_once: int) -> int:
    """Cut a stage into shards of so many ids, which are given in their order; return how many shards."""
    parts = [ids[begin : begin + at_once] for begin in range(0, len(ids), at_once)]
    rows = [(night_id, stage, number, part[0], part[-1], len(part)) for number, part in enumerate(parts, start=1)]
    bulk.copy(session, "night_shard", SHARD, rows=rows)
    return len(parts)


def is_stale(now: datetime) -> ColumnElement[bool]:
    """Tell whether a shard was claimed by somebody who is gone, unless its row is locked."""
    is_old = or_(NightShard.claimed_at < now - STALE_CLAIM, NightShard.claimed_at > now + AHEAD)
    return (NightShard.state == "claimed") & is_old


def claim(session: Session, night_id: int, stage: str, *, worker: str, now: datetime) -> Shard | None:
    """Claim the next shard of a stage, also one whose worker is gone; None when there is none to be had."""
    free = or_(NightShard.state == "waiting", is_stale(now))
    chosen = (
        select(NightShard.id)
        .where(NightShard.night_id == night_id, NightShard.stage == stage, free)
        .order_by(NightShard.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    tried = NightShard.n_tries + 1
    taking = update(NightShard).where(NightShard.id == chosen)
    row = session.execute(
        taking.values(state="claimed", claimed_at=now, claimed_by=worker, n_tries=tried).returning(*SHARD_COLUMNS)
    ).one_or_none()
    return Shard(*row) if row else None


def hold(session: Session, shard: Shard) -> bool:
    """Lock a claimed shard until this transaction ends; False when somebody else has taken it over."""
    session.execute(text(WHILE_HELD))
    ours = select(NightShard.id).where(_is(shard)).with_for_update()
    return session.scalar(ours) is not None


def finish(session: Session, shard: Shard, *, n_taken: int, n_made: int, n_late: int, at: datetime) -> bool:
    """Note that a shard is done, in the transaction of its work."""
    numbers = {"n_taken": n_taken, "n_made": n_made, "n_late": n_late}
    return moved(session, update(NightShard).where(_is(shard)).values(state="done", ended_at=at, error="", **numbers))


def stumble(session: Session, shard: Shard, *, error: str, at: datetime) -> bool:
    """Let a shard that failed wait for another try; after `MAX_TRIES` set it aside, so that the night goes on, and
    return True."""
    error = error.replace("\0", "")  # which the database takes in no text
    failed = update(NightShard).where(_is(shard), NightShard.n_tries >= MAX_TRIES)
    if moved(session, failed.values(state="failed", error=error, ended_at=at)):
        return True
    moved(session, update(NightShard).where(_is(shard)).values(state="waiting", error=error))
    return False


def give_back(session: Session, shard: Shard) -> None:
    """Let a shard wait whose worker was asked to end in the middle of it: that was no try."""
    moved(session, update(NightShard).where(_is(shard)).values(state="waiting", n_tries=NightShard.n_tries - 1))


def _is(shard: Shard) -> ColumnElement[bool]:
    return (NightShard.id == shard.id) & (NightShard.state == "claimed") & (NightShard.claimed_at == shard.claimed_at)


def n_left(session: Session, night_id: int, stage: str) -> int:
    """Count the shards of a stage that are neither done nor set aside."""
    left = NightShard.state.in_(("waiting", "claimed"))
    chosen = select(func.count()).where(NightShard.night_id == night_id, NightShard.stage == stage, left)
    return session.scalar(chosen) or 0


def end(session: Session, row: Night, *, stage: str, at: datetime) -> None:
    """Close a night, and forget one without work; what was allotted and not told is allotted anew another time."""
    row.stage, row.ended_at = stage, at
    session.execute(delete(Allotment).where(Allotment.night_id == row.id))
    if not session.scalar(select(NightShard.id).where(NightShard.night_id == row.id).limit(1)):
        session.delete(row)


def progress(session: Session, night_id: int) -> list[Progress]:
    """Say how far each stage is, in their order."""
    states = [func.count().filter(NightShard.state == each) for each in ("done", "failed", "claimed")]
    numbers = (NightShard.n_taken, NightShard.n_made, NightShard.n_late)
    sums = [func.coalesce(func.sum(each).filter(NightShard.state == "done"), 0) for each in numbers]
    chosen = select(NightShard.stage, func.count(), *states, *sums).where(NightShard.night_id == night_id)
    return [
        Progress(*row) for row in session.execute(chosen.group_by(NightShard.stage).order_by(func.min(NightShard.id)))
    ]


def keep_allotted(session: Session, night_id: int, told: Iterable[Digest], *, late_at: dict[int, datetime]) -> None:
    """Write down who will be told what; `late_at` says for some contacts from when on it is too late."""
    rows = (
        (night_id, each.contact_id, place, one.opportunity_id, one.match_id, one.partner_id, one.score,
         late_at.get(each.contact_id))
        for each in told
        for place, one in enumerate(each.offers, start=1)
    )  # fmt: skip
    bulk.copy(session, "allotment", ALLOTTED, rows=rows)


def allot_alone(session: Session) -> None:
    """Wait until nobody else allots, and let nobody begin before this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(*ALLOTTING)))


def allotted(session: Session, opportunity_ids: list[int]) -> set[tuple[int, int]]:
    """Collect who will be told of some opportunities by nights that are open, as opportunity and partner."""
    chosen = select(Allotment.opportunity_id, Allotment.partner_id)
    rows = bulk.read(session, chosen.where(Allotment.opportunity_id == any_of(opportunity_ids)))
    return {(opportunity_id, partner_id) for opportunity_id, partner_id in rows}


def n_places_taken(session: Session, opportunity_ids: list[int]) -> dict[int, int]:
    """Count the partners that were asked about each opportunity so far or will be told of it by an open night."""
    asked, told = (
        select(table.opportunity_id, table.partner_id).where(table.opportunity_id == any_of(opportunity_ids))
        for table in (Introduction, Allotment)
    )
    each = asked.union(told).subquery()  # in one statement: what is told meanwhile is still seen once
    counted = select(each.c.opportunity_id, func.count()).group_by(each.c.opportunity_id)
    return {opportunity_id: n for opportunity_id, n in bulk.read(session, counted)}


def to_explain(session: Session, shard: Shard) -> dict[int, list[int]]:
    """Map the opportunities of a shard to the partners of their reserve who will be told of them."""
    ours = (Allotment.night_id == shard.night_id) & Allotment.opportunity_id.between(shard.first_id, shard.last_id)
    chosen = select(Allotment.opportunity_id, Allotment.partner_id).where(ours, Allotment.match_id.is_(None))
    found: dict[int, list[int]] = {}
    for opportunity_id, partner_id in session.connection().execute(chosen.order_by(*chosen.selected_columns)):
        found.setdefault(opportunity_id, []).append(partner_id)
    return found


def told(session: Session, night_id: int) -> list[int]:
    """List the contacts who will be told something, in order."""
    chosen = select(Allotment.contact_id).where(Allotment.night_id == night_id).distinct()
    return list(session.scalars(chosen.order_by(Allotment.contact_id)))


def read_allotted(session: Session, shard: Shard, *, now: datetime) -> Allotted:
    """Read what the contacts of a shard will be told, why, and for whom it is too late."""
    found: dict[int, dict[int, Offer]] = {}
    late: set[int] = set()
    why: dict[int | None, str] = {}
    until: dict[int, datetime] = {}
    for late_at, words, *offer in bulk.read(session, _allotted_of(shard)):
        one = Offer(*offer)
        if late_at is not None and late_at <= now:
            late.add(one.contact_id)
            continue
        found.setdefault(one.contact_id, {})[one.place] = one
        if words is not None:
            why[one.match_id] = words
        if late_at is not None:
            until[one.contact_id] = late_at
    told = [Digest(contact_id, tuple(offers.values())) for contact_id, offers in found.items()]
    return Allotted(told, why, until, len(late))


def _allotted_of(shard: Shard) -> Select[Any]:
    """Choose what a shard's contacts are told with the match that it rests on: where none was named all, the newest
    last."""
    same = (Match.opportunity_id == Allotment.opportunity_id) & (Match.partner_id == Allotment.partner_id)
    named = same & (Allotment.match_id.is_(None) | (Match.id == Allotment.match_id))
    columns = {each: getattr(Allotment, each) for each in OFFER} | {"match_id": Match.id}
    ours = (Allotment.night_id == shard.night_id) & Allotment.contact_id.between(shard.first_id, shard.last_id)
    chosen = select(Allotment.late_at, Match.why_you, *columns.values()).outerjoin_from(Allotment, Match, named)
    return chosen.where(ours).order_by(Allotment.contact_id, Allotment.place, Match.id)

"""A day's digests as a night: opportunities ranked, offers allotted among all, those of the reserve explained, letters
written, each stage in shards.

The shards of a stage can be taken by any worker on any machine. What a stage has left undone is found in the database
and done by whoever comes next; nothing is done twice, because each shard is one transaction that ends with its mark.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.models import Night
from matcher.night import allotting
from matcher.night.writing import write_digests
from matcher.store import left_out, nights, stale
from matcher.store.habits import Habit
from matcher.store.nights import Shard
from matcher.store.stale import RANK_AGAIN_AFTER
from matcher.store.wake import wake
from matcher.terms import Digest

OPPORTUNITIES_AT_ONCE = 100
CONTACTS_AT_ONCE = 2000
FEWEST_AT_ONCE, SHARES = 500, 8  # contacts of a shard where there are few, so that several workers have as much each
GIVE_UP_AFTER = timedelta(hours=20)  # a night that nobody finished by then is over; its readers get the next day's
N_HELPERS = 8  # jobs that are deferred for a stage; those that find nothing left to take cost a few milliseconds
MAX_DAYS_LATE = 1
BY_HAND_WAITS = timedelta(days=2)  # for a mail server, when somebody asked for it at an hour of its own


class TooLate(ValueError):
    """Say in a sentence why a day's digests are not sent any more."""

    def __init__(self, day: date, today: date) -> None:
        super().__init__(
            f"{day} is more than {MAX_DAYS_LATE} day ago (today is {today}): its digests are skipped. Name a later day."
        )


def begin(session: Session, *, now: datetime) -> list[int]:
    """Open a night for each day on which somebody's hour has come; a day whose night is open goes on with that one.

    None for a day on which there is nothing to rank and nothing to tell: this is asked every few minutes.
    """
    waiting = stale.to_rank(session, before=now - RANK_AGAIN_AFTER)
    days_due = allotting.due_days if waiting else allotting.due_days_with_offers
    days = days_due(session, now=now)
    return [night_id for day in days if (night_id := _open(session, day, readers_at=now, now=now))]


def begin_day(session: Session, day: date, *, now: datetime) -> int | None:
    """Open a night for everybody who reads on a day, whatever their hour; None when one is open. Raises `TooLate`."""
    refuse_late(day, today=now.date())
    return _open(session, day, readers_at=None, now=now)


def refuse_late(day: date, *, today: date) -> None:
    """Raise `TooLate` for a day whose digests are not sent any more."""
    if day < today - timedelta(days=MAX_DAYS_LATE):
        raise TooLate(day, today)


def allot(session: Session, row: Night) -> tuple[tuple[Digest, ...], dict[int, datetime]]:
    """Decide what everybody of a night is told, and from when on it is too late for each; nothing is written.

    What an earlier night of the day could not tell is left to the next day, and a part that failed as a whole rests for
    an hour, unless somebody asks for it by hand: else it would be tried again every few minutes.
    """
    if row.readers_at is None:
        return allotting.allot(session, allotting.readers_of(session, row.day), day=row.day), {}
    without = left_out.of_day(session, row.day, now=row.readers_at)
    due = allotting.due_readers(session, now=row.readers_at).get(row.day, [])
    readers = [each for each in due if without.reads(each.id)]
    return allotting.allot(session, readers, day=row.day, without=without), late(readers, row.day)


def late(readers: Iterable[Habit], day: date) -> dict[int, datetime]:
    """Say from when on a digest comes too late for each reader."""
    return {each.id: allotting.late_at(each, day) for each in readers}


def late_by_hand(told: Iterable[Digest], now: datetime) -> dict[int, datetime]:
    """Say from when on digests come too late that were written by hand, whatever their readers' hour."""
    return {each.contact_id: now + BY_HAND_WAITS for each in told}


def advance(session: Session, night_id: int, *, now: datetime) -> str | None:
    """Begin the next stage once all shards of this one are done or set aside; return it, None when it is not the time.

    One worker does it: the others find the night's row locked.
    """
    row = nights.lock(session, night_id)
    if row is None:
        return None
    if now - row.begun_at > GIVE_UP_AFTER:
        nights.end(session, row, stage="given_up", at=now)
        return row.stage
    if nights.n_left(session, night_id, row.stage):
        return None
    if row.stage == "match":
        _allot(session, row, now)
    elif row.stage == "explain":
        _cut_letters(session, row)
    else:
        nights.end(session, row, stage="done", at=now)
    return row.stage


def write_shard(session: Session, shard: Shard, *, now: datetime) -> tuple[int, int, int]:
    """Write the letters of a shard's contacts; return (contacts, letters, contacts for whom it was too late).

    Raises `GivenUp`: what was allotted is forgotten then, and whoever allots next counts none of it.
    """
    read = nights.read_allotted(session, shard, now=now)
    day = nights.night(session, shard.night_id).day
    n_written = write_digests(session, read.told, day=day, now=now, late_at=read.late_at, why=read.why)
    nights.keep_open(session, shard.night_id)
    return len(read.told) + read.n_late, n_written, read.n_late


def _open(session: Session, day: date, *, readers_at: datetime | None, now: datetime) -> int | None:
    night_id = nights.begin(session, day, readers_at=readers_at, at=now)
    if night_id is None:
        return None
    waiting = stale.to_rank(session, before=now - RANK_AGAIN_AFTER)
    _call_helpers(session, nights.cut(session, night_id, "match", waiting, at_once=OPPORTUNITIES_AT_ONCE))
    return night_id


def _allot(session: Session, row: Night, now: datetime) -> None:
    nights.allot_alone(session)
    told, late_at = allot(session, row)
    nights.keep_allotted(session, row.id, told, late_at=late_at or late_by_hand(told, now))
    row.allotted_at = now
    unexplained = sorted({one.opportunity_id for each in told for one in each.offers if one.match_id is None})
    if not unexplained:
        _cut_letters(session, row)
        return
    _call_helpers(session, nights.cut(session, row.id, "explain", unexplained, at_once=OPPORTUNITIES_AT_ONCE))
    row.stage = "explain"


def _cut_letters(session: Session, row: Night) -> None:
    contacts = nights.told(session, row.id)
    at_once = min(CONTACTS_AT_ONCE, max(FEWEST_AT_ONCE, -(-len(contacts) // SHARES)))
    _call_helpers(session, nights.cut(session, row.id, "write", contacts, at_once=at_once))
    row.stage = "write"


def _call_helpers(session: Session, n_shards: int) -> None:
    for helper in range(min(n_shards, N_HELPERS)):
        wake(session, "night", helper=helper)

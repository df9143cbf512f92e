"""A reader and a moment → its own day, whether its hour to read has come, and on which day it is written to again."""

from datetime import date, datetime, timedelta

from matcher.models import Contact
from matcher.store.habits import SATURDAY, UNTIL, last_working_day, next_working_day
from matcher.terms.zones import zone


def day_of(reader: Contact, *, now: datetime) -> date:
    """Return the day that it is where a reader is."""
    return _local(reader, now).date()


def is_its_hour(reader: Contact, *, now: datetime) -> bool:
    """Tell whether a digest could come now: on a working day, from its reader's hour on, and not late in the evening.

    On every working day, also for those who read weekly or not at all: this is for what somebody asked for.
    """
    local = _local(reader, now)
    latest = UNTIL.latest(reader.digest_hour)
    return local.isoweekday() < SATURDAY and reader.digest_hour <= local.hour < latest


def morning_after(reader: Contact, wait: timedelta, *, now: datetime) -> date:
    """Return a reader's first working day after a wait of whole days."""
    return next_working_day(day_of(reader, now=now) + wait)


def morning_by(reader: Contact, wait: timedelta, *, last: date | None, now: datetime) -> date | None:
    """Do the same, with the last working day up to `last` where that is earlier; None when it is not after today."""
    on = morning_after(reader, wait, now=now)
    if last is None or on <= last:
        return on
    before = last_working_day(last)
    return before if before > day_of(reader, now=now) else None


def mornings_before(last: date, n_days: int) -> date:
    """Return the working day that lies so many working days before a day."""
    for _ in range(n_days):
        last = last_working_day(last - timedelta(days=1))
    return last


def _local(reader: Contact, now: datetime) -> datetime:
    return now.astimezone(zone(reader.timezone))

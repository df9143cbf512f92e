"""A reader and a moment → its own day, whether its hour to read has come, and on which day it is written to again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from matcher.models import Contact
from matcher.store.habits import SATURDAY, UNTIL, last_working_day, next_working_day


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


def morning_after(reader: Contact, wait: timedelta, *, last: date | None = None, now: datetime) -> date | None:
    """Return a reader's working day after a wait, an earlier one where `last` is before; None when there is none."""
    today = day_of(reader, now=now)
    on = next_working_day(today + wait)
    if last is not None and on > last:
        on = last_working_day(last)
    return on if on > today else None


def _local(reader: Contact, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(reader.timezone))

"""Contacts and what could be offered → whose hour has come, and what each of them is told."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher import digest
from matcher.store import exposures, matches
from matcher.store.matches import Habit
from matcher.terms import Digest

# Under it an offer is noise in somebody's inbox. On the judged postings 0.17 offers 3.3 firms a posting and keeps 66 of
# the 78 ranked firms that answer exactly; 0.12 keeps 69, with 7 more firms that are wrong and 12 that nobody judged.
# Where nobody reaches it, the best three are asked all the same: a poster must not wait for nothing.
FLOOR = matches.ScoreFloor(score=0.17, best_few=3, score_of_few=0.06)
MONDAY = 0
WEEKEND = (5, 6)
LATEST_HOUR = 20  # a digest that is later than this waits for the next day …
GRACE_HOURS = 4  # … unless its reader wants it in the evening


def due_readers(session: Session, *, now: datetime) -> dict[date, list[Habit]]:
    """Group by local day the contacts whose digest hour has come and whose digest of that day is not written."""
    found: dict[date, list[Habit]] = {}
    for contact in matches.reading_habits(session, digests=("daily", "weekly"), day=now.date()):
        local = now.astimezone(ZoneInfo(contact.timezone))
        if _is_due(contact, local.hour) and _reads_on(contact, local.date()):
            found.setdefault(local.date(), []).append(contact)
    return {day: _without_digest(session, readers, day) for day, readers in sorted(found.items())}


def readers_of(session: Session, day: date) -> list[Habit]:
    """List the contacts who may get a digest on a day and have none yet, whatever their hour."""
    readers = matches.reading_habits(session, digests=("daily", "weekly"), day=day)
    return _without_digest(session, [each for each in readers if _reads_on(each, day)], day)


def late_at(contact: Habit, day: date) -> datetime:
    """Say from when on a digest of a day comes too late for its reader."""
    midnight = datetime.combine(day, time.min, ZoneInfo(contact.timezone))
    return midnight + timedelta(hours=_latest_hour(contact))


def allot(session: Session, readers: Iterable[Habit], *, day: date) -> tuple[Digest, ...]:
    """Decide what each of these contacts is told on a day; nothing is written."""
    offers = matches.offers(session, contact_ids=[each.id for each in readers], floor=FLOOR, today=day)
    asked = matches.n_asked(session, sorted({each.opportunity_id for each in offers}))
    waiting = exposures.waiting(session, sorted({each.contact_id for each in offers}), today=day)
    return digest.compose(offers, already_asked=asked, waiting=waiting)


def _is_due(contact: Habit, hour: int) -> bool:
    return contact.digest_hour <= hour < _latest_hour(contact)


def _latest_hour(contact: Habit) -> int:
    return max(LATEST_HOUR, contact.digest_hour + GRACE_HOURS)


def _reads_on(contact: Habit, day: date) -> bool:
    if contact.digest == "weekly":
        return day.weekday() == MONDAY
    return day.weekday() not in WEEKEND


def _without_digest(session: Session, readers: list[Habit], day: date) -> list[Habit]:
    written = matches.has_digest(session, [each.id for each in readers], day)
    return [each for each in readers if each.id not in written]

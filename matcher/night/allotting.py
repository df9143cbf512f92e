"""Contacts and what could be offered → whose hour has come, and what each of them is told."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from matcher import digest
from matcher.store import exposures, habits, matches, nights
from matcher.store.habits import UNTIL, Habit
from matcher.store.left_out import NOTHING, LeftOut
from matcher.terms import FLOOR, Digest, Offer
from matcher.terms.zones import zone


def due_days(session: Session, *, now: datetime) -> list[date]:
    """List the days of those whose digest hour has come and who have no digest of their day."""
    return _days(session, habits.due(session, now=now, until=UNTIL))


def due_days_with_offers(session: Session, *, now: datetime) -> list[date]:
    """List the days of those of them who could be told something, by the rankings that there are."""
    firms = _with_offers(session, now.date())
    return _days(session, habits.due(session, firms, now=now, until=UNTIL)) if firms else []


def due_readers(session: Session, *, now: datetime) -> dict[date, list[Habit]]:
    """Group by local day whose hour has come, who has no digest of that day and could be told something."""
    firms = _with_offers(session, now.date())
    return habits.by_day(session, habits.due(session, firms, now=now, until=UNTIL))


def readers_of(session: Session, day: date) -> list[Habit]:
    """List those who may get a digest on a day and have none yet, whatever their hour, and could be told something."""
    return habits.of_day(session, day, _with_offers(session, day))


def late_at(contact: Habit, day: date) -> datetime:
    """Say from when on a digest of a day comes too late for its reader."""
    midnight = datetime.combine(day, time.min, zone(contact.timezone))
    return midnight + timedelta(hours=UNTIL.latest(contact.digest_hour))


def allot(session: Session, readers: Iterable[Habit], *, day: date, without: LeftOut = NOTHING) -> tuple[Digest, ...]:
    """Decide what each of these contacts is told on a day, beside what open nights will tell; nothing is written.

    They are told nothing of what it must go `without`.
    """
    listed = matches.offers(session, contact_ids=[each.id for each in readers], floor=FLOOR, today=day)
    offers = _untold(session, [one for one in listed if without.tells(one)])
    asked = nights.n_places_taken(session, sorted({each.opportunity_id for each in offers}))
    waiting = exposures.waiting(session, sorted({each.contact_id for each in offers}), today=day)
    return digest.compose(offers, already_asked=asked, waiting=waiting)


def with_room(session: Session, told: Iterable[Digest]) -> tuple[Digest, ...]:
    """Leave out what another run or night has taken since this was allotted; nobody allots before we have ended.

    Where there is not room for all, it is left to the best.
    """
    nights.allot_alone(session)
    digests = tuple(told)
    offers = _untold(session, [one for each in digests for one in each.offers])
    taken = Counter(nights.n_places_taken(session, sorted({one.opportunity_id for one in offers})))
    kept = set()
    for one in sorted(offers, key=lambda one: (-one.score, one.opportunity_id, one.contact_id)):
        if taken[one.opportunity_id] < digest.MAX_PARTNERS:
            taken[one.opportunity_id] += 1
            kept.add(one)
    return tuple(replace(each, offers=tuple(one for one in each.offers if one in kept)) for each in digests)


def _untold(session: Session, offers: Sequence[Offer]) -> list[Offer]:
    """Leave out what a night that is open will tell."""
    there = nights.allotted(session, sorted({one.opportunity_id for one in offers}))
    return [one for one in offers if (one.opportunity_id, one.partner_id) not in there]


def _with_offers(session: Session, day: date) -> list[int]:
    return matches.firms_with_offers(session, floor=FLOOR, today=day - timedelta(days=1))  # somewhere it still is


def _days(session: Session, due: Subquery) -> list[date]:
    return list(session.scalars(select(due.c.day).distinct().order_by(due.c.day)))

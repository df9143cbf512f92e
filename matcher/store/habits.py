"""Contacts who read digests, and a moment → whose hour it is; nobody else leaves the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Date, Integer, Subquery, Text, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from matcher.models import Contact, Digest, Partner
from matcher.store.matches import any_of, who_reads
from matcher.terms.zones import zone

MONDAY, SATURDAY = 1, 6  # as ISO counts


@dataclass(frozen=True, slots=True)
class Habit:
    """When a contact reads: its time zone, how often, and from which hour of its day."""

    id: int
    timezone: str
    digest: str
    digest_hour: int


@dataclass(frozen=True, slots=True)
class Until:
    """Until when a digest is sent: this hour of its reader's day, or so many hours after its own if that is later."""

    hour: int
    grace_hours: int

    def latest(self, digest_hour: int) -> int:
        return max(self.hour, digest_hour + self.grace_hours)


# A digest that is later than this waits for the next day, unless its reader wants it in the evening.
UNTIL = Until(hour=20, grace_hours=4)


def next_working_day(today: date) -> date:
    """Return today, or Monday when it is a weekend: nobody is mailed on Saturday and Sunday."""
    weekday = today.isoweekday()
    return today + timedelta(days=MONDAY + 7 - weekday) if weekday >= SATURDAY else today


def last_working_day(today: date) -> date:
    """Return today, or Friday when it is a weekend."""
    return today - timedelta(days=max(0, today.isoweekday() - SATURDAY + 1))


def of_day(session: Session, day: date, firms: Sequence[int]) -> list[Habit]:
    """List who may get a digest of some firms on a day and has none yet, whatever the hour, firm by firm."""
    one = _one_of_each(session, day, firms)
    told = select(Digest.id).where(Digest.contact_id == one.c.id, Digest.day == day).exists()
    chosen = select(one).where(one.c.digest.in_(_read_on(day)), ~told).order_by(one.c.partner_id)
    return [Habit(*row[:-1]) for row in session.connection().execute(chosen)]


def due(session: Session, firms: Sequence[int] | None = None, *, now: datetime, until: Until) -> Subquery:
    """Choose whose hour has come and is not over, without a digest of their day, which stands beside them.

    Of all firms, or of some.
    """
    one, local = _one_of_each(session, now.date(), firms), _local(session, now)
    over = func.greatest(until.hour, one.c.digest_hour + until.grace_hours)
    told = select(Digest.id).where(Digest.contact_id == one.c.id, Digest.day == local.c.day).exists()
    its_hour = (one.c.digest_hour <= local.c.hour) & (local.c.hour < over)
    here = (one.c.timezone == local.c.timezone) & (one.c.digest == local.c.digest)
    return select(one, local.c.day).join(local, here).where(its_hour, ~told).subquery()


def by_day(session: Session, chosen: Subquery) -> dict[date, list[Habit]]:
    """Read those who are due, grouped by their day, in the order of their firms."""
    found: dict[date, list[Habit]] = {}
    for *habit, _, day in session.connection().execute(select(chosen).order_by(chosen.c.day, chosen.c.partner_id)):
        found.setdefault(day, []).append(Habit(*habit))
    return found


def _one_of_each(session: Session, day: date, firms: Sequence[int] | None) -> Subquery:
    columns = (Contact.id, Contact.timezone, Contact.digest, Contact.digest_hour, Contact.partner_id)
    chosen = select(*columns).join(Partner).where(*who_reads(session, ("daily", "weekly"), day))
    if firms is not None:
        chosen = chosen.where(Contact.partner_id == any_of(list(firms)))
    return chosen.order_by(Contact.partner_id, Contact.id).distinct(Contact.partner_id).subquery()


def _local(session: Session, now: datetime) -> Subquery:
    """Say for each time zone that somebody has, and each way to read, which day and hour it is, where one reads then.

    Here and not in the database, whose list of time zones may be older than ours.
    """
    names = session.scalars(select(Contact.timezone).distinct().order_by(Contact.timezone))
    local = [(name, now.astimezone(zone(name))) for name in names]
    rows = [(name, how, at.date(), at.hour) for name, at in local for how in _read_on(at.date())]
    named, how, day, hour = zip(*rows, strict=True) if rows else ((), (), (), ())
    return select(
        _listed(named, Text()).label("timezone"),
        _listed(how, Text()).label("digest"),
        _listed(day, Date()).label("day"),
        _listed(hour, Integer()).label("hour"),
    ).subquery()


def _listed(values: Sequence[object], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return func.unnest(literal(list(values), ARRAY(kind)))


def _read_on(day: date) -> tuple[str, ...]:
    """Say how often those read who read on a day."""
    if day.isoweekday() == MONDAY:
        return ("daily", "weekly")
    return ("daily",) if day.isoweekday() < SATURDAY else ()

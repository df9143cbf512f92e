"""An outcome that one side reported and the other left unanswered → the question once more, and never again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.mornings import day_of, is_its_hour, morning_after
from matcher.exchange.outcomes import firm_facing, other_side
from matcher.models import Contact, Outcome
from matcher.store import introductions, letters, postings
from matcher.store.letters import Draft

ONCE_MORE_AFTER = timedelta(days=7)
A_DAY = timedelta(days=1)
TOO_LATE_AFTER = timedelta(days=60)  # what was reported longer ago, as before a long outage, is let rest


def ask_once_more(session: Session, *, now: datetime) -> int:
    """Ask who has not answered a report for a week whether it is right, on a working morning; return how many letters.

    Each report is asked about twice in all. Whoever stopped its digests is not asked again.
    """
    since, until = now - TOO_LATE_AFTER, now - ONCE_MORE_AFTER + A_DAY  # the rest is told by the reader's own days
    due = introductions.unanswered(session, since=since, until=until)
    postings.lock(session, *{each.introduction.opportunity_id for each in due})
    still = introductions.unanswered(session, since=since, until=until)  # none that was answered while we waited
    return sum(_ask(session, each, now) for each in still if each in due)


def _ask(session: Session, report: Outcome, now: datetime) -> bool:
    row, to = report.introduction, other_side(report.introduction, report.contact_id)
    if not _is_time(session, report, to, now):
        return False
    values = {
        "title": row.opportunity.title,
        "other": firm_facing(row, to),
        "result": report.result,
        "revenue": wording.euros(report.revenue_eur),
        "before": "",
        "asked_on": wording.day(day_of(to, now=report.reported_at)),
    }
    key = f"introduction:{row.id}:confirm:{to.id}:{report.id}:{int(report.reported_at.timestamp())}:again"
    return letters.write(session, Draft(key, "confirm_outcome", to, values, [(1, row.id)]), at=now) is not None


def _is_time(session: Session, report: Outcome, to: Contact, now: datetime) -> bool:
    is_due = morning_after(to, ONCE_MORE_AFTER, now=report.reported_at) <= day_of(to, now=now)
    return is_due and is_its_hour(to, now=now) and not letters.why_no_digest(session, to.email)

"""An open opportunity and its last day → a word to its poster some days before, and the end, with a word to all."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.closing import EXTENSION, tell_those_who_wait
from matcher.exchange.hours import newest_day, oldest_day
from matcher.exchange.mornings import day_of, is_its_hour, mornings_before
from matcher.models import Introduction, Opportunity
from matcher.store import apart, introductions, letters, postings
from matcher.store.letters import Draft

NOTICE_DAYS = 3  # working days before the last one: time to choose, or to extend, while the yeses still stand
SOON = timedelta(weeks=1)  # in which so many working days lie for certain
MET = ("introduced", "closed")


def give_notice(session: Session, *, now: datetime) -> int:
    """Tell posters, at their hour, what waits for them before their opportunity ends; return the number of letters.

    Each is told once for each last day, and not on the day on which it said ok.
    """
    soon = postings.ending(session, since=oldest_day(now), until=newest_day(now) + SOON)
    due = [each.id for each in soon if _is_time(each, now)]
    postings.lock(session, *due)
    still = [each for each in soon if each.id in due and _is_time(each, now)]  # none that was extended meanwhile
    return apart.sum_of_each(session, still, partial(_write_notice, session, now), what="opportunity")


def lapse(session: Session, *, now: datetime) -> int:
    """Close the opportunities whose last day is over for every reader, wherever it is; return how many.

    A poster that has met somebody and left nobody without an answer hears nothing of it, as before the end.
    """
    today = oldest_day(now)
    postings.lock(session, *postings.past_closing(session, today=today))
    over = postings.past_closing(session, today=today)  # none that was extended while we waited for it
    return apart.sum_of_each(session, over, partial(_lapse, session, now), what="opportunity")


def _lapse(session: Session, now: datetime, opportunity_id: int) -> bool:
    row = session.get_one(Opportunity, opportunity_id)
    listed = _listed(session, row)
    unanswered = [each for each in listed if each.state == "accepted"]
    if not postings.move(session, opportunity_id, before=("open",), state="closed", closed_at=now):
        return False
    tell_those_who_wait(session, row, lapsed=True, now=now)
    if unanswered or not _has_met(listed):
        _tell_poster(session, row, unanswered, now)
    return True


def _is_time(row: Opportunity, now: datetime) -> bool:
    """Tell whether its poster is to be told now that an opportunity ends soon."""
    if row.state != "open" or row.closes_on is None or not is_its_hour(row.contact, now=now):
        return False
    today = day_of(row.contact, now=now)
    is_new = row.opened_at is not None and day_of(row.contact, now=row.opened_at) == today
    return mornings_before(row.closes_on, NOTICE_DAYS) <= today <= row.closes_on and not is_new


def _write_notice(session: Session, now: datetime, row: Opportunity) -> bool:
    assert row.closes_on  # else it does not end
    listed = _listed(session, row)
    waiting = [each for each in listed if each.state == "accepted" and each.told_at]
    n_questions = sum(introductions.open_question(each) is not None for each in listed)
    if not waiting and not n_questions and _has_met(listed):
        return False
    is_due_before = row.due_on is not None and row.due_on < row.closes_on + EXTENSION
    values = {
        **_said(row, waiting),
        "closes": wording.day(row.closes_on),
        "n_questions": n_questions,
        "due": wording.day(row.due_on) if is_due_before else "",
    }
    draft = Draft(postings.ending_key(row), "ending", row.contact, values, _refs(row, waiting))
    return letters.write(session, draft, at=now) is not None


def _tell_poster(session: Session, row: Opportunity, unanswered: list[Introduction], now: datetime) -> None:
    """Say to a poster that its opportunity has ended, and who had said yes and got no answer."""
    values = {**_said(row, unanswered), "closed": wording.day(row.closes_on)}
    letters.write(session, Draft(f"ended:{row.id}", "ended", row.contact, values, _refs(row, unanswered)), at=now)


def _listed(session: Session, row: Opportunity) -> list[Introduction]:
    return introductions.for_poster(session, row.id, "accepted", "waitlisted", *MET)


def _has_met(listed: list[Introduction]) -> bool:
    return any(each.state in MET for each in listed)


def _said(row: Opportunity, partners: list[Introduction]) -> dict[str, object]:
    return {
        "title": row.title,
        "opportunity_id": row.id,
        "partners": [{"number": each.number or 0, "who": wording.who(each.partner)} for each in partners],
        "reply_as": "interested" if partners else "opened",
    }


def _refs(row: Opportunity, partners: list[Introduction]) -> list[tuple[int, int]]:
    """Name what a reply is about: the partners by their numbers, or the opportunity where there are none."""
    return [(each.number or 0, each.id) for each in partners] or [(1, row.id)]

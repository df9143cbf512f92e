"""An opportunity and its poster's wish → a later end, or the end and a word to those who waited."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from matcher import wording
from matcher.models import Introduction, Opportunity
from matcher.store import introductions, letters, postings
from matcher.store.letters import Draft
from matcher.wording import Said

EXTENSION = timedelta(days=30)
TO_BE_AGREED = "on a day to be agreed"
ANEW = "If you look for somebody again, post it anew."


def withdraw(session: Session, row: Opportunity, *, now: datetime) -> Said:
    """Close an opportunity early; partners that wait for an answer are told."""
    postings.lock(session, row.id)
    if not postings.move(session, row.id, before=("draft", "open"), state="withdrawn", closed_at=now):
        return Said(f"“{row.title}” is {state_of(row)} already.", tone="closed")
    tell_those_who_wait(session, row, lapsed=False, now=now)
    return Said(f"“{row.title}” is closed.", ("Nobody will be asked about it any more.",))


def extend(session: Session, row: Opportunity, *, shown: str = "", now: datetime) -> Said:
    """Keep an opportunity open for another month, once for each last day that a page has shown (`shown`, ISO)."""
    postings.lock(session, row.id)
    if row.state == "open" and row.closes_on and shown not in ("", row.closes_on.isoformat()):
        return Said(f"“{row.title}” stays open until {wording.day(row.closes_on)} already.")
    closes_on = max(row.closes_on or now.date(), now.date()) + EXTENSION
    if not postings.move(session, row.id, before=("open",), closes_on=closes_on):
        lines = (ANEW,) if row.state != "draft" else ()
        return Said(f"“{row.title}” is {state_of(row)}, so it cannot be extended.", lines, tone="closed")
    return Said(f"“{row.title}” stays open until {wording.day(closes_on)}.", _what_of_the_day_it_is_due(row))


def forget_past_days(session: Session, *, now: datetime) -> int:
    """Put "on a day to be agreed" in place of a day by which open work was due and that is over; return how many."""
    past = postings.past_due(session, today=now.date())
    postings.lock(session, *past)
    return sum(
        postings.move(session, each, before=("open",), due_on=None, due_text=TO_BE_AGREED)
        for each in postings.past_due(session, today=now.date())
        if each in past
    )


def _what_of_the_day_it_is_due(row: Opportunity) -> tuple[str, ...]:
    if row.due_on is None or row.closes_on is None or row.due_on >= row.closes_on:
        return ()
    return (
        f"Partners read that it is due on {wording.day(row.due_on)} until that day is over, then “{TO_BE_AGREED}”.",
    )


def tell_those_who_wait(session: Session, row: Opportunity, *, lapsed: bool, now: datetime) -> None:
    """End what was asked about an opportunity, and say so to whoever waits: for a choice, an answer, or a reminder.

    `lapsed` says that its last day is over, and that its poster did not end it.
    """
    for each in introductions.of_opportunity(session, row.id, "asked", "accepted", "waitlisted"):
        waits = _waits_for(session, each)
        why = {
            "unread": waits == "choice" and each.state == "accepted" and each.told_at is None,
            "lapsed": lapsed and each.state == "accepted",
            "question": waits == "answer",
            "later": waits == "reminder",
            "over": True,
        }
        if introductions.move(session, each, "lapse", after="lapsed"):
            introductions.note(session, each.id, side="poster", what="closed", at=now)
            if waits:
                key = f"waitlisted:{each.id}:closed"
                draft = Draft(key, "waitlisted", each.contact, {"title": row.title, **why})
                letters.write(session, draft, at=now)


def _waits_for(session: Session, row: Introduction) -> str:
    """Say what a partner that was asked waits for: a choice, an answer to its question, the reminder it asked for."""
    if row.state != "asked":
        return "choice"
    if introductions.open_question(row) is not None:
        return "answer"
    stopped = letters.why_no_digest(session, row.contact.email)  # and reminders with them
    return "reminder" if row.remind_on and not stopped else ""


def state_of(row: Opportunity) -> str:
    """Say how an opportunity stands, in the middle of a sentence."""
    return {"open": "open", "closed": "closed", "withdrawn": "closed", "draft": "not open yet"}[row.state]

"""An opportunity and its poster's wish, or its last day → a later end, or the end and a word to those who waited."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from matcher import wording
from matcher.exchange.hours import oldest_day
from matcher.models import Opportunity
from matcher.store import apart, introductions, letters, postings
from matcher.store.letters import Draft
from matcher.wording import Said

EXTENSION = timedelta(days=30)
ANEW = "If you look for somebody again, post it anew."


def withdraw(session: Session, row: Opportunity, *, now: datetime) -> Said:
    """Close an opportunity early; partners that wait for an answer are told."""
    postings.lock(session, row.id)
    if not postings.move(session, row.id, before=("draft", "open"), state="withdrawn", closed_at=now):
        return Said(f"“{row.title}” is {state_of(row)} already.", tone="closed")
    _tell_those_who_wait(session, row, now)
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
    return Said(f"“{row.title}” stays open until {wording.day(closes_on)}.")


def lapse(session: Session, *, now: datetime) -> int:
    """Close the opportunities whose last day is over for every reader, wherever it is; return how many."""
    today = oldest_day(now)
    postings.lock(session, *postings.past_closing(session, today=today))
    over = postings.past_closing(session, today=today)  # none that was extended while we waited for it
    return apart.sum_of_each(session, over, partial(_lapse, session, now), what="opportunity")


def _lapse(session: Session, now: datetime, opportunity_id: int) -> bool:
    is_ours = postings.move(session, opportunity_id, before=("open",), state="closed", closed_at=now)
    if is_ours:
        _tell_those_who_wait(session, session.get_one(Opportunity, opportunity_id), now)
    return is_ours


def _tell_those_who_wait(session: Session, row: Opportunity, now: datetime) -> None:
    for each in introductions.of_opportunity(session, row.id, "asked", "accepted", "waitlisted"):
        told, unread = each.state != "asked", each.state == "accepted" and each.told_at is None
        if introductions.move(session, each, "lapse", after="lapsed"):
            introductions.note(session, each.id, side="poster", what="closed", at=now)
            if told:
                values = {"title": row.title, "unread": unread, "over": True}
                letters.write(
                    session, Draft(f"waitlisted:{each.id}:closed", "waitlisted", each.contact, values), at=now
                )


def state_of(row: Opportunity) -> str:
    """Say how an opportunity stands, in the middle of a sentence."""
    return {"open": "open", "closed": "closed", "withdrawn": "closed", "draft": "not open yet"}[row.state]

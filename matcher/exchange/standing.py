"""A told partner's "what would bring me forward?" → a question for the worker, or the answer that is there already."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher.models import Introduction
from matcher.store import why_not
from matcher.store.ranker_version import version_now
from matcher.wording import Said

# Only who was told of an opportunity may ask about it, which is what an introduction means: it has read the blind text,
# so the rules and needs that an answer names are no news to it. About any other opportunity even "there is one" would
# be. Who has met the poster, or whose opportunity is closed, has nothing left to move.
MAY_ASK = ("asked", "accepted", "waitlisted", "declined")
HOLDS_FOR = timedelta(days=1)  # an answer; by then other firms have changed
# A partner that could ask after every small change of its own could feel out what others say of themselves.
MAX_A_DAY = 10
NOT_THERE = Said("There is nothing left to move.", ("This one is closed, or settled between you.",), tone="closed")
ASKED = Said("We are working it out.", ("It stands below in a moment.",))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a partner's page says of its place: `state` is unasked, waiting, answered, stale or failed."""

    state: str
    sentence: str = ""
    as_of: date | None = None


def may_ask(row: Introduction) -> bool:
    """Tell whether a partner may ask where it stands for what it was told of."""
    return row.state in MAY_ASK and row.opportunity.state == "open" and row.partner.state != "left"


def standing(session: Session, row: Introduction, *, now: datetime) -> Standing:
    """Say what is known of a partner's place; an answer older than a day or than its own facts is stale."""
    found = why_not.of(session, row.opportunity_id, row.partner_id, version=version_now(session))
    if found is None:
        return Standing("unasked")
    if found.answered_at is None:
        return Standing("failed" if found.n_tries >= why_not.MAX_TRIES else "waiting")
    is_stale = found.answered_at < now - HOLDS_FOR or row.partner.changed_at > found.asked_at
    return Standing("stale" if is_stale else "answered", found.sentence, found.answered_at.date())


def ask_why_not(session: Session, row: Introduction, *, now: datetime) -> Said:
    """Let the worker find out what would bring a partner among the first five; asking again costs nothing."""
    if not may_ask(row):
        return NOT_THERE
    before = standing(session, row, now=now)
    if before.state in ("waiting", "answered"):
        return ASKED if before.state == "waiting" else Said("You have asked this already.", ("The answer is below.",))
    if why_not.n_asked(session, row.partner_id, since=now - timedelta(days=1)) >= MAX_A_DAY:
        return Said("That is enough for today.", (f"You have asked {MAX_A_DAY} times; ask again tomorrow.",), "refused")
    why_not.ask(session, row.opportunity_id, row.partner_id, version=version_now(session), at=now)
    return ASKED

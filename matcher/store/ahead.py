"""Letters that a clock which was ahead put off or claimed → due again, by a clock that is right."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from matcher.models import Letter
from matcher.store.changing import n_changed
from matcher.store.letters import IS_OPEN, MAX_PAUSE_MINUTES

A_LITTLE = timedelta(hours=1)  # clocks of several machines may differ, and nobody need notice
LONGEST_PAUSE = timedelta(minutes=MAX_PAUSE_MINUTES) + A_LITTLE
LONGEST_PACE = timedelta(days=14)  # for letters of one domain that take turns


def bring_back(session: Session, *, paced: bool, now: datetime) -> int:
    """Let letters go whose next try, or whose claim, lies farther ahead than anybody puts it; return how many."""
    longest = LONGEST_PACE if paced else LONGEST_PAUSE
    put_off = (Letter.state == "waiting") & (Letter.next_try_at > now + longest)
    claimed = (Letter.state == "claimed") & (Letter.claimed_at > now + A_LITTLE)
    ahead = update(Letter).where(IS_OPEN, or_(put_off, claimed))
    return n_changed(session, ahead.values(state="waiting", claimed_at=None, next_try_at=now))

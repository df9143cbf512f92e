"""Digests that waited for a mail server past their reader's morning → not sent, and what they offer is untold again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from matcher.models import Exposure, Introduction, IntroductionStep, Letter

CAUSE = "too late"
LATE_AT = "late_at"  # among the values of a digest: from when on it is not sent
PERHAPS = "it may have arrived: "  # an error of a letter that the server had got and did not answer


def too_late(rows: Iterable[Letter], *, now: datetime) -> list[Letter]:
    """List those letters that are not to be sent any more."""
    return [each for each in rows if _is_late(each, now)]


def _is_late(each: Letter, now: datetime) -> bool:
    """Tell it of one letter; one whose values nobody can read must not keep the others from being claimed."""
    try:
        return LATE_AT in each.values and datetime.fromisoformat(each.values[LATE_AT]) <= now
    except (TypeError, ValueError):
        return False  # whoever writes it next says what is wrong with it


def surely_unsent(session: Session, letter_ids: Sequence[int]) -> list[int]:
    """List those letters that nobody has begun to send without a word of what came of it."""
    waits = (Letter.state == "waiting") & ~Letter.error.startswith(PERHAPS, autoescape=True)
    return list(session.scalars(select(Letter.id).where(Letter.id == func.any(list(letter_ids)), waits)))


def untell(session: Session, rows: Iterable[Letter]) -> int:
    """Forget that somebody was asked by letters that did not go out, so that another day's may; return how many.

    Whoever answered all the same, on its own page, was asked.
    """
    found = list(rows)
    session.execute(delete(Exposure).where(Exposure.letter_id == func.any([each.id for each in found])))
    asked = [ref[1] for each in found for ref in each.refs]
    said = select(IntroductionStep.id).where(IntroductionStep.introduction_id == Introduction.id).exists()
    silent = (Introduction.state == "asked") & Introduction.remind_on.is_(None) & ~said
    gone = delete(Introduction).where(Introduction.id == func.any(asked), silent).returning(Introduction.id)
    return len(session.scalars(gone).all())

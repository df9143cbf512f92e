"""What partners asked of the ranking ("why not me?") and the answers, once for each opportunity and ranker."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from matcher.models import WhyNot
from matcher.store.changing import moved
from matcher.store.wake import wake

MAX_TRIES = 3


def ask(session: Session, opportunity_id: int, partner_id: int, *, version: str, at: datetime) -> None:
    """Write a question down, in place of its older answer if there is one, and wake whoever answers it."""
    asked = {"asked_at": at, "answered_at": None, "place": 0, "sentence": "", "n_tries": 0}
    named = {"opportunity_id": opportunity_id, "partner_id": partner_id, "version": version}
    session.execute(
        insert(WhyNot)
        .values(**named, **asked)
        .on_conflict_do_update(index_elements=["opportunity_id", "partner_id", "version"], set_=asked),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    wake(session, "why_not", opportunity_id=opportunity_id, partner_id=partner_id)


def of(session: Session, opportunity_id: int, partner_id: int, *, version: str) -> WhyNot | None:
    """Find the question of a partner about an opportunity; None when it was never asked of this ranker."""
    chosen = select(WhyNot).where(
        WhyNot.opportunity_id == opportunity_id, WhyNot.partner_id == partner_id, WhyNot.version == version
    )
    return session.scalar(chosen)


def n_asked(session: Session, partner_id: int, *, since: datetime) -> int:
    """Count a partner's questions since a moment."""
    counted = select(func.count()).where(WhyNot.partner_id == partner_id, WhyNot.asked_at >= since)
    return session.scalar(counted) or 0


def begin(session: Session, row: WhyNot) -> bool:
    """Count a try to answer; False when it was answered, or tried too often, in the meantime."""
    tried = update(WhyNot).where(WhyNot.id == row.id, WhyNot.answered_at.is_(None), WhyNot.n_tries < MAX_TRIES)
    return moved(session, tried.values(n_tries=WhyNot.n_tries + 1))


def answer(session: Session, row: WhyNot, sentence: str, *, place: int, at: datetime) -> bool:
    """Write an answer down; False when there is one already."""
    open_ = update(WhyNot).where(WhyNot.id == row.id, WhyNot.answered_at.is_(None))
    return moved(session, open_.values(answered_at=at, place=place, sentence=sentence))


def adopt(session: Session, *, version: str) -> int:
    """Let the ranker of now answer what an older one left unanswered, the newest question of each; return how many."""
    open_ = WhyNot.answered_at.is_(None) & (WhyNot.n_tries < MAX_TRIES) & (WhyNot.version != version)
    again = aliased(WhyNot)
    same = (again.opportunity_id == WhyNot.opportunity_id) & (again.partner_id == WhyNot.partner_id)
    asked_anew = select(again.id).where(same, again.version == version).exists()
    newest = (
        select(WhyNot.id)
        .where(open_, ~asked_anew)
        .distinct(WhyNot.opportunity_id, WhyNot.partner_id)
        .order_by(WhyNot.opportunity_id, WhyNot.partner_id, WhyNot.asked_at.desc(), WhyNot.id)
    )
    left = update(WhyNot).where(WhyNot.id.in_(newest)).values(version=version)
    return len(session.scalars(left.returning(WhyNot.id), execution_options={"synchronize_session": False}).all())


def waiting(session: Session, *, version: str, since_before: datetime, limit: int) -> list[tuple[int, int]]:
    """List the questions (opportunity, partner) to a ranker that nobody has answered for a while, oldest first."""
    open_ = WhyNot.answered_at.is_(None) & (WhyNot.n_tries < MAX_TRIES) & (WhyNot.version == version)
    chosen = select(WhyNot.opportunity_id, WhyNot.partner_id).where(open_, WhyNot.asked_at < since_before)
    return [(row[0], row[1]) for row in session.execute(chosen.order_by(WhyNot.asked_at, WhyNot.id).limit(limit))]

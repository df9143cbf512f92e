"""Rows that make a part of the night stumble: left out of it, and noted as parts of their own that were set aside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import Allotment, NightShard
from matcher.store.nights import Shard


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What cannot be done: an opportunity, a contact, or, where it is both, one offer to one contact."""

    contact_id: int | None = None
    opportunity_id: int | None = None

    def __str__(self) -> str:
        named = ("contact", self.contact_id), ("opportunity", self.opportunity_id)
        return ", ".join(f"{what} {number}" for what, number in named if number is not None)


def readers(session: Session, shard: Shard) -> list[int]:
    """List the contacts of a part of the letters who will be told something, in order."""
    chosen = select(Allotment.contact_id).where(_in(shard)).distinct()
    return list(session.scalars(chosen.order_by(Allotment.contact_id)))


def offers_to(session: Session, shard: Shard, contact_id: int) -> list[int]:
    """List the opportunities that a contact will be told of, in the order of its letter."""
    chosen = select(Allotment.opportunity_id).where(_in(shard), Allotment.contact_id == contact_id)
    return list(session.scalars(chosen.order_by(Allotment.place)))


def told_too(session: Session, shard: Shard, opportunity_id: int, contact_id: int) -> int | None:
    """Return another contact of the same part who will be told of an opportunity; None where there is none."""
    ours = _in(shard), Allotment.opportunity_id == opportunity_id, Allotment.contact_id != contact_id
    return session.scalar(select(func.min(Allotment.contact_id)).where(*ours))


def tell_only(session: Session, shard: Shard, contact_id: int, opportunity_id: int) -> None:
    """Leave a contact one of its offers."""
    others = (Allotment.contact_id == contact_id) & (Allotment.opportunity_id != opportunity_id)
    session.execute(delete(Allotment).where(_of_night(shard), others))


def leave_out(session: Session, shard: Shard, spoilt: Spoilt) -> None:
    """Forget what was allotted of it this night and is not told yet; its places are free again."""
    gone = delete(Allotment).where(_of_night(shard))
    if spoilt.contact_id is not None:
        gone = gone.where(Allotment.contact_id == spoilt.contact_id)
    if spoilt.opportunity_id is not None:
        gone = gone.where(Allotment.opportunity_id == spoilt.opportunity_id)
    if shard.stage == "explain":
        gone = gone.where(Allotment.match_id.is_(None))
    session.execute(gone)


def note(session: Session, shard: Shard, spoilt: Spoilt, *, error: str, at: datetime) -> int:
    """Write it down as a part that was set aside; return its number.

    It takes nothing (`n_taken` 0) where somebody is told less and still something. That it was tried once tells it from
    a part that was set aside as a whole.
    """
    ids = [each for each in (spoilt.contact_id, spoilt.opportunity_id) if each is not None]
    takes = shard.stage != "write" or spoilt.opportunity_id is None
    values = {
        "night_id": shard.night_id, "stage": shard.stage, "first_id": ids[0], "last_id": ids[-1], "state": "failed",
        "n_tries": 1, "n_taken": int(takes), "ended_at": at, "error": f"{spoilt}: {error}".replace("\0", ""),
    }  # fmt: skip
    number = None
    while number is None:  # another worker that notes one at the same moment takes the same number
        added = insert(NightShard).values(**values, number=_next_number(shard)).on_conflict_do_nothing()
        number = session.scalar(added.returning(NightShard.number))
    return number


def _next_number(shard: Shard) -> ScalarSelect[int]:
    of_stage = (NightShard.night_id == shard.night_id) & (NightShard.stage == shard.stage)
    return select(func.coalesce(func.max(NightShard.number), 0) + literal(1)).where(of_stage).scalar_subquery()


def _of_night(shard: Shard) -> ColumnElement[bool]:
    return Allotment.night_id == shard.night_id


def _in(shard: Shard) -> ColumnElement[bool]:
    return _of_night(shard) & Allotment.contact_id.between(shard.first_id, shard.last_id)

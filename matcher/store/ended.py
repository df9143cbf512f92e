"""Parts of the night whose worker died in the middle of them → cut into rows, set aside, or the end of their stage."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from matcher.models import NightShard
from matcher.store import nights, spoilt
from matcher.store.nights import MAX_TRIES, Shard
from matcher.store.spoilt import Spoilt

CUT_AFTER = 2  # tries of a part of several rows: one death may be a restart
CUT = f"Its worker ended in the middle of it, at try {CUT_AFTER} or later: its rows were taken one at a time."
WORKER_ENDED = f"it was tried {MAX_TRIES} times, and at the last its worker ended in the middle of it."
STOPPED = "Parts of this stage ended their workers and hardly any was done: what was left of it was set aside."


def left_behind(session: Session, night_id: int, stage: str, *, now: datetime) -> list[Shard]:
    """List the parts whose worker died at their second try or later, locked until this transaction ends."""
    ours = (NightShard.night_id == night_id) & (NightShard.stage == stage) & nights.is_stale(now)
    chosen = select(*nights.SHARD_COLUMNS).where(ours, NightShard.n_tries >= CUT_AFTER).order_by(NightShard.number)
    # Whoever is slow holds its own.
    return [Shard(*row) for row in session.execute(chosen.with_for_update(skip_locked=True))]


def cut(session: Session, shard: Shard, ids: Sequence[int], *, at: datetime) -> None:
    """Let each row of a part be a part of its own, behind all others; the part itself has nothing left to do."""
    session.execute(update(NightShard).where(NightShard.id == shard.id).values(
        state="done", n_taken=0, error=CUT, ended_at=at
    ))  # fmt: skip
    left = list(ids)
    while left:  # another worker that adds parts at the same moment takes the same numbers
        last = session.scalar(select(func.max(NightShard.number)).where(_of_stage(shard.night_id, shard.stage))) or 0
        rows = [
            {"night_id": shard.night_id, "stage": shard.stage, "number": number, "first_id": id_, "last_id": id_,
             "n_taken": 1}
            for number, id_ in enumerate(left, start=last + 1)
        ]  # fmt: skip
        added = insert(NightShard).values(rows).on_conflict_do_nothing().returning(NightShard.first_id)
        there = set(session.scalars(added))
        left = [each for each in left if each not in there]


def set_aside(session: Session, shard: Shard, row: Spoilt | None, *, at: datetime) -> tuple[int, str]:
    """Set a part aside, as the one row it holds or as a whole; return (number, why)."""
    why = WORKER_ENDED[0].upper() + WORKER_ENDED[1:]
    values: dict[str, object] = {}
    if row is not None:
        spoilt.leave_out(session, shard, row)
        why, values = f"{row}: {WORKER_ENDED}", {"n_tries": 1, "n_taken": 1}  # as `spoilt.note` has it
    before = session.scalar(select(NightShard.error).where(NightShard.id == shard.id))
    why += f" Before that: {before}" if before else ""
    failed = update(NightShard).where(NightShard.id == shard.id)
    session.execute(failed.values(state="failed", error=why, ended_at=at, **values))
    return shard.number, why


def n_deadly_and_done(session: Session, night_id: int, stage: str) -> tuple[int, int]:
    """Count the parts of a stage that were cut, or the rows set aside, for workers that ended, whichever are more; and
    the parts that were done."""
    is_done = NightShard.state == "done"
    is_cut = is_done & (NightShard.error == CUT)
    is_row = (NightShard.state == "failed") & NightShard.error.contains(WORKER_ENDED, autoescape=True)
    counted = select(*(func.count().filter(each) for each in (is_cut, is_row, is_done)))
    n_cut, n_rows, n_done = session.execute(counted.where(_of_stage(night_id, stage))).one()
    return max(n_cut, n_rows), n_done - n_cut


def stop(session: Session, night_id: int, stage: str, *, at: datetime) -> list[tuple[int, str]]:
    """Set aside what is left of a stage and nobody is at; return (number, why)."""
    free = (NightShard.state == "waiting") | nights.is_stale(at)
    ours = select(NightShard.id).where(_of_stage(night_id, stage), free).with_for_update(skip_locked=True)
    left = update(NightShard).where(NightShard.id.in_(ours))
    ended = left.values(state="failed", error=STOPPED, ended_at=at, n_tries=MAX_TRIES)
    return [(number, STOPPED) for number in sorted(session.scalars(ended.returning(NightShard.number)))]


def _of_stage(night_id: int, stage: str) -> ColumnElement[bool]:
    return (NightShard.night_id == night_id) & (NightShard.stage == stage)

"""Parts whose worker died → taken row by row, so that the one row that ends workers is lost and nothing else."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.night import rows
from matcher.store import ended
from matcher.store.nights import MAX_TRIES, Shard

log = logging.getLogger(__name__)

MOST = 30  # parts of a stage that are cut, and rows set aside, before it is asked how many are done
DONE_EACH = 1 / 5  # parts done for each of those, fewer than which say that it is no matter of single rows


def settle(session: Session, night_id: int, stage: str, *, now: datetime) -> list[tuple[int, str]]:
    """Decide about the parts of a stage whose workers died; return (number, why) of those that are set aside.

    At its second try a part is cut into its rows; a row is set aside at its third: one that ends workers ends five of
    them. Where more than `MOST` do and hardly anything else is done, all that is left of the stage is set aside, after
    some hundred and fifty. Machines that die for reasons of their own leave some of what they come to done.
    """
    left = ended.left_behind(session, night_id, stage, now=now)
    aside = [each for shard in left for each in _settle(session, shard, now)]
    if left:
        n_deadly, n_done = ended.n_deadly_and_done(session, night_id, stage)
        if n_deadly > MOST and n_done < DONE_EACH * n_deadly:
            aside += ended.stop(session, night_id, stage, at=now)
    return aside


def _settle(session: Session, shard: Shard, now: datetime) -> list[tuple[int, str]]:
    ids = rows.ids_in(session, shard)
    if len(ids) > 1:
        ended.cut(session, shard, ids, at=now)
        log.warning(
            "part %d of stage %s ended its worker: its %d rows are taken one at a time",
            shard.number, shard.stage, len(ids),
        )  # fmt: skip
        return []
    if shard.n_tries < MAX_TRIES:
        return []
    return [ended.set_aside(session, shard, rows.named(shard, ids[0]) if ids else None, at=now)]

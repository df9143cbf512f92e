"""A shard of the night → the open opportunities in it that are ranked anew."""

from sqlalchemy.orm import Session

from matcher.models import Opportunity
from matcher.store import nights, postings, stale
from matcher.store.nights import Shard
from matcher.store.stale import RANK_AGAIN_AFTER


def to_rank(session: Session, shard: Shard) -> list[Opportunity]:
    """List the opportunities of a shard that were not ranked lately."""
    return postings.opportunities(session, ids_to_rank(session, shard))


def ids_to_rank(session: Session, shard: Shard) -> list[int]:
    """List their ids, in order."""
    since = nights.night(session, shard.night_id).begun_at - RANK_AGAIN_AFTER
    return stale.to_rank(session, before=since, first_id=shard.first_id, last_id=shard.last_id)

"""A part of the night → the rows in it: opportunities to rank or to explain, or readers to write to."""

from sqlalchemy.orm import Session

from matcher.night.ranking import ids_to_rank
from matcher.store import nights, spoilt
from matcher.store.nights import Shard
from matcher.store.spoilt import Spoilt


def ids_in(session: Session, shard: Shard) -> list[int]:
    """List the ids of what is left to do in a part, in order."""
    if shard.stage == "match":
        return ids_to_rank(session, shard)
    if shard.stage == "explain":
        return sorted(nights.to_explain(session, shard))
    return spoilt.readers(session, shard)


def named(shard: Shard, row_id: int) -> Spoilt:
    """Say what a row of a part is."""
    return Spoilt(contact_id=row_id) if shard.stage == "write" else Spoilt(opportunity_id=row_id)

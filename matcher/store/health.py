"""Is the machinery well: the signs of life that workers and readers leave in the database."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.models import Capability, Embedding, Partner

HEARTBEAT = timedelta(seconds=60)  # a worker writes one every ten seconds
BEHIND = timedelta(minutes=5)


def n_workers(session: Session, *, now: datetime) -> int:
    """Count the workers that gave a sign of life in the last minute."""
    beat = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :since")
    return int(session.scalar(beat, {"since": now - HEARTBEAT}) or 0)


def n_behind(session: Session, *, now: datetime) -> int:
    """Count partners whose words changed over five minutes ago and are not searchable yet."""
    late = Partner.changed_at < now - BEHIND
    unread = (
        select(func.count())
        .select_from(Partner)
        .where(late, (Partner.read_at.is_(None)) | (Partner.read_at < Partner.changed_at))
    )
    known = select(Embedding.id).where(Embedding.text_hash == Capability.text_hash).exists()
    bare = select(func.count(Capability.partner_id.distinct())).where(~known, Capability.created_at < now - BEHIND)
    return int(session.scalar(unread) or 0) + int(session.scalar(bare) or 0)

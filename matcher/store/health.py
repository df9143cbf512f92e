"""Is the machinery well: the signs of life that workers and readers leave in the database."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.models import Capability, Embedding, Partner
from matcher.store import network, unreadable

HEARTBEAT_S = 60  # a worker writes one every ten seconds
BEHIND = timedelta(minutes=5)
LOOKED_AT = 2_000
ASKED_ABOUT = 200
FEW = 10


def n_workers(session: Session) -> int:
    """Count the workers that gave a sign of life in the last minute, by the clock of the database, as they beat."""
    beat = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :s)")
    return int(session.scalar(beat, {"s": HEARTBEAT_S}) or 0)


def n_behind(session: Session, *, now: datetime) -> int:
    """Count partners whose words changed over five minutes ago and are not searchable yet.

    A few whose words make us stumble are no matter of the machine: the steward's page names them. Where they are more
    than `FEW`, they are one. Of what partners can do only the newest is looked at: where embedding stands still, that
    is what lacks a vector.
    """
    late = Partner.changed_at < now - BEHIND
    unread = select(func.count()).select_from(Partner).where(late, network.UNREAD)
    if unreadable.n_noted(session) <= FEW:
        unread = unread.where(~unreadable.is_noted())
    newest = select(Capability).order_by(Capability.id.desc()).limit(LOOKED_AT).subquery()
    old_enough = select(newest).where(newest.c.created_at < now - BEHIND).limit(ASKED_ABOUT).subquery()
    known = select(Embedding.id).where(Embedding.text_hash == old_enough.c.text_hash).exists()
    bare = select(func.count(old_enough.c.partner_id.distinct())).where(~known)
    return int(session.scalar(unread) or 0) + int(session.scalar(bare) or 0)

"""A network of three firms, and what the tests of the worker's shelf ask about it."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher import matching
from matcher.models import Partner
from matcher.shelving import Shelf
from matcher.store import watermark
from matcher.store.watermark import NOTHING
from tests import factories as make
from tests.fakes import HashEmbedder

EMBEDDER = HashEmbedder()
SAYS = {"quay": "We move mailboxes.", "fjord": "Mailboxes and toys for all.", "holm": "We sell toys to everybody."}


def market(session: Session) -> dict[str, int]:
    """Make three firms that were read and embedded; return their ids by key."""
    make.competencies(session)
    found = {key: make.firm(session, key).partner_id for key in SAYS}
    for key, profile in SAYS.items():
        session.get_one(Partner, found[key]).profile = profile
    session.flush()
    matching.read_partners(session, now=make.NOW)
    make.embed(session, EMBEDDER)
    session.commit()
    return found


def is_current(session: Session, shelf: Shelf) -> bool:
    return shelf.built is not None and watermark.since(session, shelf.built.mark, model=EMBEDDER.model) == NOTHING


def changed(session: Session, partner_id: int, **facts: Any) -> None:
    row = session.get_one(Partner, partner_id)
    for name, value in (facts | {"changed_at": row.changed_at + timedelta(hours=1)}).items():
        setattr(row, name, value)
    session.flush()

"""The name of the model that ranks, for those who need no more of it; the web reads it without loading the model."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.models import RankerModel
from matcher.ranking.version import RANKER_VERSION


def version_now(session: Session) -> str:
    """Return the version of the model that ranks: the newest accepted one, else the one of this release."""
    newest_first = RankerModel.chosen_at.desc(), RankerModel.id.desc()
    accepted = select(RankerModel.version).where(RankerModel.state == "accepted").order_by(*newest_first).limit(1)
    return session.scalar(accepted) or RANKER_VERSION

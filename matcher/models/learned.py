"""Tables: what the ranker learned here."""

from datetime import date

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import At, Base, Key, Line, Values, one_of


class LiftsOfDay(Base):
    """By how much bands of partners move in the order on a day (see `matcher.ranking.exposure`)."""

    __tablename__ = "lifts_of_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    lifts: Mapped[dict[str, float]] = mapped_column(JSONB)


class RankerModel(Base):
    """A version of the ranker's weights: the newest that was accepted and not withdrawn ranks."""

    __tablename__ = "ranker_model"
    __table_args__ = (one_of("state", "accepted", "refused", "withdrawn"),)
    id: Mapped[Key]
    version: Mapped[str] = mapped_column(Text, unique=True)
    card: Mapped[Values]
    weights: Mapped[Values]
    state: Mapped[str] = mapped_column(Text)
    why: Mapped[Line]  # the sentence that says how it came to its state
    learned_at: Mapped[At]
    chosen_at: Mapped[At]  # when it came to its state

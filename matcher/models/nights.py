"""Tables: the nights, the shards they are cut into, and what was allotted and is not written yet."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import At, Base, Key, Line, Number, one_of


class Night(Base):
    """One round of a day's digests: opportunities ranked, offers allotted among all, letters written."""

    __tablename__ = "night"
    __table_args__ = (
        one_of("stage", "match", "explain", "write", "done", "given_up"),
        Index("uq_night_open", "day", unique=True, postgresql_where=text("ended_at IS NULL")),
    )
    id: Mapped[Key]
    day: Mapped[date]
    stage: Mapped[str] = mapped_column(Text)
    readers_at: Mapped[At | None]  # readers whose hour had come by then; none: everybody who reads on the day
    begun_at: Mapped[At]
    allotted_at: Mapped[At | None]
    ended_at: Mapped[At | None]


class NightShard(Base):
    """A part of one stage that any worker takes as a whole: the opportunities or contacts from one id to another."""

    __tablename__ = "night_shard"
    __table_args__ = (
        UniqueConstraint("night_id", "stage", "number"),
        one_of("stage", "match", "explain", "write"),
        one_of("state", "waiting", "claimed", "done", "failed"),
    )
    id: Mapped[Key]
    night_id: Mapped[int] = mapped_column(ForeignKey("night.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(Text)
    number: Mapped[int]
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    n_tries: Mapped[Number]
    claimed_at: Mapped[At | None]
    claimed_by: Mapped[Line]
    ended_at: Mapped[At | None]
    n_taken: Mapped[Number]  # opportunities or contacts: how many are in it, and once it is done how many were taken
    n_made: Mapped[Number]  # matches or letters
    n_late: Mapped[Number]  # contacts whose morning was over
    error: Mapped[Line]


class Allotment(Base):
    """An offer that a contact will be told of this night; gone when it ends.

    It names its rows without foreign keys: what is gone by then is left out of the letter.
    """

    __tablename__ = "allotment"
    __table_args__ = (
        Index("ix_allotment_unexplained", "night_id", "opportunity_id", postgresql_where=text("match_id IS NULL")),
    )
    night_id: Mapped[int] = mapped_column(ForeignKey("night.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(BigInteger)
    match_id: Mapped[int | None] = mapped_column(BigInteger)  # none: of the reserve, found once it is explained
    partner_id: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[float]
    late_at: Mapped[At | None]  # from when on it is too late to tell

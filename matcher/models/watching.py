"""Tables: what went wrong on the machine's side, for the steward to read."""

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.models.base import At, Base, Key, Line


class NetworkChange(Base):
    """A statement that changed what ranking reads; the database itself writes it (see its triggers)."""

    __tablename__ = "network_change"
    id: Mapped[Key]
    at: Mapped[At] = mapped_column(server_default=func.now())
    transaction: Mapped[int | None] = mapped_column(
        BigInteger, index=True, server_default=text("((pg_current_xact_id())::text)::bigint")
    )
    partner_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))  # none: too many, or all
    model: Mapped[str | None] = mapped_column(Text)  # of vectors: what changed for whoever ranks with this one


class JobFault(Base):
    """Why a job of the queue last failed; the queue itself keeps only that it did."""

    __tablename__ = "job_fault"
    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(Text)
    request: Mapped[Line]  # what set it off, as in the log
    at: Mapped[At]


class Unreadable(Base):
    """A partner whose words, as they were at a change, nobody could read; it stays as it was read before."""

    __tablename__ = "unreadable"
    partner_id: Mapped[int] = mapped_column(
        ForeignKey("partner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    changed_at: Mapped[At]
    error: Mapped[str] = mapped_column(Text)
    at: Mapped[At]

"""Tables: what was sent, to whom, and what came in."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.models.base import At, Base, Key, Line, Number, Rows, Values, one_of
from matcher.models.partners import Contact


class Letter(Base):
    """One outgoing mail: what it says as values, rendered when sent. `refs` are the numbered things to reply to."""

    __tablename__ = "letter"
    __table_args__ = (
        one_of("state", "waiting", "claimed", "sent", "failed", "dropped"),
        Index("ix_letter_turn", "next_try_at", "id", postgresql_where=text("state IN ('waiting', 'claimed')")),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    to_address: Mapped[str] = mapped_column(Text)
    values: Mapped[Values]
    refs: Mapped[Rows]
    in_reply_to: Mapped[Line]  # the Message-ID of the recipient's own mail, so that its mail program threads
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    n_tries: Mapped[Number]
    next_try_at: Mapped[At] = mapped_column(server_default=func.now())
    claimed_at: Mapped[At | None]
    sent_at: Mapped[At | None]
    error: Mapped[Line]
    request: Mapped[Line]  # what made it, as in the log: a request of the web, or a job
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    contact: Mapped[Contact | None] = relationship()


class Digest(Base):
    """What one contact was told one day; a trigger takes it along with its letter, which goes with its contact."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("contact_id", "day"),)
    id: Mapped[Key]
    contact_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    letter_id: Mapped[int] = mapped_column(BigInteger, index=True)
    created_at: Mapped[At] = mapped_column(server_default=func.now())


class Exposure(Base):
    """One opportunity was put before one contact, at one place of a letter.

    It is written with its letter and an introduction, whose foreign keys hold what it names, and triggers take it along
    with its letter or opportunity: a key to check for each offer of a night costs as much as writing it down.
    """

    __tablename__ = "exposure"
    __table_args__ = (
        UniqueConstraint("opportunity_id", "contact_id"),
        Index("ix_exposure_partner_shown", "partner_id", "shown_on"),
    )
    id: Mapped[Key]
    opportunity_id: Mapped[int] = mapped_column(BigInteger)
    partner_id: Mapped[int] = mapped_column(BigInteger)
    contact_id: Mapped[int] = mapped_column(BigInteger)
    letter_id: Mapped[int] = mapped_column(BigInteger, index=True)
    place: Mapped[int]
    shown_on: Mapped[date]


class InboundMessage(Base):
    """A message as it arrived, bytes first, and what was made of it."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        one_of("state", "new", "done", "held", "refused", "ignored"),
        Index("ix_inbound_message_sender", "sender", "received_at"),
        Index("ix_inbound_message_letter", "letter_id", "received_at"),
        Index("ix_inbound_message_newest", "state", "id"),
        Index("ix_inbound_message_kept", "received_at", postgresql_where=text("raw <> ''::bytea AND state <> 'new'")),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(Text, unique=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    envelope_from: Mapped[Line]
    envelope_to: Mapped[Line]
    received_at: Mapped[At]
    state: Mapped[str] = mapped_column(Text, server_default="new")
    kind: Mapped[Line]
    sender: Mapped[Line]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id", ondelete="SET NULL"))
    text: Mapped[Line]
    removed: Mapped[Line]
    verdict: Mapped[Line]


class Suppression(Base):
    """An address that is not mailed any more: digests only, or anything."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("email", "scope"), one_of("scope", "digest", "all"))
    id: Mapped[Key]
    email: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)  # unsubscribed, complaint, bounce, left
    created_at: Mapped[At] = mapped_column(server_default=func.now())


class Bounce(Base):
    """One letter that came back, or that a server refused for good. Its address's standing is computed from these."""

    __tablename__ = "bounce"
    __table_args__ = (Index("ix_bounce_email", "email", "at"),)
    id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(Text)
    hard: Mapped[bool]
    reason: Mapped[Line]
    at: Mapped[At]
    cleared_at: Mapped[At | None]  # its owner said that the address works; older bounces count no more


class Pace(Base):
    """How many letters went to a domain in its last clock minute; kept only where the pace is limited."""

    __tablename__ = "pace"
    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    minute: Mapped[At]
    n: Mapped[int]

"""Tables: what is asked for, who answers it and what came of it."""

from datetime import date

from sqlalchemy import (
    REAL,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from matcher.models.base import At, Base, Key, Line, Number, Rows, Values, Words, one_of
from matcher.models.partners import Contact, Partner


class Posting(Base):
    """A text as it was sent in, never edited; `facts` are the form's fields as written."""

    __tablename__ = "posting"
    __table_args__ = (one_of("channel", "web", "mail", "seed"),)
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(Text, unique=True)
    channel: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    subject: Mapped[Line]
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[Values]
    received_at: Mapped[At]


class Opportunity(Base):
    """A posting once read: draft until its sender said ok, then open, then closed."""

    __tablename__ = "opportunity"
    __table_args__ = (
        one_of("state", "draft", "open", "closed", "withdrawn"),
        Index(
            "ix_opportunity_unmatched", "id", postgresql_where=text("matched_at IS NULL AND state IN ('draft', 'open')")
        ),
        Index("ix_opportunity_matched", "matched_at", postgresql_where=text("state <> 'draft'")),
        Index("ix_opportunity_open", "closes_on", postgresql_where=text("state = 'open'")),
    )
    id: Mapped[Key]
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id", ondelete="CASCADE"), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(Text, server_default="draft", index=True)
    title: Mapped[str] = mapped_column(Text)
    blind_text: Mapped[str] = mapped_column(Text)
    masked: Mapped[Rows]
    missing: Mapped[Words]
    n_asked: Mapped[Number]
    due_text: Mapped[Line]
    due_on: Mapped[date | None]
    place_text: Mapped[Line]
    country: Mapped[Line]
    on_site: Mapped[bool] = mapped_column(server_default=false())
    pays: Mapped[Line]
    value_eur: Mapped[int | None]
    languages: Mapped[Words]
    jurisdiction: Mapped[Line]
    clearances: Mapped[Words]
    industry: Mapped[Line]
    for_poster: Mapped[Values]  # of a form's draft: as its poster reads it, where that is not what a stranger may see
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    opened_at: Mapped[At | None]
    closes_on: Mapped[date | None]
    closed_at: Mapped[At | None]
    matched_at: Mapped[At | None]
    posting: Mapped[Posting] = relationship()
    contact: Mapped[Contact] = relationship()
    partner: Mapped[Partner] = relationship()
    needs: Mapped[list["Need"]] = relationship(order_by="Need.position")


class Need(Base):
    """One thing asked for."""

    __tablename__ = "need"
    __table_args__ = (UniqueConstraint("opportunity_id", "position"),)
    id: Mapped[Key]
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(Text)
    competency_keys: Mapped[Words]


class Embedding(Base):
    """The vector of a text under one model: float32, unit length, little-endian bytes. `id` is the watermark."""

    __tablename__ = "embedding"
    __table_args__ = (UniqueConstraint("text_hash", "model"),)
    id: Mapped[Key]
    text_hash: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class Match(Base):
    """A scored candidate of an opportunity under one version of the ranker."""

    __tablename__ = "match"
    __table_args__ = (UniqueConstraint("opportunity_id", "partner_id", "version"),)
    id: Mapped[Key]
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(Text)
    place: Mapped[int]
    score: Mapped[float]
    reasons: Mapped[Rows]
    why_you: Mapped[str] = mapped_column(Text)
    why_them: Mapped[str] = mapped_column(Text)
    signals: Mapped[Rows]  # a row for each need, in the order of the columns of the version's model
    team_needs: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))  # its part by position; none: no team sought
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    partner: Mapped[Partner] = relationship()


class Reserve(Base):
    """Who stands behind the matches of an opportunity, in order; asked where those before have enough already."""

    __tablename__ = "reserve"
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"), primary_key=True)
    partner_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    scores: Mapped[list[float]] = mapped_column(ARRAY(REAL))


class WhyNot(Base):
    """Where a partner that was told of an opportunity stands in its ranking, and what would bring it forward."""

    __tablename__ = "why_not"
    __table_args__ = (UniqueConstraint("opportunity_id", "partner_id", "version"),)
    id: Mapped[Key]
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    version: Mapped[str] = mapped_column(Text)  # of the ranker
    asked_at: Mapped[At]
    answered_at: Mapped[At | None]
    place: Mapped[Number]
    sentence: Mapped[Line]
    n_tries: Mapped[Number]


class Introduction(Base):
    """One partner and one opportunity, from being asked to having met. `number` is how the poster names it."""

    __tablename__ = "introduction"
    __table_args__ = (
        UniqueConstraint("opportunity_id", "partner_id"),
        one_of("state", "asked", "accepted", "declined", "waitlisted", "lapsed", "introduced", "closed"),
        Index(
            "ix_introduction_put_off", "remind_on", postgresql_where=text("state = 'asked' AND remind_on IS NOT NULL")
        ),
        Index(
            "ix_introduction_untold",
            "opportunity_id",
            postgresql_where=text("state = 'accepted' AND told_at IS NULL"),
        ),
        Index("ix_introduction_met", "introduced_at", postgresql_where=text("state = 'introduced'")),
    )
    id: Mapped[Key]
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(BigInteger, index=True)  # held by its contact, with which it goes
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    # No foreign key: its check would lock and log a far page for each offer of a night, half of what one costs. A
    # match may be gone while it is still named here; no other will ever have its number. It is looked for by its
    # opportunity and partner.
    match_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default="asked")
    number: Mapped[int | None]
    remind_on: Mapped[date | None]
    told_at: Mapped[At | None]
    introduced_at: Mapped[At | None]
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    opportunity: Mapped[Opportunity] = relationship()
    partner: Mapped[Partner] = relationship(primaryjoin=lambda: foreign(Introduction.partner_id) == Partner.id)
    contact: Mapped[Contact] = relationship()
    match: Mapped[Match | None] = relationship(primaryjoin=lambda: foreign(Introduction.match_id) == Match.id)
    steps: Mapped[list["IntroductionStep"]] = relationship(order_by="IntroductionStep.id")


class IntroductionStep(Base):
    """One line of an introduction's history."""

    __tablename__ = "introduction_step"
    id: Mapped[Key]
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"), index=True)
    at: Mapped[At]
    side: Mapped[str] = mapped_column(Text)  # poster, partner, counterpart
    what: Mapped[str] = mapped_column(Text)  # asked, accepted, question, answer, introduced …
    words: Mapped[Line]
    message_id: Mapped[Line]  # of the mail that said it, so that answers thread in its sender's mail program


class Outcome(Base):
    """What came of an introduction, as one side reported and the other confirmed."""

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("introduction_id", "contact_id"),
        one_of("result", "won", "lost"),
        one_of("state", "reported", "confirmed", "disputed"),
    )
    id: Mapped[Key]
    introduction_id: Mapped[int] = mapped_column(ForeignKey("introduction.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    result: Mapped[str] = mapped_column(Text)
    revenue_eur: Mapped[Number]
    state: Mapped[str] = mapped_column(Text, server_default="reported")
    reported_at: Mapped[At]
    confirmed_at: Mapped[At | None]
    introduction: Mapped[Introduction] = relationship()

"""Tables: what is known of firms, their people and what they did together."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.models.base import At, Base, Key, Line, Number, Values, Words, one_of


class Partner(Base):
    """A firm. `sources` says for each fact where it came from."""

    __tablename__ = "partner"
    __table_args__ = (
        one_of("state", "draft", "live", "paused", "left"),
        Index("ix_partner_key_start", "key", postgresql_ops={"key": "text_pattern_ops"}),
        Index("ix_partner_live", "country", postgresql_where=text("state = 'live'")),
        Index("ix_partner_known", "changed_at", postgresql_where=text("state <> 'draft'")),
        Index("ix_partner_refusing", "id", postgresql_where=text("conflict_keys <> '{}'")),
        Index("ix_partner_unread", "id", postgresql_where=text("read_at IS NULL OR read_at < changed_at")),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    country: Mapped[Line]
    city: Mapped[Line]
    n_people: Mapped[int | None]
    founded: Mapped[int | None]
    languages: Mapped[Words]
    industries: Mapped[Words]
    jurisdictions: Mapped[Words]
    clearances: Mapped[Words]
    practices: Mapped[Words]
    conflict_keys: Mapped[Words]
    min_eur: Mapped[Number]
    max_eur: Mapped[Number]
    profile: Mapped[Line]
    profile_on: Mapped[date | None]
    sources: Mapped[Values]
    waiting: Mapped[Values]  # what was typed of it before anybody had proven its address; its owner's ok takes it up
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    changed_at: Mapped[At] = mapped_column(server_default=func.now())
    read_at: Mapped[At | None]  # when its capabilities were last made from its words
    contacts: Mapped[list["Contact"]] = relationship(back_populates="partner", order_by="Contact.id")


class Contact(Base):
    """A person who reads a partner's mail. The address is lower case."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("level", "owner", "sales", "technical"),
        one_of("digest", "daily", "weekly", "paused"),
        Index("ix_contact_domain", text("split_part(email, '@', 2)")),
        Index("ix_contact_paused", "paused_until", postgresql_where=text("paused_until IS NOT NULL")),
    )
    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[Line]
    level: Mapped[str] = mapped_column(Text, server_default="owner")
    language: Mapped[str] = mapped_column(Text, server_default="en")
    timezone: Mapped[str] = mapped_column(Text, server_default="UTC")
    digest: Mapped[str] = mapped_column(Text, server_default="daily")
    digest_before: Mapped[str | None] = mapped_column(Text)  # while `digest` is paused: what was chosen before
    digest_hour: Mapped[int] = mapped_column(server_default="7")
    paused_until: Mapped[date | None]
    verified_at: Mapped[At | None]
    created_at: Mapped[At] = mapped_column(server_default=func.now())
    partner: Mapped[Partner] = relationship(back_populates="contacts")


class Competency(Base):
    """A term that needs and capabilities point to."""

    __tablename__ = "competency"
    __table_args__ = (one_of("kind", "practice", "competency", "designation", "specialization"),)
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    definition: Mapped[Line]
    synonyms: Mapped[Words]
    old_names: Mapped[Words]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    replaced_by: Mapped[Words]
    practices: Mapped[Words]


class Capability(Base):
    """One thing a partner can do, in words, with its evidence."""

    __tablename__ = "capability"
    __table_args__ = (
        UniqueConstraint("partner_id", "source", "competency_key", "text_hash"),
        one_of("source", "profile", "declared", "badge", "bench", "collaboration"),
    )
    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    competency_key: Mapped[Line]
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(Text, index=True)
    source: Mapped[str] = mapped_column(Text)
    evidence: Mapped[Line]
    created_at: Mapped[At] = mapped_column(server_default=func.now())


class Badge(Base):
    """A vendor's designation at a level, with its dates; `source` says by which word of its own a firm has it."""

    __tablename__ = "badge"
    __table_args__ = (UniqueConstraint("partner_id", "competency_key", "awarded_on"),)
    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    competency_key: Mapped[str] = mapped_column(ForeignKey("competency.key"))
    level: Mapped[str] = mapped_column(Text)
    awarded_on: Mapped[date]
    expires_on: Mapped[date | None]
    source: Mapped[Line]  # "your mail of 2026-11-23": nobody checked it; empty: it came with the list of the network


class BenchPerson(Base):
    """One person whom a partner can lend."""

    __tablename__ = "bench_person"
    __table_args__ = (UniqueConstraint("partner_id", "name"), one_of("level", "junior", "senior", "architect"))
    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    competency_keys: Mapped[Words]
    level: Mapped[str] = mapped_column(Text)
    languages: Mapped[Words]
    free_from: Mapped[date | None]
    free_days: Mapped[Number]
    on_site: Mapped[bool] = mapped_column(server_default=false())


class Collaboration(Base):
    """Two partners worked together: an edge of the graph, with its dates and outcome."""

    __tablename__ = "collaboration"
    __table_args__ = (
        Index("ix_collaboration_lead_id", "lead_id"),
        Index(  # work that was only told; what we introduced has its introduction as key
            "uq_collaboration_told",
            "lead_id",
            "partner_id",
            "competency_key",
            "started_on",
            "summary",
            unique=True,
            postgresql_where=text("introduction_id IS NULL"),
        ),
        one_of("outcome", "won", "lost"),
        CheckConstraint("lead_id <> partner_id", name="two_firms"),
    )
    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"), index=True)
    competency_key: Mapped[Line]
    role: Mapped[Line]
    started_on: Mapped[date]
    ended_on: Mapped[date]
    summary: Mapped[Line]
    outcome: Mapped[str] = mapped_column(Text)
    revenue_eur: Mapped[Number]
    introduction_id: Mapped[int | None] = mapped_column(ForeignKey("introduction.id", ondelete="SET NULL"), unique=True)


class Consent(Base):
    """What a contact agreed to or took back, when and by which letter or page."""

    __tablename__ = "consent"
    id: Mapped[Key]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(Text)  # digest, profile, posting, introduction
    given: Mapped[bool]
    how: Mapped[Line]
    at: Mapped[At]

"""The nights, their shards, and what was allotted and is not written yet."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> "sa.Column[Any]":
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _night_id(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=f"fk_{table}_night_id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "night",
        _id(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        _at("readers_at"),
        _at("begun_at", nullable=False),
        _at("allotted_at"),
        _at("ended_at"),
        sa.CheckConstraint("stage IN ('match', 'write', 'done', 'given_up')", name=op.f("ck_night_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night")),
    )
    op.create_index("uq_night_open", "night", ["day"], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    _create_shards()
    op.create_table(
        "allotment",
        sa.Column("night_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.BigInteger(), nullable=False),
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        _at("late_at"),
        _night_id("allotment"),
        sa.PrimaryKeyConstraint("night_id", "contact_id", "place", name=op.f("pk_allotment")),
    )


def _create_shards() -> None:
    numbers = [
        sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in ("n_taken", "n_made", "n_late")
    ]
    op.create_table(
        "night_shard",
        _id(),
        sa.Column("night_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("n_tries", sa.Integer(), server_default="0", nullable=False),
        _at("claimed_at"),
        sa.Column("claimed_by", sa.Text(), server_default="", nullable=False),
        _at("ended_at"),
        *numbers,
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("stage IN ('match', 'write')", name=op.f("ck_night_shard_stage")),
        sa.CheckConstraint("state IN ('waiting', 'claimed', 'done', 'failed')", name=op.f("ck_night_shard_state")),
        _night_id("night_shard"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_shard")),
        sa.UniqueConstraint("night_id", "stage", "number", name=op.f("uq_night_shard_night_id_stage_number")),
    )


def downgrade() -> None:
    op.drop_table("allotment")
    op.drop_table("night_shard")
    op.drop_table("night")

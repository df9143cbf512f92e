"""Versions of the ranker's weights, and the signals behind each match."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ranker_model",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("card", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("weights", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('accepted', 'refused', 'withdrawn')", name=op.f("ck_ranker_model_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranker_model")),
        sa.UniqueConstraint("version", name=op.f("uq_ranker_model_version")),
    )
    op.add_column("match", sa.Column("signals", JSONB(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    op.drop_column("match", "signals")
    op.drop_table("ranker_model")

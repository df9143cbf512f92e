"""Bounces one by one, the mail behind a step, and what a flood is counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounce",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_bounce_letter_id_letter"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_bounce_letter_id")),
    )
    op.create_index("ix_bounce_email", "bounce", ["email", "at"])
    op.create_index("ix_inbound_message_sender", "inbound_message", ["sender", "received_at"])
    op.create_index("ix_inbound_message_letter", "inbound_message", ["letter_id", "received_at"])
    op.add_column("introduction_step", sa.Column("message_id", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("introduction_step", "message_id")
    op.drop_index("ix_inbound_message_letter", "inbound_message")
    op.drop_index("ix_inbound_message_sender", "inbound_message")
    op.drop_table("bounce")

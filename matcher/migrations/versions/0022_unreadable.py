"""Partners whose words make us stumble are noted, so that they are told from a worker that stands still."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import be_brief

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    be_brief(op.get_bind())
    op.create_table(
        "unreadable",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_unreadable_partner_id_partner"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_unreadable")),
    )


def downgrade() -> None:
    be_brief(op.get_bind())
    op.drop_table("unreadable")

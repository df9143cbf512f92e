"""Whoever pauses its digests until further notice has them again as they were chosen before: weekly stays weekly."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import be_brief

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    be_brief(op.get_bind())
    op.add_column("contact", sa.Column("digest_before", sa.Text(), nullable=True))


def downgrade() -> None:
    be_brief(op.get_bind())
    op.drop_column("contact", "digest_before")

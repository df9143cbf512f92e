"""A badge that a firm tells us of says so: nobody has checked it."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import be_brief

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    be_brief(op.get_bind())
    op.add_column("badge", sa.Column("source", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    be_brief(op.get_bind())
    op.drop_column("badge", "source")

"""A form's draft has a second reading, for its poster alone; unproven words about a firm wait beside its row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from matcher.migrations.patience import be_brief

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (("opportunity", "for_poster"), ("partner", "waiting"))


def upgrade() -> None:
    be_brief(op.get_bind())
    for table, name in COLUMNS:
        column = sa.Column(
            name, postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        )
        op.add_column(table, column)


def downgrade() -> None:
    be_brief(op.get_bind())
    for table, name in COLUMNS:
        op.drop_column(table, name)

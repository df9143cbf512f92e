"""What bands of partners are owed on a day, worked out once for all workers, so that a day's rankings agree."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lifts_of_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("lifts", postgresql.JSONB, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("lifts_of_day")

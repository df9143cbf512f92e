"""Which needs of an opportunity a match takes in the team that covers it together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("match", sa.Column("team_needs", ARRAY(sa.Integer()), nullable=True))


def downgrade() -> None:
    op.drop_column("match", "team_needs")

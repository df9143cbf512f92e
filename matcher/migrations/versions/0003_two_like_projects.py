"""Two projects of the same title with the same partner on one day are two edges, each with its own introduction."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ["lead_id", "partner_id", "competency_key", "started_on", "summary"]
EVERY_ROW = "uq_collaboration_lead_id_partner_id_competency_key_star_3a6b"


def upgrade() -> None:
    op.drop_constraint(EVERY_ROW, "collaboration", type_="unique")
    op.create_index(
        "uq_collaboration_told", "collaboration", COLUMNS, unique=True, postgresql_where="introduction_id IS NULL"
    )


def downgrade() -> None:
    op.drop_index("uq_collaboration_told", "collaboration")
    op.create_unique_constraint(EVERY_ROW, "collaboration", COLUMNS)

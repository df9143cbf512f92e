"""Fewer foreign keys to check for each offer of a night: what another key finds already, and a match of its own page.

A letter goes with its contact and a contact with its partner; what hangs on the letter goes with all three.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DROPPED = (
    ("introduction", "match_id", "match", "SET NULL"),
    ("exposure", "partner_id", "partner", "CASCADE"),
    ("exposure", "contact_id", "contact", "CASCADE"),
    ("digest", "contact_id", "contact", "CASCADE"),
)


def upgrade() -> None:
    for table, column, _, _ in DROPPED:
        op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")


def downgrade() -> None:
    op.execute(
        "UPDATE introduction SET match_id = NULL WHERE match_id IS NOT NULL "
        "AND NOT EXISTS (SELECT FROM match WHERE match.id = introduction.match_id)"
    )
    for table, column, to, ondelete in DROPPED:
        op.create_foreign_key(f"fk_{table}_{column}", table, to, [column], ["id"], ondelete=ondelete)

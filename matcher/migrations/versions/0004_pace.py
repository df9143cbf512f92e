"""How fast letters go to one domain, and whose turn it is."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import beside_the_mail

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
OPEN = sa.text("state IN ('waiting', 'claimed')")


def upgrade() -> None:
    _swap(old="ix_letter_due", new="ix_letter_turn", columns=["next_try_at", "id"])
    op.create_table(
        "pace",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    _swap(old="ix_letter_turn", new="ix_letter_due", columns=["next_try_at"])
    op.drop_table("pace")


def _swap(*, old: str, new: str, columns: list[str]) -> None:
    """Change an index while letters are written and sent."""
    with beside_the_mail():
        op.create_index(new, "letter", columns, postgresql_where=OPEN, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index(old, "letter", postgresql_concurrently=True, if_exists=True)

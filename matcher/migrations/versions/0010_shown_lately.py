"""Indexes for when a firm was told of anything last, and for the newest rankings."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import beside_the_mail, drop_half_made

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES: dict[str, tuple[str, list[str], str | None]] = {
    "ix_exposure_partner_shown": ("exposure", ["partner_id", "shown_on"], None),
    "ix_opportunity_matched": ("opportunity", ["matched_at"], "state <> 'draft'"),
}
BEFORE = ("ix_exposure_partner_id", "exposure", ["partner_id"])  # the first of the new ones serves its queries too


def upgrade() -> None:
    with beside_the_mail() as connection:
        for name, (table, columns, where) in INDEXES.items():
            drop_half_made(connection, name)
            op.create_index(
                name, table, columns,
                postgresql_where=sa.text(where) if where else None,
                postgresql_concurrently=True, if_not_exists=True,
            )  # fmt: skip
        op.drop_index(BEFORE[0], BEFORE[1], postgresql_concurrently=True, if_exists=True)


def downgrade() -> None:
    with beside_the_mail() as connection:
        drop_half_made(connection, BEFORE[0])
        op.create_index(*BEFORE, postgresql_concurrently=True, if_not_exists=True)
        for name, (table, _, _) in INDEXES.items():
            op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)

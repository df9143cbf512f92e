"""Contacts by mail domain and by the end of a pause: a profile's ok and the steward's page walked over all of them."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import beside_the_mail, drop_half_made

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "contact"
DOMAIN, PAUSED = "ix_contact_domain", "ix_contact_paused"


def upgrade() -> None:
    with beside_the_mail() as connection:
        for name in (DOMAIN, PAUSED):
            drop_half_made(connection, name)
        by_domain = [sa.text("split_part(email, '@', 2)")]
        op.create_index(DOMAIN, TABLE, by_domain, postgresql_concurrently=True, if_not_exists=True)
        op.create_index(
            PAUSED,
            TABLE,
            ["paused_until"],
            postgresql_where=sa.text("paused_until IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with beside_the_mail():
        for name in (PAUSED, DOMAIN):
            op.drop_index(name, TABLE, postgresql_concurrently=True, if_exists=True)

"""The newest messages of a state by an index of their own: the steward's page walked over all that came in instead."""

from alembic import op

from matcher.migrations.patience import beside_the_mail, drop_half_made

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "inbound_message"
NOW = ("ix_inbound_message_newest", ["state", "id"])
BEFORE = ("ix_inbound_message_state", ["state"])


def upgrade() -> None:
    _swap(old=BEFORE, new=NOW)


def downgrade() -> None:
    _swap(old=NOW, new=BEFORE)


def _swap(*, old: tuple[str, list[str]], new: tuple[str, list[str]]) -> None:
    with beside_the_mail() as connection:
        drop_half_made(connection, new[0])
        op.create_index(new[0], TABLE, new[1], postgresql_concurrently=True, if_not_exists=True)
        op.drop_index(old[0], TABLE, postgresql_concurrently=True, if_exists=True)

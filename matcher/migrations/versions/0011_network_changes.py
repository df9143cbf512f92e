"""A row for each statement that changes partners of the network, so that a change is noticed without reading them all."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHERE = {
    "insert": ("REFERENCING NEW TABLE AS now", "SELECT FROM now WHERE state <> 'draft'"),
    "update": (
        "REFERENCING OLD TABLE AS before NEW TABLE AS now",
        "SELECT FROM now JOIN before USING (id) WHERE (now.state <> 'draft' OR before.state <> 'draft') AND "
        "(now.changed_at, now.read_at, now.state) IS DISTINCT FROM (before.changed_at, before.read_at, before.state)",
    ),
    "delete": ("REFERENCING OLD TABLE AS before", "SELECT FROM before WHERE state <> 'draft'"),
}


def upgrade() -> None:
    op.create_table(
        "network_change",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    for when, (tables, chosen) in WHERE.items():
        op.execute(
            f"CREATE FUNCTION note_partner_{when}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS ({chosen}) THEN INSERT INTO network_change DEFAULT VALUES; END IF; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER partner_{when}_noted AFTER {when.upper()} ON partner {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION note_partner_{when}()"
        )


def downgrade() -> None:
    for when in WHERE:
        op.execute(f"DROP TRIGGER partner_{when}_noted ON partner")
        op.execute(f"DROP FUNCTION note_partner_{when}()")
    op.drop_table("network_change")

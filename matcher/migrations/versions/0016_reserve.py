"""Who stands behind the matches of an opportunity, and a stage of the night in which some of them are explained."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from matcher.migrations.patience import be_brief

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STAGES = {
    "night": ("'match', 'write', 'done', 'given_up'", "'match', 'explain', 'write', 'done', 'given_up'"),
    "night_shard": ("'match', 'write'", "'match', 'explain', 'write'"),
}


def upgrade() -> None:
    be_brief(op.get_bind())
    op.create_table(
        "reserve",
        sa.Column("opportunity_id", sa.BigInteger, nullable=False),
        sa.Column("partner_ids", postgresql.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("scores", postgresql.ARRAY(sa.REAL), nullable=False),
        sa.PrimaryKeyConstraint("opportunity_id", name="pk_reserve"),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunity.id"], name="fk_reserve_opportunity_id", ondelete="CASCADE"
        ),
    )
    op.alter_column("allotment", "match_id", nullable=True)
    op.create_index(
        "ix_allotment_unexplained",
        "allotment",
        ["night_id", "opportunity_id"],
        postgresql_where=sa.text("match_id IS NULL"),
    )
    _allow(1)


def downgrade() -> None:
    """Nights that explain are given up: another begins where they stopped."""
    op.execute("DELETE FROM night WHERE stage = 'explain'")
    op.execute("DELETE FROM night_shard WHERE stage = 'explain'")
    op.execute("DELETE FROM allotment WHERE match_id IS NULL")
    _allow(0)
    op.drop_index("ix_allotment_unexplained", "allotment")
    op.alter_column("allotment", "match_id", nullable=False)
    op.drop_table("reserve")


def _allow(which: int) -> None:
    for table, stages in STAGES.items():
        op.drop_constraint(op.f(f"ck_{table}_stage"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_stage"), table, f"stage IN ({stages[which]})")

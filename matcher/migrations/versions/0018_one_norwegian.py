"""Firms and people that speak Norwegian by one code: the form wrote `nb` where postings ask for `no`."""

from alembic import op

from matcher.migrations.patience import be_brief

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    be_brief(op.get_bind())
    for table in ("partner", "bench_person"):
        others = "array_remove(array_remove(array_remove(languages, 'nb'), 'nn'), 'no')"
        op.execute(f"UPDATE {table} SET languages = array_append({others}, 'no') WHERE languages && '{{nb,nn}}'")


def downgrade() -> None:
    """Both codes stand for the same language before, too."""

"""The queue's own tables, as the installed version of Procrastinate defines them."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REMOVE = r"""
DO $$
DECLARE each record;
BEGIN
    DROP TABLE IF EXISTS procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
        procrastinate_workers CASCADE;
    FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\_%' LOOP
        EXECUTE 'DROP FUNCTION IF EXISTS ' || each.name || ' CASCADE';
    END LOOP;
    FOR each IN SELECT oid::regtype AS name FROM pg_type
        WHERE typname LIKE 'procrastinate\_%' AND typtype IN ('e', 'c') LOOP
        EXECUTE 'DROP TYPE IF EXISTS ' || each.name || ' CASCADE';
    END LOOP;
END $$;
"""


def upgrade() -> None:
    _run(SchemaManager.get_schema())


def downgrade() -> None:
    _run(REMOVE)


def _run(script: str) -> None:
    # The script has percent signs and several statements: only the driver, without parameters, takes it as it is.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(script)

"""A change of the network says whose it is, so that only those partners are read anew."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import beside_the_mail, drop_half_made

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# A column with a default that differs from row to row would be written into each row that there is: the default comes
# by itself. What was noted before is older than any snapshot that asks.
COLUMNS = {"transaction": "bigint", "partner_ids": "bigint[]", "model": "text"}
INDEXES: dict[str, tuple[str, list[str], str | None]] = {
    "ix_network_change_transaction": ("network_change", ["transaction"], None),
    "ix_partner_refusing": ("partner", ["id"], "conflict_keys <> '{}'"),
}
MOST = 2000  # partners; of a statement that changes more, only that it does is kept
TABLES = {
    "insert": "NEW TABLE AS now",
    "delete": "OLD TABLE AS before",
    "update": "OLD TABLE AS before NEW TABLE AS now",
}
EACH = {"insert": ("now",), "delete": ("before",), "update": ("before", "now")}
OWNERS = {"bench_person": "partner_id", "badge": "partner_id", "capability": "partner_id", "collaboration": ""}
PARTNERS = {
    "insert": "SELECT id FROM now WHERE state <> 'draft'",
    "update": "SELECT now.id FROM now JOIN before USING (id) WHERE (now.state <> 'draft' OR before.state <> 'draft') "
    "AND (now.changed_at, now.read_at, now.state) IS DISTINCT FROM (before.changed_at, before.read_at, before.state)",
    "delete": "SELECT id FROM before WHERE state <> 'draft'",
}
# A text that gets its vector is changed for all who have it; needs have vectors too, which are not the network's.
EMBEDDED = "SELECT c.partner_id AS id FROM now JOIN capability c ON c.text_hash = now.text_hash"
BEFORE = "IF EXISTS ({}) THEN INSERT INTO network_change DEFAULT VALUES; END IF;"


def _noted(chosen: str, *, columns: str = "", values: str = "") -> str:
    return (
        f"DECLARE ids bigint[]; BEGIN ids := ARRAY(SELECT DISTINCT id FROM ({chosen}) found LIMIT {MOST + 1}); "
        "IF cardinality(ids) > 0 THEN "
        f"INSERT INTO network_change (partner_ids{columns}) "
        f"VALUES (CASE WHEN cardinality(ids) <= {MOST} THEN ids END{values}); "
        "END IF; RETURN NULL; END"
    )


def _owners(table: str, when: str) -> str:
    columns = [OWNERS[table]] if OWNERS[table] else ["lead_id", "partner_id"]
    return " UNION ALL ".join(f"SELECT {column} AS id FROM {each}" for each in EACH[when] for column in columns)


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")


def _trigger(table: str, when: str, body: str) -> None:
    _function(f"note_{table}_{when}", body)
    op.execute(
        f"CREATE OR REPLACE TRIGGER {table}_{when}_noted AFTER {when.upper()} ON {table} REFERENCING {TABLES[when]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION note_{table}_{when}()"
    )


def _triggers() -> list[tuple[str, str, str]]:
    found = [(table, when, _noted(_owners(table, when))) for table in OWNERS for when in TABLES]
    model = "(SELECT CASE WHEN min(model) = max(model) THEN min(model) END FROM now)"
    found.append(("embedding", "insert", _noted(EMBEDDED, columns=", model", values=f", {model}")))
    for when in TABLES:  # what a competency is evidence of may change how anybody is ranked
        body = f"BEGIN IF EXISTS (SELECT FROM {EACH[when][0]}) THEN INSERT INTO network_change DEFAULT VALUES; END IF; "
        found.append(("competency", when, body + "RETURN NULL; END"))
    return found


def upgrade() -> None:
    """Add the columns and triggers, each statement by itself, so that none keeps a table while it waits for the next.

    Broken off between two of them, it can be run again.
    """
    with op.get_context().autocommit_block():
        for column, kind in COLUMNS.items():
            op.execute(f"ALTER TABLE network_change ADD COLUMN IF NOT EXISTS {column} {kind}")
        op.execute("ALTER TABLE network_change ALTER COLUMN transaction SET DEFAULT pg_current_xact_id()::text::bigint")
        for when, chosen in PARTNERS.items():
            _function(f"note_partner_{when}", _noted(chosen))
        for table, when, body in _triggers():
            _trigger(table, when, body)
    with beside_the_mail() as connection:
        for name, (table, columns, where) in INDEXES.items():
            drop_half_made(connection, name)
            op.create_index(
                name, table, columns,
                postgresql_where=sa.text(where) if where else None,
                postgresql_concurrently=True, if_not_exists=True,
            )  # fmt: skip


def downgrade() -> None:
    for table, when, _ in _triggers():
        op.execute(f"DROP TRIGGER {table}_{when}_noted ON {table}")
        op.execute(f"DROP FUNCTION note_{table}_{when}()")
    for when, chosen in PARTNERS.items():
        _function(f"note_partner_{when}", f"BEGIN {BEFORE.format(chosen)} RETURN NULL; END")
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
    for column in COLUMNS:
        op.drop_column("network_change", column)

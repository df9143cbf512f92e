"""What hangs on a letter goes with it by one statement, in place of a key that is checked for each offer of a night.

Digests and exposures are written in the transaction of their letter and of an introduction, whose keys hold what they
name; a partner is held by its contact. Two indexes go that nothing asks: what an introduction was made from is found
by its opportunity and partner.
"""

from alembic import op

from matcher.migrations.patience import be_brief, beside_the_mail, drop_half_made

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEYS = (
    ("introduction", "partner_id", "partner"),
    ("exposure", "opportunity_id", "opportunity"),
    ("exposure", "letter_id", "letter"),
    ("digest", "letter_id", "letter"),
)
TAKES = {"letter": ("digest", "exposure"), "opportunity": ("exposure",)}
INDEXES = (("introduction", "match_id"), ("exposure", "contact_id"))
# To drop a key locks its table and then the one that it names, which whoever writes a letter locks the other way round.
# We step back and come again before the database finds the two in a ring, after a second, and breaks the letter off.
LOCK_S = 0.8


def upgrade() -> None:
    """Let triggers stand before the keys go, each statement by itself; broken off, it can be run again."""
    with op.get_context().autocommit_block():
        be_brief(op.get_bind(), lock_s=LOCK_S)
        for table, hanging in TAKES.items():
            gone = "".join(f"DELETE FROM {each} USING gone WHERE {each}.{table}_id = gone.id; " for each in hanging)
            op.execute(
                f"CREATE OR REPLACE FUNCTION take_along_of_{table}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {gone}RETURN NULL; END $$"
            )
            op.execute(
                f"CREATE OR REPLACE TRIGGER {table}_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone "
                f"FOR EACH STATEMENT EXECUTE FUNCTION take_along_of_{table}()"
            )
        for table, column, _ in KEYS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS fk_{table}_{column}")
        be_brief(op.get_bind())
    with beside_the_mail():
        for table, column in INDEXES:
            op.drop_index(f"ix_{table}_{column}", table, postgresql_concurrently=True, if_exists=True)


def downgrade() -> None:
    with beside_the_mail() as connection:
        for table, column in INDEXES:
            drop_half_made(connection, f"ix_{table}_{column}")
            op.create_index(f"ix_{table}_{column}", table, [column], postgresql_concurrently=True, if_not_exists=True)
    for table, column, to in KEYS:
        op.create_foreign_key(f"fk_{table}_{column}", table, to, [column], ["id"], ondelete="CASCADE")
    for table in TAKES:
        op.execute(f"DROP TRIGGER {table}_gone ON {table}")
        op.execute(f"DROP FUNCTION take_along_of_{table}()")

"""Indexes for what the pages and the sweeps ask, and for what deleting a row must look up."""

import sqlalchemy as sa
from alembic import op

from matcher.migrations.patience import beside_the_mail, drop_half_made

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES: dict[str, tuple[str, list[str], str | None]] = {
    "ix_partner_live": ("partner", ["country"], "state = 'live'"),
    "ix_partner_known": ("partner", ["changed_at"], "state <> 'draft'"),
    "ix_partner_unread": ("partner", ["id"], "read_at IS NULL OR read_at < changed_at"),
    "ix_partner_key_start": ("partner", ["key"], None),
    "ix_collaboration_lead_id": ("collaboration", ["lead_id"], None),
    "ix_opportunity_contact_id": ("opportunity", ["contact_id"], None),
    "ix_opportunity_unmatched": ("opportunity", ["id"], "matched_at IS NULL AND state IN ('draft', 'open')"),
    "ix_opportunity_open": ("opportunity", ["closes_on"], "state = 'open'"),
    "ix_introduction_contact_id": ("introduction", ["contact_id"], None),
    "ix_introduction_match_id": ("introduction", ["match_id"], None),
    "ix_introduction_put_off": ("introduction", ["remind_on"], "state = 'asked' AND remind_on IS NOT NULL"),
    "ix_introduction_untold": ("introduction", ["opportunity_id"], "state = 'accepted' AND told_at IS NULL"),
    "ix_introduction_met": ("introduction", ["introduced_at"], "state = 'introduced'"),
    "ix_outcome_contact_id": ("outcome", ["contact_id"], None),
    "ix_digest_letter_id": ("digest", ["letter_id"], None),
    "ix_exposure_contact_id": ("exposure", ["contact_id"], None),
    "ix_exposure_letter_id": ("exposure", ["letter_id"], None),
    "ix_inbound_message_kept": ("inbound_message", ["received_at"], "raw <> ''::bytea AND state <> 'new'"),
}
STARTS = {"key": "text_pattern_ops"}  # lets LIKE 'start%' use the index whatever the database's collation


def upgrade() -> None:
    with beside_the_mail() as connection:
        for name, (table, columns, where) in INDEXES.items():
            drop_half_made(connection, name)
            op.create_index(
                name, table, columns,
                postgresql_where=sa.text(where) if where else None,
                postgresql_ops=STARTS if name.endswith("_start") else {},
                postgresql_concurrently=True, if_not_exists=True,
            )  # fmt: skip


def downgrade() -> None:
    with beside_the_mail():
        for name, (table, _, _) in INDEXES.items():
            op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)

"""The message log and the channels' health find what they show by index; hours of divisions.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ramah.store.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TROUBLED = sa.text("status IN ('failed', 'uncertain', 'unproved')")
FAILED = sa.text("status = 'failed'")
INDEXES = (
    ("ix_outbound_account", "outbound", ("channel_account_id", "organisation_id", "created_at"), None),
    ("ix_outbound_troubled", "outbound", ("organisation_id", "created_at"), TROUBLED),
    ("ix_inbound_account", "inbound", ("channel_account_id", "organisation_id", "received_at"), None),
    ("ix_inbound_failed", "inbound", ("organisation_id", "received_at"), FAILED),
)


def upgrade() -> None:
    """Make the indexes, the column and the table."""
    op.add_column("channel_accounts", sa.Column("link_since", UtcDateTime(), nullable=True))
    op.add_column("divisions", sa.Column("hours", sa.JSON(), nullable=True))
    op.create_table(
        "webhook_refusals",
        sa.Column("channel_account_id", sa.String(36), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"],
            ["channel_accounts.id"],
            name=op.f("fk_webhook_refusals_channel_account_id_channel_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhook_refusals_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("channel_account_id", "hour", name=op.f("pk_webhook_refusals")),
    )
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take them away."""
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("webhook_refusals")
    op.drop_column("divisions", "hours")
    op.drop_column("channel_accounts", "link_since")

"""Every turn has a trace, which is kept for a while.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ramah.store.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages know their trace; turns that are kept have a row. What is older has none."""
    op.add_column("inbound", sa.Column("trace_id", sa.String(32), nullable=True))
    op.add_column("inbound", sa.Column("arrival", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.create_table(
        "turn_traces",
        sa.Column("inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("explained", sa.JSON(), nullable=False),
        sa.Column("exports", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_turn_traces_inbound_id_inbound"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_turn_traces_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_turn_traces")),
    )
    op.create_index("ix_turn_traces_trace", "turn_traces", ["trace_id"])
    op.create_index("ix_turn_traces_age", "turn_traces", ["started_at"])
    op.create_index(
        "ix_turn_traces_export",
        "turn_traces",
        ["started_at"],
        sqlite_where=sa.text("exports = 1"),
        postgresql_where=sa.text("exports = true"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("turn_traces")
    op.drop_column("inbound", "arrival")
    op.drop_column("inbound", "trace_id")

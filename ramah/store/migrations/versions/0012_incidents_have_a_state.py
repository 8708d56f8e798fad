"""Incidents have a state, know the release and the conversations they touched.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ramah.store.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is known already counts as seen, so that nobody is stormed with old ones."""
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(10), nullable=False, server_default=sa.text("'seen'")))
        batch_op.add_column(sa.Column("untold", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch_op.add_column(sa.Column("release", sa.String(40), nullable=False, server_default=sa.text("''")))
        batch_op.create_index(
            "ix_incidents_untold",
            ["last_at"],
            sqlite_where=sa.text("untold = 1"),
            postgresql_where=sa.text("untold = true"),
        )
    op.create_table(
        "incident_conversations",
        sa.Column("incident_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_conversations_incident_id_incidents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_incident_conversations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("incident_id", "conversation_id", name=op.f("pk_incident_conversations")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("incident_conversations")
    with op.batch_alter_table("incidents") as batch_op:
        batch_op.drop_index("ix_incidents_untold")
        for column in ("release", "untold", "state"):
            batch_op.drop_column(column)

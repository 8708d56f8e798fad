"""Searches and the list of those whom a person has find their rows by index.

The indexes of words are made after each migration (ramah.store.trigram_index); here they only go away again.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ramah.store import trigram_index

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
HELD = sa.text("handled_by = 'human'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_conversations_human",
        "conversations",
        ["organisation_id", "last_activity_at", "id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    """Take it away, and those of words."""
    for table in ("contacts", "conversations"):
        trigram_index.drop(op.get_bind(), table)
    op.drop_index("ix_conversations_human", table_name="conversations")

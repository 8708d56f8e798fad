"""No index of the organisation alone: every message paid for several, and PostgreSQL chose them over better ones.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop them all; who looks by organisation has an index that begins with it."""
    for table, index in _of_the_organisation(present=True):
        op.drop_index(index, table_name=table)


def downgrade() -> None:
    """Put them back."""
    for table, index in _of_the_organisation(present=False):
        op.create_index(index, table, ["organisation_id"])


def _of_the_organisation(*, present: bool) -> list[tuple[str, str]]:
    """Table and index for each tenant table that has the index, or lacks it."""
    inspector = sa.inspect(op.get_bind())
    found = []
    for table in inspector.get_table_names():
        if any(column["name"] == "organisation_id" for column in inspector.get_columns(table)):
            index = f"ix_{table}_organisation_id"
            if any(one["name"] == index for one in inspector.get_indexes(table)) is present:
                found.append((table, index))
    return found

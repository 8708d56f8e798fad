"""what staff chose for themselves

Revision: 0009
Follows: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_preferences",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("desktop", sa.Boolean(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("mention", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_staff_preferences_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_preferences_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_preferences")),
    )
    with op.batch_alter_table("staff_preferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_preferences_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("staff_preferences")

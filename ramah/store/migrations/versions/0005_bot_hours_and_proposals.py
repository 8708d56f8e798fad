"""bot hours and proposals

Revision: 0005
Follows: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hours",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_kind", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("tells", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("needs_human", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("messages", sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_hours_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours")),
        sa.UniqueConstraint(
            "organisation_id", "owner_kind", "owner_id", name=op.f("uq_hours_organisation_id_owner_kind_owner_id")
        ),
    )

    op.create_table(
        "hours_special_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("windows", sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["hours.id"], name=op.f("fk_hours_special_days_hours_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hours_special_days_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_special_days")),
        sa.UniqueConstraint("hours_id", "day", name=op.f("uq_hours_special_days_hours_id_day")),
    )
    with op.batch_alter_table("hours_special_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_special_days_hours_id"), ["hours_id"], unique=False)

    op.create_table(
        "hours_windows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hours_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["hours_id"], ["hours.id"], name=op.f("fk_hours_windows_hours_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hours_windows_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_windows")),
    )
    with op.batch_alter_table("hours_windows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hours_windows_hours_id"), ["hours_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("after_position", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("contents", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_proposals_conversation_id")),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_proposals_inbound_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_proposals_organisation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_proposals_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("conversation_id", "inbound_id", name=op.f("uq_proposals_conversation_id_inbound_id")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proposals_open",
            ["conversation_id"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bot_hours", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_outside_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unheard", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch_op.create_index(
            "ix_conversations_proposed",
            ["organisation_id", "proposed_at"],
            unique=False,
            sqlite_where=sa.text("proposed_at IS NOT NULL"),
            postgresql_where=sa.text("proposed_at IS NOT NULL"),
        )

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bot_mode", sa.String(length=10), server_default="answers", nullable=False))
        batch_op.add_column(sa.Column("bot_hours", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("bot_hours")
        batch_op.drop_column("bot_mode")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conversations_proposed",
            sqlite_where=sa.text("proposed_at IS NOT NULL"),
            postgresql_where=sa.text("proposed_at IS NOT NULL"),
        )
        batch_op.drop_column("unheard")
        batch_op.drop_column("proposed_at")
        batch_op.drop_column("told_outside_at")

    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.drop_column("bot_hours")

    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_proposals_open", sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'")
        )

    op.drop_table("proposals")
    with op.batch_alter_table("hours_windows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hours_windows_hours_id"))

    op.drop_table("hours_windows")
    with op.batch_alter_table("hours_special_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hours_special_days_hours_id"))

    op.drop_table("hours_special_days")

    op.drop_table("hours")

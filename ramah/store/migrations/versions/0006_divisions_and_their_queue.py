"""divisions and their queue

Revision: 0006
Follows: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "divisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("keyword_triggers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("avg_handling_time_minutes", sa.Integer(), nullable=True),
        sa.Column("show_wait_time", sa.Boolean(), nullable=False),
        sa.Column("auto_detect_keywords", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_divisions_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_divisions")),
    )
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.create_index("ix_divisions_menu", ["organisation_id", "position"], unique=False)

    op.create_table(
        "queue_settings",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("texts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("check_queue_keyword", sa.String(length=10), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("idle_after", sa.Integer(), nullable=False),
        sa.Column("reassign_after", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_queue_settings_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_queue_settings")),
    )
    op.create_table(
        "division_agents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("division_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"], ["divisions.id"], name=op.f("fk_division_agents_division_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_division_agents_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_division_agents_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_agents")),
        sa.UniqueConstraint("division_id", "staff_id", name=op.f("uq_division_agents_division_id_staff_id")),
    )
    with op.batch_alter_table("division_agents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_division_agents_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_presence",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("last_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_staff_presence_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_presence_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_presence")),
    )

    op.create_table(
        "chat_queues",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("division_id", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("offered", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place_at_start", sa.Integer(), nullable=True),
        sa.Column("promised_from", sa.Integer(), nullable=True),
        sa.Column("promised_to", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("told_place", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_chat_queues_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_chat_queues_organisation_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_chat_queues_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_queues")),
    )
    with op.batch_alter_table("chat_queues", schema=None) as batch_op:
        batch_op.create_index("ix_chat_queues_recent", ["organisation_id", "division_id", "assigned_at"], unique=False)
        batch_op.create_index("ix_chat_queues_staff", ["staff_id", "status"], unique=False)
        batch_op.create_index(
            "uq_chat_queues_conversation",
            ["conversation_id"],
            unique=True,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("division_id", sa.String(length=36), nullable=True))
        batch_op.add_column(
            sa.Column("awaiting_division_selection", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch_op.create_index(
            "ix_conversations_division",
            ["organisation_id", "division_id", "queue_rank", "queued_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )

    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_mode", sa.String(length=10), server_default="off", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_column("queue_mode")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conversations_division",
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )
        batch_op.drop_column("awaiting_division_selection")
        batch_op.drop_column("division_id")

    with op.batch_alter_table("chat_queues", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_chat_queues_conversation",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_chat_queues_staff")
        batch_op.drop_index("ix_chat_queues_recent")

    op.drop_table("chat_queues")

    op.drop_table("staff_presence")
    with op.batch_alter_table("division_agents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_division_agents_staff_id"))

    op.drop_table("division_agents")
    op.drop_table("queue_settings")
    with op.batch_alter_table("divisions", schema=None) as batch_op:
        batch_op.drop_index("ix_divisions_menu")

    op.drop_table("divisions")

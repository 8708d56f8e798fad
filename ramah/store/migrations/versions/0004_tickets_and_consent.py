"""tickets and consent

Revision: 0004
Follows: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_consent_records_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_consent_records_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_records")),
        sa.UniqueConstraint("contact_id", "evidence", name=op.f("uq_consent_records_contact_id_evidence")),
    )
    with op.batch_alter_table("consent_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_records_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_records_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "ticket_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("send_key", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ticket_entries_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ticket_entries_staff_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_entries_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_entries")),
        sa.UniqueConstraint("ticket_id", "send_key", name=op.f("uq_ticket_entries_ticket_id_send_key")),
    )
    with op.batch_alter_table("ticket_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_entries_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_entries_ticket_id"), ["ticket_id"], unique=False)

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("queue_rank", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch_op.drop_index(batch_op.f("ix_conversations_queued"), sqlite_where=sa.text("handled_by = 'queue'"))
        batch_op.create_index(
            "ix_conversations_queued",
            ["organisation_id", "queue_rank", "queued_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )

    with op.batch_alter_table("payment_proofs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("likeness", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("fingerprint", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("alike_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_payment_proofs_likeness", ["organisation_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_payment_proofs_uncompared",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("compared_at IS NULL"),
            postgresql_where=sa.text("compared_at IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_payment_proofs_alike_id"), "payment_proofs", ["alike_id"], ["id"])

    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("facts", sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False)
        )
        batch_op.add_column(sa.Column("assigned_to", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_tickets_assigned_to"), "staff", ["assigned_to"], ["id"])

    _fill_what_stands()


def _fill_what_stands() -> None:
    """Who waits keeps the place they have, urgent tickets count from now on, old slips are compared with nothing."""
    op.execute("UPDATE conversations SET queued_at = last_activity_at")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.alter_column("queued_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.execute(
        "UPDATE conversations SET queue_rank = 0 WHERE EXISTS (SELECT 1 FROM tickets WHERE tickets.conversation_id = "
        "conversations.id AND tickets.priority = 'urgent' AND tickets.status <> 'solved')"
    )
    op.execute("UPDATE payment_proofs SET compared_at = created_at")


def downgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tickets_assigned_to"), type_="foreignkey")
        batch_op.drop_column("assigned_to")
        batch_op.drop_column("facts")

    with op.batch_alter_table("payment_proofs", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_payment_proofs_alike_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_payment_proofs_uncompared",
            sqlite_where=sa.text("compared_at IS NULL"),
            postgresql_where=sa.text("compared_at IS NULL"),
        )
        batch_op.drop_index("ix_payment_proofs_likeness")
        batch_op.drop_column("compared_at")
        batch_op.drop_column("alike_id")
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("likeness")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conversations_queued",
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )
        batch_op.create_index(
            batch_op.f("ix_conversations_queued"),
            ["organisation_id", "last_activity_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )
        batch_op.drop_column("queue_rank")
        batch_op.drop_column("queued_at")

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("opted_out_at")

    with op.batch_alter_table("ticket_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_entries_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_entries_organisation_id"))

    op.drop_table("ticket_entries")
    with op.batch_alter_table("consent_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_records_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_consent_records_contact_id"))

    op.drop_table("consent_records")

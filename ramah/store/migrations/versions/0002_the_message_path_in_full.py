"""the message path in full

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("link_url", sa.String(length=300), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_alerts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_alerts_open",
            ["organisation_id", "kind", "subject"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "ledger_days",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("missing", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_ledger_days_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_days")),
        sa.UniqueConstraint("organisation_id", "day", name=op.f("uq_ledger_days_organisation_id_day")),
    )
    with op.batch_alter_table("ledger_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_days_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "live_sequences",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_live_sequences_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_live_sequences")),
    )
    op.create_table(
        "rate_buckets",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_rate_buckets_organisation_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_buckets")),
    )
    with op.batch_alter_table("rate_buckets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_buckets_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "envelope_tallies",
        sa.Column("channel_account_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"], ["channel_accounts.id"], name=op.f("fk_envelope_tallies_channel_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_envelope_tallies_organisation_id")
        ),
        sa.PrimaryKeyConstraint("channel_account_id", "day", "shard", name=op.f("pk_envelope_tallies")),
    )
    with op.batch_alter_table("envelope_tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_envelope_tallies_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "envelopes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel_account_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("headers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("error_text", sa.String(length=400), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"], ["channel_accounts.id"], name=op.f("fk_envelopes_channel_account_id")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_envelopes_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelopes")),
        sa.UniqueConstraint("channel_account_id", "digest", name=op.f("uq_envelopes_channel_account_id_digest")),
    )
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.create_index("ix_envelopes_day", ["organisation_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelopes_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "ix_envelopes_stuck",
            ["channel_account_id", "received_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_index(
            "ix_envelopes_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "media_files",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel_account_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("inbound_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("remote", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_type", sa.String(length=120), nullable=True),
        sa.Column("mime_type", sa.String(length=120), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("storage_key", sa.String(length=200), nullable=True),
        sa.Column("thumbnail_key", sa.String(length=200), nullable=True),
        sa.Column("error_text", sa.String(length=400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_account_id"], ["channel_accounts.id"], name=op.f("fk_media_files_channel_account_id")
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_media_files_conversation_id")),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_media_files_inbound_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_media_files_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
    )
    with op.batch_alter_table("media_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_files_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_files_inbound_id"), ["inbound_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_files_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_files_sha256"), ["sha256"], unique=False)
        batch_op.create_index("ix_media_files_waiting", ["status", "next_try_at"], unique=False)

    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(none_as_null=True), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("fallback_url", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("cursor", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("link", sa.String(length=20), nullable=False, server_default="unknown"))
        batch_op.add_column(sa.Column("link_detail", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("linked_phone", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("qr_code", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("qr_expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proved_by", sa.String(length=20), nullable=True))
        batch_op.add_column(
            sa.Column(
                "check_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
            )
        )
        batch_op.add_column(sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("burst_began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_conversations_channel_account_id"))
        batch_op.create_index(
            "ix_conversations_closed",
            ["organisation_id", "last_activity_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'closed'"),
            postgresql_where=sa.text("handled_by = 'closed'"),
        )
        batch_op.create_index(
            "ix_conversations_held",
            ["staff_id", "last_activity_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'human'"),
            postgresql_where=sa.text("handled_by = 'human'"),
        )
        batch_op.create_index(
            "ix_conversations_queued",
            ["organisation_id", "last_activity_at"],
            unique=False,
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )
        batch_op.create_index("ix_conversations_recipient", ["channel_account_id", "recipient"], unique=False)

    # On SQLite: a number of a message that was removed is never given again. What the message left behind (files, what
    # was understood) would else belong to another one, and the ledger would not see that it is gone.
    never_again = {"sqlite_autoincrement": True}
    with op.batch_alter_table("inbound", schema=None, table_kwargs=never_again) as batch_op:
        batch_op.add_column(sa.Column("envelope_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("joined_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("media", sa.JSON(none_as_null=True), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("place", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("edit_of", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("automatic", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index(batch_op.f("ix_inbound_waiting"))
        batch_op.create_index(
            "ix_inbound_waiting",
            ["received_at", "next_try_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_index("ix_inbound_day", ["organisation_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbound_envelope_id"), ["envelope_id"], unique=False)
        batch_op.create_index(
            "ix_inbound_lane",
            ["conversation_id", "position"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_inbound_envelope_id"), "envelopes", ["envelope_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_inbound_joined_to"), "inbound", ["joined_to"], ["id"])

    # Events of before have no number, and no page is open while a migration runs.
    op.execute("DELETE FROM live_events")
    with op.batch_alter_table("live_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.BigInteger(), nullable=False))
        batch_op.drop_index(batch_op.f("ix_live_events_conversation_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_live_events_organisation_id_sequence"), ["organisation_id", "sequence"]
        )

    with op.batch_alter_table("outbound", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_outbound_provider"))
        batch_op.create_index(
            "ix_outbound_provider", ["channel_account_id", "provider_id", "organisation_id"], unique=False
        )
        batch_op.create_index("ix_outbound_day", ["organisation_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_outbound_next",
            ["priority", "next_try_at", "created_at"],
            unique=False,
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )
        batch_op.create_index(
            "ix_outbound_unsettled",
            ["conversation_id", "position"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
        )

    with op.batch_alter_table("send_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_send_attempts_day", ["organisation_id", "started_at"], unique=False)

    with op.batch_alter_table("thread_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_notes_conversation_id"))
        batch_op.create_index("ix_thread_notes_thread", ["conversation_id", "position"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("thread_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_thread_notes_thread")
        batch_op.create_index(batch_op.f("ix_thread_notes_conversation_id"), ["conversation_id"], unique=False)

    with op.batch_alter_table("send_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_send_attempts_day")

    with op.batch_alter_table("outbound", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbound_unsettled",
            sqlite_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
            postgresql_where=sa.text("status IN ('queued', 'sending', 'uncertain')"),
        )
        batch_op.drop_index(
            "ix_outbound_next", sqlite_where=sa.text("status = 'queued'"), postgresql_where=sa.text("status = 'queued'")
        )
        batch_op.drop_index("ix_outbound_day")
        batch_op.drop_index("ix_outbound_provider")
        batch_op.create_index(batch_op.f("ix_outbound_provider"), ["channel_account_id", "provider_id"], unique=False)
        batch_op.drop_column("expires_at")
        batch_op.drop_column("priority")

    with op.batch_alter_table("live_events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_live_events_organisation_id_sequence"), type_="unique")
        batch_op.create_index(batch_op.f("ix_live_events_conversation_id"), ["conversation_id"], unique=False)
        batch_op.drop_column("sequence")

    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_inbound_joined_to"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inbound_envelope_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_inbound_lane",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_inbound_envelope_id"))
        batch_op.drop_index("ix_inbound_day")
        batch_op.drop_index(
            "ix_inbound_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_inbound_waiting"), ["status", "next_try_at"], unique=False)
        batch_op.drop_column("automatic")
        batch_op.drop_column("edit_of")
        batch_op.drop_column("place")
        batch_op.drop_column("media")
        batch_op.drop_column("joined_to")
        batch_op.drop_column("envelope_id")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_recipient")
        batch_op.drop_index(
            "ix_conversations_queued",
            sqlite_where=sa.text("handled_by = 'queue'"),
            postgresql_where=sa.text("handled_by = 'queue'"),
        )
        batch_op.drop_index(
            "ix_conversations_held",
            sqlite_where=sa.text("handled_by = 'human'"),
            postgresql_where=sa.text("handled_by = 'human'"),
        )
        batch_op.drop_index(
            "ix_conversations_closed",
            sqlite_where=sa.text("handled_by = 'closed'"),
            postgresql_where=sa.text("handled_by = 'closed'"),
        )
        batch_op.create_index(batch_op.f("ix_conversations_channel_account_id"), ["channel_account_id"], unique=False)
        batch_op.drop_column("burst_began_at")
        batch_op.drop_column("quiet_until")
        batch_op.drop_column("fence")

    with op.batch_alter_table("channel_accounts", schema=None) as batch_op:
        batch_op.drop_column("trouble_since")
        batch_op.drop_column("check_at")
        batch_op.drop_column("proved_by")
        batch_op.drop_column("proved_at")
        batch_op.drop_column("qr_expires_at")
        batch_op.drop_column("qr_code")
        batch_op.drop_column("linked_phone")
        batch_op.drop_column("link_detail")
        batch_op.drop_column("link")
        batch_op.drop_column("paused_until")
        batch_op.drop_column("cursor")
        batch_op.drop_column("fallback_url")
        batch_op.drop_column("options")

    with op.batch_alter_table("media_files", schema=None) as batch_op:
        batch_op.drop_index("ix_media_files_waiting")
        batch_op.drop_index(batch_op.f("ix_media_files_sha256"))
        batch_op.drop_index(batch_op.f("ix_media_files_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_media_files_inbound_id"))
        batch_op.drop_index(batch_op.f("ix_media_files_conversation_id"))

    op.drop_table("media_files")
    with op.batch_alter_table("envelopes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_envelopes_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_envelopes_stuck",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_envelopes_organisation_id"))
        batch_op.drop_index("ix_envelopes_day")

    op.drop_table("envelopes")
    with op.batch_alter_table("envelope_tallies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_tallies_organisation_id"))

    op.drop_table("envelope_tallies")
    with op.batch_alter_table("rate_buckets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_buckets_organisation_id"))

    op.drop_table("rate_buckets")
    op.drop_table("live_sequences")
    with op.batch_alter_table("ledger_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_days_organisation_id"))

    op.drop_table("ledger_days")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_alerts_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_alerts_organisation_id"))

    op.drop_table("alerts")

"""One person, one contact: merging, imports, blocking, and which alerts somebody wants.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from ramah.store.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
OPEN = "handled_by != 'closed'"
WAITING = "status = 'waiting'"


def upgrade() -> None:
    """Add the tables; an open conversation is one of an account, a contact and an address now."""
    op.add_column("contacts", sa.Column("blocked_at", UtcDateTime(), nullable=True))
    _open_conversations("channel_account_id", "contact_id", "recipient")
    _merges()
    _distinct()
    _imports()
    _rejected()
    op.create_table(
        "alert_choices",
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("console", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *_keys("alert_choices", "staff_id", "kind", cascade=("staff_id",)),
    )


def _open_conversations(*columns: str) -> None:
    op.drop_index("uq_conversations_open", "conversations")
    op.create_index(
        "uq_conversations_open",
        "conversations",
        list(columns),
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def _keys(table: str, *primary: str, cascade: tuple[str, ...] = (), staff: bool = False) -> list[SchemaItem]:
    """The organisation's column, the foreign keys and the primary key."""
    targets = {"staff_id": "staff", "import_id": "contact_imports"}
    items: list[SchemaItem] = [sa.Column("organisation_id", sa.String(36), nullable=False)]
    for column in cascade:
        target = targets.get(column, "contacts")
        name = op.f(f"fk_{table}_{column}_{target}")
        items.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE"))
    if staff:
        items.append(sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id_staff")))
    owner = op.f(f"fk_{table}_organisation_id_organisations")
    items.append(sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=owner))
    items.append(sa.PrimaryKeyConstraint(*primary, name=op.f(f"pk_{table}")))
    return items


def _merges() -> None:
    op.create_table(
        "contact_merges",
        sa.Column("gone_id", sa.String(36), nullable=False),
        sa.Column("survivor_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *_keys("contact_merges", "gone_id", cascade=("survivor_id",), staff=True),
    )
    op.create_index(op.f("ix_contact_merges_survivor_id"), "contact_merges", ["survivor_id"])


def _distinct() -> None:
    op.create_table(
        "distinct_contacts",
        sa.Column("first_id", sa.String(36), nullable=False),
        sa.Column("second_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        *_keys("distinct_contacts", "first_id", "second_id", cascade=("first_id", "second_id"), staff=True),
    )
    op.create_index(op.f("ix_distinct_contacts_second_id"), "distinct_contacts", ["second_id"])


def _imports() -> None:
    counts = [sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "added", "changed")]
    op.create_table(
        "contact_imports",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(36), nullable=False),
        sa.Column("filename", sa.String(140), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("existing", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        *counts,
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(60), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *_keys("contact_imports", "id", staff=True),
    )
    where = sa.text(WAITING)
    op.create_index(
        "ix_contact_imports_waiting", "contact_imports", ["created_at"], sqlite_where=where, postgresql_where=where
    )
    op.create_index("ix_contact_imports_list", "contact_imports", ["organisation_id", "created_at"])


def _rejected() -> None:
    op.create_table(
        "rejected_rows",
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        *_keys("rejected_rows", "import_id", "number", cascade=("import_id",)),
    )


def downgrade() -> None:
    """Take them away. Fails where a contact has two open threads on one account: close one of them first."""
    for table in ("alert_choices", "rejected_rows", "contact_imports", "distinct_contacts", "contact_merges"):
        op.drop_table(table)
    _open_conversations("channel_account_id", "contact_id")
    op.drop_column("contacts", "blocked_at")

"""Alembic's environment. The caller hands over a connection and the metadata; no settings are read here."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from ramah.store import trigram_index
from ramah.store.base import UtcDateTime


def plain_types(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are stored as; migrations import nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Run migrations on the given connection."""
    options = context.config.attributes
    context.configure(
        connection=options["connection"],
        target_metadata=options["metadata"],
        render_as_batch=True,  # SQLite cannot alter a column in place
        render_item=plain_types,
        compare_type=True,
        include_name=trigram_index.is_none_of_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


run()

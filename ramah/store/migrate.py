"""Migrations: bring a database to the newest revision, or write the next revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from ramah.store import trigram_index
from ramah.store.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, metadata: MetaData) -> None:
    """Bring the database to the newest revision; safe to run at every start and from several processes."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start together migrate one after the other.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727174104)")
        command.upgrade(_config(connection, metadata), "head")
        trigram_index.keep(connection, metadata)


def differences(database: Database, metadata: MetaData) -> list[object]:
    """What the models say that the migrations do not; empty when they agree."""
    options = {"compare_type": True, "include_name": trigram_index.is_none_of_ours}
    with database.engine.begin() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


def write_revision(database: Database, metadata: MetaData, message: str, revision_id: str) -> None:
    """Write the next revision from the difference between models and database."""
    with database.engine.begin() as connection:
        command.revision(_config(connection, metadata), message=message, autogenerate=True, rev_id=revision_id)


def _config(connection: Connection, metadata: MetaData) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes.update(connection=connection, metadata=metadata)
    return config

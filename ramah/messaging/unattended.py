"""Failures that concern no organisation: what a process does by itself, over and over."""

from __future__ import annotations

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ramah.lib.errors import RamahError
from ramah.observe.incidents import place_of, subsystem_of
from ramah.observe.metrics import LOOP_FAILURES
from ramah.observe.seldom import record_seldom
from ramah.people import Organisation
from ramah.store import Database

log = structlog.get_logger()


class Unattended(RamahError):
    """What nobody waits for failed; it is tried again. Holds nothing of what it was about."""

    permanent = False


def report_loop(database: Database, name: str, error: Exception) -> None:
    """A step of a loop failed; it goes round again."""
    LOOP_FAILURES.labels(name.rstrip("-0123456789")).inc()
    report_unattended(database, f"loop:{name}", error)


def report_unattended(database: Database, operation: str, error: Exception) -> None:
    """An incident for the oldest organisation, whoever runs the platform; once a minute for each operation. Never
    raises for the database: what cannot be written now is in the log."""
    failure = Unattended(f"{operation}: {type(error).__name__}")
    failure.place = place_of(error)
    failure.subsystem = subsystem_of(error, failure.place)
    try:
        with database.every_organisation_reading() as session:
            first = session.scalar(select(Organisation.id).order_by(Organisation.created_at).limit(1))
        if first is not None:
            record_seldom(database, first, failure, operation)
    except SQLAlchemyError as away:
        log.warning("incident_not_written", operation=operation, error=type(away).__name__)

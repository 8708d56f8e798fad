"""Failures that concern no organisation: what a process does by itself, over and over."""

from __future__ import annotations

import time

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ramah.lib.errors import RamahError
from ramah.observe.incidents import place_of, record_incident, subsystem_of
from ramah.people import Organisation
from ramah.store import Database

log = structlog.get_logger()
PAUSE = 60.0
"""Seconds in which the same loop tells of its failures once."""


class LoopFailed(RamahError):
    """A step of a loop failed; it goes round again. Holds nothing of what the step was about."""

    permanent = False


class Unattended:
    """Makes incidents of them, for the oldest organisation: whoever runs the platform."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._told: dict[str, float] = {}

    def report(self, name: str, error: Exception) -> None:
        """One incident, unless the same loop told of one lately. Never raises for the database: what cannot
        be written now is in the log."""
        now = time.monotonic()
        if now - self._told.get(name, -PAUSE) < PAUSE:
            return
        place = place_of(error)
        failure = LoopFailed(f"{name}: {type(error).__name__}")
        failure.subsystem = subsystem_of(error, place)
        try:
            with self._database.every_organisation_reading() as session:
                first = session.scalar(select(Organisation.id).order_by(Organisation.created_at).limit(1))
            if first is not None:
                record_incident(self._database, first, failure, f"loop:{name}", place=place)
                self._told[name] = now
        except SQLAlchemyError as away:
            log.warning("incident_not_written", loop=name, error=type(away).__name__)

"""Incidents of what may happen thousands of times a minute: told at once, then once a minute."""

from __future__ import annotations

import time
from threading import Lock

from ramah.observe.incidents import record_incident
from ramah.store import Database

PAUSE = 60.0
_told: dict[tuple[str, str, str], float] = {}
_lock = Lock()


def record_seldom(database: Database, organisation_id: str, error: Exception, operation: str) -> bool:
    """Record it, unless this process told of the same operation less than a minute ago. Whether it did."""
    key, now = (str(database.engine.url), organisation_id, operation), time.monotonic()
    with _lock:
        if now - _told.get(key, now - PAUSE) < PAUSE:
            return False
        _told[key] = now
    record_incident(database, organisation_id, error, operation)
    return True

"""Incidents are grouped by the place in our own code nearest to the fault."""

from __future__ import annotations

import errno
import hashlib
import traceback
from collections import deque
from pathlib import Path

import stamina
import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from ramah.lib.errors import RamahError
from ramah.lib.sandbox import current_sandbox
from ramah.lib.scrubbing import scrubbed
from ramah.lib.spans import note
from ramah.observe.metrics import INCIDENTS
from ramah.observe.models import Incident, IncidentState, TouchedConversation
from ramah.observe.release import running_release
from ramah.store import Database, utc_now

log = structlog.get_logger()
PROJECT = Path(__file__).resolve().parents[2]
MESSAGE_LENGTH = 4000
MOST_KEPT_BACK = 200
_Told = tuple[str, str, tuple[str, str, str], str, str | None]
_kept_back: deque[_Told] = deque(maxlen=MOST_KEPT_BACK)


def record_incident(
    database: Database,
    organisation_id: str,
    error: Exception,
    operation: str,
    conversation_id: str | None = None,
    *,
    place: str | None = None,
    transcript: str = "",
) -> None:
    """Count a failure under its fingerprint, or open a new incident for it. One that was fixed is back.

    Secrets and personal data are taken out of what is kept and logged (`ramah.lib.scrubbing`).
    ``place`` is given where no exception was raised at the fault; one that another process of ours told is believed.
    A ``transcript`` is kept with the incident and, being what people wrote, is not logged."""
    if current_sandbox() is not None:
        return  # the reason is in the spans of what was tried; nothing went wrong for anybody
    place = place or (error.place if isinstance(error, RamahError) else "") or place_of(error)
    subsystem = subsystem_of(error, place)
    # SQLAlchemy's own words hold the statement's values: what customers wrote.
    words = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    fingerprint = hashlib.sha256(f"{subsystem}|{operation}|{type(error).__name__}|{place}".encode()).hexdigest()
    log.error("incident", subsystem=subsystem, operation=operation, place=place, error=scrubbed(words)[:300])
    message = scrubbed(f"{words}\n\n{transcript}" if transcript else words)
    INCIDENTS.labels(subsystem).inc()
    told = (organisation_id, fingerprint, (subsystem, operation, place), message, conversation_id)
    incident_id = _counted(database, told)
    note("incident", error=words, incident=incident_id, place=place, operation=operation, subsystem=subsystem)


def _counted(database: Database, told: _Told) -> str | None:
    """The incident's id; None when it is kept back: a database that is locked, full or away is a failure too, and told
    once it can be."""
    try:
        return _count(database, *told)
    except SQLAlchemyError as away:
        log.warning("incident_kept_back", operation=told[2][1], error=type(away).__name__)
        _kept_back.append(told)
        return None


def write_kept_back(database: Database) -> bool:
    """Write the incidents that the database did not take when they happened. False when there are none. Raises what the
    database raises; what is not written stays kept back."""
    if not _kept_back:
        return False
    told = _kept_back[0]
    _count(database, *told)
    _kept_back.remove(told)
    return True


# The first two of a kind may come at the same moment; the loser's second look finds the winner's row.
@stamina.retry(on=IntegrityError, attempts=4, wait_initial=0.02, wait_max=0.2)
def _count(
    database: Database,
    organisation_id: str,
    fingerprint: str,
    where: tuple[str, str, str],
    message: str,
    conversation_id: str | None,
) -> str:
    subsystem, operation, place = where
    with database.tenant(organisation_id) as session:
        known = session.scalar(select(Incident).where(Incident.fingerprint == fingerprint).with_for_update())
        if known is None:
            known = Incident(
                fingerprint=fingerprint,
                subsystem=subsystem,
                operation=operation[:120],
                place=place,
                message="",
                count=0,
            )
            session.add(known)
        if known.state == IncidentState.FIXED:
            known.state, known.untold = IncidentState.BACK, True
        known.count += 1
        known.message, known.release = message[:MESSAGE_LENGTH], running_release()
        known.conversation_id, known.last_at = conversation_id, utc_now()
        _touch(session, known, conversation_id)
        session.flush()
        return known.id


def _touch(session: Session, incident: Incident, conversation_id: str | None) -> None:
    if conversation_id is None:
        return
    session.flush()
    if session.get(TouchedConversation, (incident.id, conversation_id)) is None:
        session.add(TouchedConversation(incident_id=incident.id, conversation_id=conversation_id))


def place_of(error: BaseException) -> str:
    """``module:function:line`` of the deepest frame that is our own code, following causes."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)]
    if not ours:
        return place_of(error.__cause__) if error.__cause__ else "unknown"
    frame = ours[-1]
    module = Path(frame.filename).resolve().relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".")
    return f"{module}:{frame.name}:{frame.lineno}"


def subsystem_of(error: Exception, place: str) -> str:
    """The part that failed: what a typed error says, else the database or the disk, else the package of the place."""
    if isinstance(error, RamahError):
        return error.subsystem
    if isinstance(error, SQLAlchemyError):
        return "database"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk"
    module = place.split(":")[0].split(".")
    return module[1] if len(module) > 1 and module[0] == "ramah" else module[0]


def _is_ours(filename: str) -> bool:
    if filename.startswith("<"):
        return False  # code that a library made at run time has no file
    path = Path(filename).resolve()
    return path.is_relative_to(PROJECT) and ".venv" not in path.parts

"""Signs of life: every process writes down, every few seconds, that it is there and whether it can do its work.

Whoever was killed stops writing, which is how the others and the console's page know."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ramah.observe.incidents import write_kept_back
from ramah.observe.metrics import PROCESS
from ramah.observe.models import ProcessBeat
from ramah.observe.readiness import Readiness
from ramah.observe.release import running_release
from ramah.store import Database, utc_now

log = structlog.get_logger()
BEAT_EVERY = 5.0
SILENT_AFTER = timedelta(seconds=15)
FORGOTTEN_AFTER = timedelta(hours=1)
LAST_WORD = 3.0


@dataclass(frozen=True)
class Sign:
    """One process as it was last heard of."""

    beat: ProcessBeat
    is_silent: bool


class Heart:
    """Writes the signs of life of this process, in a thread of its own. ``port`` tells processes of one host apart."""

    def __init__(self, database: Database, kind: str, port: int, look: Callable[[], Readiness]) -> None:
        self._database, self._kind, self._look = database, kind, look
        self._host = socket.gethostname()[:80]
        self._name = f"{kind}@{self._host}:{port}"
        self._began = utc_now()
        PROCESS.labels(kind, running_release()).set(1)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> None:
        """Begin; the first sign is written at once."""
        self._thread.start()

    def stop(self) -> None:
        """End in good order: who was stopped on purpose is not missed."""
        self._stop.set()
        self._thread.join(LAST_WORD)
        try:
            with self._database.every_organisation(lasting=False) as session:
                session.execute(delete(ProcessBeat).where(ProcessBeat.name == self._name))
        except SQLAlchemyError as error:
            log.warning("beat_not_taken_back", error=type(error).__name__)

    def beat(self) -> None:
        """Write one sign. Raises what the database raises."""
        found, now = self._look(), utc_now()
        sign = ProcessBeat(
            name=self._name,
            kind=self._kind,
            host=self._host,
            pid=os.getpid(),
            ready=not found.troubles,
            troubles=list(found.troubles),
            warnings=list(found.warnings),
            release=running_release(),
            started_at=self._began,
            beat_at=now,
        )
        with self._database.every_organisation(lasting=False) as session:
            session.merge(sign)
            session.execute(delete(ProcessBeat).where(ProcessBeat.beat_at < now - FORGOTTEN_AFTER))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.beat()
                while write_kept_back(self._database):
                    pass
            except SQLAlchemyError as error:
                # Without the database nobody can be told here; /readyz says it.
                log.warning("beat_missed", error=type(error).__name__)
            except Exception:
                # A heart that stops would make a living process look dead.
                log.exception("beat_broken")
            self._stop.wait(BEAT_EVERY)


def signs(session: Session) -> list[Sign]:
    """Every process that was heard of in the last hour. ``session`` is one over all organisations."""
    silent_since = utc_now() - SILENT_AFTER
    rows = session.scalars(select(ProcessBeat).order_by(ProcessBeat.kind, ProcessBeat.name))
    return [Sign(row, row.beat_at < silent_since) for row in rows]

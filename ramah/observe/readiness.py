"""Readiness: whether a process can do its work, why not, and what goes worse than it should."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ramah.integrations.storage import StorageError, StorageRefused, reach_bucket, room_left
from ramah.lib.errors import RamahError
from ramah.lib.guard import GUARDS
from ramah.settings import Settings
from ramah.store import Database

log = structlog.get_logger()
LEAST_ROOM = 20 * 1024 * 1024
"""Bytes below which the disk for files counts as full: one file of the largest size hardly fits any more."""
PATIENCE = 1.0
MOST_SKEW = 5.0
"""Seconds."""

NO_DATABASE = "the database does not answer"
NO_REDIS = "Redis does not answer: limits are counted in the database, and wake-ups come with the next look"
NO_ROOM = "the disk for files is full: files wait at their providers until there is room"
NO_BUCKET = "the bucket for files does not answer: files wait at their providers until it does"
WRONG_CLOCK = "the clock of this machine and that of the database disagree: times are wrong until one is set"
LEFT_ALONE = "does not answer and is left alone: "
"""Begins with this what stands for a circuit that is open, and ends with its system."""
REFUSED_BY_BUCKET = "the bucket for files refuses us: check bucket, key and secret in RAMAH_MEDIA_URL, _KEY and _SECRET"


class WrongClock(RamahError):
    """This machine and the database disagree about the time."""

    subsystem = "clock"


@dataclass(frozen=True)
class Readiness:
    """``troubles`` keep the process from its work; with ``warnings`` it goes on, slower or with something waiting."""

    troubles: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The HTTP status that says it."""
        return 503 if self.troubles else 200

    def body(self) -> dict[str, object]:
        """What the health page answers."""
        return {"ready": not self.troubles, "troubles": self.troubles, "warnings": self.warnings}


def look_around(database: Database, config: Settings, troubles: Iterable[str] = ()) -> Readiness:
    """Ask the database, Redis and the place for files. ``troubles`` are what the process knows of itself."""
    found = Readiness(list(troubles))
    if not _database_answers(database):
        found.troubles.append(NO_DATABASE)
    elif clock_is_off(database):
        found.warnings.append(WRONG_CLOCK)
    if config.redis_url and not _redis_answers(config.redis_url):
        found.warnings.append(NO_REDIS)
    if _disk_is_full(config.media_url):
        found.warnings.append(NO_ROOM)
    if (trouble := _trouble_of_bucket(config)) is not None:
        found.warnings.append(trouble)
    open_circuits = sorted({one.kind for one in GUARDS.states() if one.state == "opened"})
    found.warnings.extend(f"{LEFT_ALONE}{kind}" for kind in open_circuits)
    return found


def clock_is_off(database: Database) -> bool:
    """Whether this machine's clock is more than MOST_SKEW away from the database's; SQLite has that of this machine."""
    if database.is_sqlite:
        return False
    with database.engine.connect() as connection:
        theirs = float(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0.0)
    return abs(theirs - time.time()) > MOST_SKEW


def require_right_clock(database: Database) -> bool:
    """Look at the clocks. Returns False: there is no more to look at now. Raises WrongClock."""
    if clock_is_off(database):
        raise WrongClock(WRONG_CLOCK)
    return False


def _database_answers(database: Database) -> bool:
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not_ready", error=type(error).__name__)
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            return bool(redis.ping())
    except RedisError as error:
        log.warning("redis_away", error=type(error).__name__)
        return False


def _disk_is_full(media_url: str) -> bool:
    try:
        room = room_left(media_url)
    except OSError as error:
        log.warning("disk_away", error=str(error))
        return True
    return room is not None and room < LEAST_ROOM


def _trouble_of_bucket(config: Settings) -> str | None:
    try:
        reach_bucket(config, PATIENCE)
    except StorageError as error:
        log.warning("bucket_away", error=str(error)[:200])
        return REFUSED_BY_BUCKET if isinstance(error, StorageRefused) else NO_BUCKET
    return None

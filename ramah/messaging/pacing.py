"""Paces: how fast an account may send, and to one person. Counted in the database or Redis, for all workers together.

The rule is the generic cell rate algorithm: a pace of one request every ``interval`` with a burst of ``burst`` allows a
request when the bucket's ``free_at`` lies at most ``(burst - 1) * interval`` ahead, and moves it one interval on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from redis import Redis, RedisError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.channels.port import Pace
from ramah.messaging.models import RateBucket
from ramah.store import utc_now

log = structlog.get_logger()


@dataclass(frozen=True)
class Toll:
    """One pace to keep: whose (``key``, of which organisation) and which."""

    organisation_id: str
    key: str
    pace: Pace


@dataclass(frozen=True)
class Hold:
    """A request must wait so many seconds, for the toll with this key."""

    seconds: float
    key: str


class Pacer(Protocol):
    """Lets requests pass at their paces."""

    def pass_all(self, session: Session, tolls: Sequence[Toll]) -> Hold | None:
        """None when the request may go now (it is counted against all tolls), else the longest wait (nothing is
        counted). Runs inside the transaction that claims the request."""


def wait_until(free_at: datetime, pace: Pace, now: datetime) -> float:
    """Seconds until a bucket lets the next request pass."""
    return max(0.0, (free_at - now).total_seconds() - (pace.burst - 1) * pace.interval)


class DatabasePacer:
    """Buckets are rows; the claim's transaction holds their locks, so that no two workers count the same room."""

    def pass_all(self, session: Session, tolls: Sequence[Toll]) -> Hold | None:
        """See ``Pacer``."""
        now = utc_now()
        # In one order for everybody, or two claims would wait for one another.
        buckets = [(_bucket(session, toll, now), toll.pace) for toll in sorted(tolls, key=lambda toll: toll.key)]
        holds = [Hold(wait_until(bucket.free_at, pace, now), bucket.key) for bucket, pace in buckets]
        longest = max(holds, key=lambda hold: hold.seconds, default=None)
        if longest is not None and longest.seconds:
            return longest
        for bucket, pace in buckets:
            bucket.free_at = max(bucket.free_at, now) + timedelta(seconds=pace.interval)
        return None


def _bucket(session: Session, toll: Toll, now: datetime) -> RateBucket:
    found = session.scalar(select(RateBucket).where(RateBucket.key == toll.key).with_for_update())
    if found is not None:
        return found
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    first = insert(RateBucket).values(key=toll.key, organisation_id=toll.organisation_id, free_at=now)
    session.execute(first.on_conflict_do_nothing())
    return session.scalars(select(RateBucket).where(RateBucket.key == toll.key).with_for_update()).one()


# All buckets in one step: first whether every one lets the request pass, then the counting. Times are seconds.
_SCRIPT = """
local now = redis.call('TIME')
local moment = tonumber(now[1]) + tonumber(now[2]) / 1000000
local wait, longest = 0, 0
for index, key in ipairs(KEYS) do
  local free_at = tonumber(redis.call('GET', key) or moment)
  local interval, burst = tonumber(ARGV[index * 2 - 1]), tonumber(ARGV[index * 2])
  local needed = free_at - moment - (burst - 1) * interval
  if needed > wait then wait, longest = needed, index end
end
if wait > 0 then return {longest, tostring(wait)} end
for index, key in ipairs(KEYS) do
  local free_at = tonumber(redis.call('GET', key) or moment)
  local interval, burst = tonumber(ARGV[index * 2 - 1]), tonumber(ARGV[index * 2])
  local after = math.max(free_at, moment) + interval
  redis.call('SET', key, string.format('%.6f', after), 'EX', math.ceil(after - moment) + 1)
end
return {0, '0'}
"""


class RedisPacer:
    """Buckets are keys in Redis: the account's row is no queue for many workers. Without Redis the database counts;
    both begin empty, so that a change of counters costs at most one extra burst."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._script = self._redis.register_script(_SCRIPT)
        self._fallback = DatabasePacer()

    def pass_all(self, session: Session, tolls: Sequence[Toll]) -> Hold | None:
        """See ``Pacer``."""
        arguments = [str(number) for toll in tolls for number in (toll.pace.interval, toll.pace.burst)]
        try:
            longest, wait = self._script(keys=[f"ramah:pace:{toll.key}" for toll in tolls], args=arguments)
        except RedisError as error:
            log.warning("pacer_without_redis", reason=type(error).__name__)
            return self._fallback.pass_all(session, tolls)
        return Hold(float(wait), tolls[longest - 1].key) if longest else None


def pacer_for(redis_url: str | None) -> Pacer:
    """The pacer of this process."""
    return RedisPacer(redis_url) if redis_url else DatabasePacer()

"""Wake-ups between processes over Redis. They only shorten a wait: who misses one finds the row at the next look."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

import structlog
from redis import Redis, RedisError
from sqlalchemy.orm import Session

from ramah.lib.sandbox import current_sandbox
from ramah.settings import settings

log = structlog.get_logger()
CHANNEL = "ramah:wake"
TIMEOUT = 1.0
AFTER_FAILURE = 2.0


@lru_cache(maxsize=1)
def _publisher() -> Redis | None:
    url = settings().redis_url
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT) if url else None


def wake_others(_session: Session) -> None:
    """Tell the other processes that something was committed. Without Redis, or when it is away, they look by
    themselves."""
    redis = _publisher()
    if redis is None or current_sandbox() is not None:
        return
    try:
        redis.publish(CHANNEL, b"1")
    except RedisError as error:
        log.debug("wake_unheard", reason=type(error).__name__)


class WakeListener:
    """Rings whenever another process committed something; reconnects by itself."""

    def __init__(self, url: str, ring: Callable[[], object]) -> None:
        self._url = url
        self._ring = ring
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="wake", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; returns once the thread has ended."""
        self._stop.set()
        self._thread.join(TIMEOUT + AFTER_FAILURE)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow()
            except RedisError as error:
                log.warning("wake_listener_lost", reason=type(error).__name__)
                self._stop.wait(AFTER_FAILURE)

    def _follow(self) -> None:
        with Redis.from_url(self._url, socket_connect_timeout=TIMEOUT) as redis, redis.pubsub() as subscription:
            subscription.subscribe(CHANNEL)
            # What was committed while nobody listened is found by one look.
            self._ring()
            while not self._stop.is_set():
                if subscription.get_message(ignore_subscribe_messages=True, timeout=TIMEOUT):
                    self._ring()

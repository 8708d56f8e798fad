"""Wake-ups over Redis: heard by others after the commit, never before, and missed without harm."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest

from ramah.messaging import wake
from ramah.messaging.inbox import accept
from ramah.messaging.wake import WakeListener
from ramah.store import Database
from tests.integration.conftest import Tenant, defaults, text_message
from tests.services import REDIS, address_of

REDIS_URL = address_of(REDIS)
PATIENCE = 5.0


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Rings, counted; the first only says that somebody listens. Other tests commit meanwhile and ring elsewhere."""
    if REDIS_URL is None:
        pytest.skip("no Redis on this machine")
    url = REDIS_URL
    config = defaults(redis_url=url)
    monkeypatch.setattr(wake, "settings", lambda: config)
    monkeypatch.setattr(wake, "CHANNEL", f"ramah:wake:{uuid.uuid4()}")
    wake._publisher.cache_clear()
    rings = threading.Semaphore(0)
    listener = WakeListener(url, rings.release)
    listener.start()
    assert rings.acquire(timeout=PATIENCE)
    yield rings
    listener.stop()
    wake._publisher.cache_clear()


def test_a_stored_message_wakes_others(database: Database, kilap: Tenant, heard: threading.Semaphore) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    assert heard.acquire(timeout=PATIENCE)


def test_what_was_taken_back_wakes_nobody(database: Database, kilap: Tenant, heard: threading.Semaphore) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    assert heard.acquire(timeout=PATIENCE)
    accept(database, kilap.webchat, text_message("halo"))
    assert not heard.acquire(timeout=0.3)


def test_without_redis_a_message_is_stored_all_the_same(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = defaults(redis_url="redis://127.0.0.1:1/0")
    monkeypatch.setattr(wake, "settings", lambda: config)
    wake._publisher.cache_clear()
    try:
        assert not accept(database, kilap.webchat, text_message("halo")).repeated
    finally:
        wake._publisher.cache_clear()


def test_a_listener_without_redis_ends_when_it_is_told() -> None:
    listener = WakeListener("redis://127.0.0.1:1/0", lambda: None)
    listener.start()
    listener.stop()
    assert not listener._thread.is_alive()

"""What tests of files start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from ramah.messaging.media import fetching
from ramah.store import Database
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant
from tests.integration.media.bench import NOW, Bench, Provider


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The far end."""
    stand_in = Provider()
    monkeypatch.setattr(fetching, "channel_for", lambda kind: stand_in)
    return stand_in


@pytest.fixture
def storage() -> MoodyStorage:
    """A store that can fail."""
    return MoodyStorage()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time that the test moves."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bench(
    database: Database, kilap: Tenant, storage: MoodyStorage, provider: Provider, clock: time_machine.Traveller
) -> Bench:
    """What most tests need."""
    return Bench(database, kilap, storage, clock)

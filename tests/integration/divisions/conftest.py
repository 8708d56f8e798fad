"""The queue that tests of divisions share."""

from __future__ import annotations

import pytest

from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.divisions.queues import Queue


@pytest.fixture
def queue(database: Database, kilap: Tenant, runner: TurnRunner) -> Queue:
    """A tenant without divisions so far."""
    return Queue(database, kilap, runner)

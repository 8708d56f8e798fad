"""What console tests share: a fresh database, a served console, and people with their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from ramah.messaging.inbox import accept
from ramah.settings import Settings
from ramah.store import Database
from tests.databases import fresh_database
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.served import ServedConsole, client_of, served
from tests.integration.console.visitors import Customer, StaffMember, customer_of, logged_in


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database: SQLite, or what the test asks for with ``parametrize("database", ..., indirect=True)``."""
    with fresh_database(getattr(request, "param", "sqlite"), tmp_path) as fresh:
        yield fresh


def settings_with(**values: object) -> Settings:
    """Settings of the tests' console, some of them changed."""
    return Settings(_env_file=None, **{"poll_interval": 0.02, "environment": "development", **values})  # type: ignore[call-arg, arg-type]


@pytest.fixture
def config() -> Settings:
    """The console's settings; modules override this fixture."""
    return settings_with()


@pytest.fixture
def console(config: Settings, database: Database) -> Iterator[ServedConsole]:
    """A served console."""
    with served(config, database) as running:
        yield running


@pytest.fixture
def anybody(console: ServedConsole) -> Iterator[httpx.Client]:
    """A browser in which nobody is logged in."""
    with client_of(console) as client:
        yield client


@pytest.fixture
def alice(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Alice of the first organisation."""
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


@pytest.fixture
def bob(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Bob, Alice's colleague."""
    member = logged_in(console, database, kilap.id, kilap.bob)
    with closing(member.client):
        yield member


@pytest.fixture
def charlie(console: ServedConsole, database: Database, stranger: Tenant) -> Iterator[StaffMember]:
    """Charlie of another organisation, who must see nothing of the first."""
    member = logged_in(console, database, stranger.id, stranger.alice)
    with closing(member.client):
        yield member


@pytest.fixture
def customer(console: ServedConsole, kilap: Tenant) -> Iterator[Customer]:
    """A visitor of the first organisation's web chat."""
    visitor = customer_of(console, kilap.webchat.public_key)
    with closing(visitor.client):
        yield visitor


@pytest.fixture
def conversation_id(database: Database, kilap: Tenant) -> str:
    """A WhatsApp conversation of the first organisation, with one message."""
    return accept(database, kilap.whatsapp, text_message("secret of kilap")).conversation_id

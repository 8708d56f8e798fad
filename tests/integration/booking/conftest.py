"""The demo organisations in a fresh database, on a Monday morning in Jakarta."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from ramah.booking import erp_registry
from ramah.cli.tables import metadata
from ramah.demo.loader import load_all
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.databases import backends, fresh_database, lent_file
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.moody_erp import Moods, moody

THIS_YEAR = 2026
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""08:30 in Jakarta, 09:30 in Kuala Lumpur."""


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An SQLite file with both demo organisations, made once."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with closing(Database(f"sqlite:///{path}")) as database:
        upgrade(database, metadata())
        load_all(database, THIS_YEAR)
    # The last connection to close has written the log into the file.
    return path.read_bytes()


@pytest.fixture
def demo(demo_file: bytes) -> Iterator[Database]:
    """Both demo organisations on SQLite."""
    with lent_file(demo_file) as database:
        yield database


@pytest.fixture(params=backends())
def demo_on_each_backend(request: pytest.FixtureRequest, demo_file: bytes, tmp_path: Path) -> Iterator[Database]:
    """Both demo organisations, once on each database."""
    if request.param == "sqlite":
        with lent_file(demo_file) as database:
            yield database
        return
    with fresh_database(request.param, tmp_path) as database:
        load_all(database, THIS_YEAR)
        yield database


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday 23 November 2026, and it stands still."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def kilap_web(demo: Database, clock: time_machine.Traveller) -> Door:
    """The web chat of Kilap Auto."""
    return Door(demo, clock, "webchat", "kilap-auto")


@pytest.fixture
def kilap_whatsapp(demo: Database, clock: time_machine.Traveller) -> Door:
    """The WhatsApp number of Kilap Auto."""
    return Door(demo, clock, "whatsapp", "kilap-auto-whatsapp")


@pytest.fixture
def bonda_web(demo: Database, clock: time_machine.Traveller) -> Door:
    """The web chat of Bersih Bonda: homes, no cars."""
    return Door(demo, clock, "webchat", "bersih-bonda")


@pytest.fixture
def customer(kilap_web: Door) -> Customer:
    """Somebody on the web chat who writes Indonesian and is not known."""
    return kilap_web.enter("visitor-1", "id")


@pytest.fixture
def moods(monkeypatch: pytest.MonkeyPatch) -> Moods:
    """The moods of the ERP from now on; as long as none is set it books."""
    moods = Moods()
    monkeypatch.setattr(erp_registry, "EmbeddedErp", moody(moods))
    return moods

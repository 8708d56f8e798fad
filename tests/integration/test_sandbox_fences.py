"""Nothing that runs in a sandbox changes a row, a file, another system, a counter, or what open pages see."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import func, select, text

from ramah.integrations.http import HttpClient, HttpLimits, Withheld
from ramah.integrations.storage.errors import StorageRefused
from ramah.integrations.storage.objects import ObjectStorage
from ramah.integrations.storage.places import Folder
from ramah.lib.guard import Guards
from ramah.lib.sandbox import LeavesSandbox, Sandbox, inside
from ramah.messaging import wake
from ramah.messaging.conversations import locked, touch
from ramah.messaging.inbox import accept
from ramah.messaging.models import Conversation, LiveEvent
from ramah.observe import Incident, record_incident
from ramah.people import Contact
from ramah.store import Database, discarding, new_id, utc_now
from tests.integration.conftest import Tenant, text_message

MOMENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """The test runs in one."""
    with inside(Sandbox(MOMENT, "a run")) as entered, discarding():
        yield entered


@pytest.fixture
def conversation(database: Database, kilap: Tenant) -> str:
    """Somebody has written."""
    return accept(database, kilap.whatsapp, text_message("halo")).conversation_id


def named(database: Database, tenant: Tenant, name: str) -> int:
    with database.tenant_reading(tenant.id) as session:
        return session.scalar(select(func.count()).select_from(Contact).where(Contact.first_name == name)) or 0


def rename(database: Database, tenant: Tenant, conversation_id: str, name: str) -> None:
    with database.tenant(tenant.id) as session:
        held = session.get_one(Conversation, conversation_id)
        session.get_one(Contact, held.contact_id).first_name = name


def test_what_one_session_wrote_the_next_one_sees_and_nobody_afterwards(
    database: Database, kilap: Tenant, conversation: str
) -> None:
    with inside(Sandbox(MOMENT, "a run")) as entered, discarding():
        asyncio.run(asyncio.to_thread(rename, database, kilap, conversation, "Budi"))
        assert named(database, kilap, "Budi") == 1
    assert entered.written == {("update", "contacts"): 1}
    assert named(database, kilap, "Budi") == 0
    rename(database, kilap, conversation, "Budi")
    assert named(database, kilap, "Budi") == 1


def test_a_session_that_fails_takes_back_its_own_writes_alone(
    database: Database, kilap: Tenant, conversation: str, sandbox: Sandbox
) -> None:
    rename(database, kilap, conversation, "Budi")

    def fail_half_way() -> None:
        with database.tenant(kilap.id) as session:
            session.scalars(select(Contact).where(Contact.first_name == "Budi")).one().first_name = "Andi"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert named(database, kilap, "Budi") == 1


def test_a_connection_beside_the_sessions_is_refused(database: Database, kilap: Tenant, conversation: str) -> None:
    with inside(Sandbox(MOMENT, "a run")), discarding():
        with pytest.raises(LeavesSandbox), database.engine.begin() as connection:
            connection.execute(text("UPDATE contacts SET first_name = 'Budi'"))
        with database.tenant(kilap.id) as session:
            mine = session.connection()
        with pytest.raises(LeavesSandbox):
            mine.commit()
    assert named(database, kilap, "Budi") == 0


def test_a_sandbox_whose_sessions_would_stay_opens_none(database: Database, kilap: Tenant) -> None:
    with inside(Sandbox(MOMENT, "a run")), pytest.raises(LeavesSandbox), database.tenant(kilap.id):
        pytest.fail("a session was opened")


def test_open_pages_hear_nothing_and_nobody_is_woken(
    database: Database, kilap: Tenant, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "_publisher", _Bell)
    rung.clear()
    with database.tenant_reading(kilap.id) as session:
        before = session.scalar(select(func.count()).select_from(LiveEvent))
    with inside(Sandbox(MOMENT, "a run")), discarding():
        with database.tenant(kilap.id) as session:
            touch(session, locked(session, conversation))
        wake.wake_others(session)
    with database.tenant_reading(kilap.id) as session:
        assert session.scalar(select(func.count()).select_from(LiveEvent)) == before
    assert not rung
    wake.wake_others(session)
    assert rung == ["ramah:wake"]


rung: list[str] = []


class _Bell:
    def publish(self, channel: str, _message: bytes) -> None:
        rung.append(channel)


def test_a_failure_in_a_sandbox_is_no_incident(database: Database, kilap: Tenant) -> None:
    with inside(Sandbox(MOMENT, "a run")), discarding():
        record_incident(database, kilap.id, ValueError("x"), "trying")
    with database.tenant_reading(kilap.id) as session:
        assert session.scalar(select(func.count()).select_from(Incident)) == 0


def test_its_clock_stands_and_its_ids_come_again() -> None:
    def run() -> list[Any]:
        with inside(Sandbox(MOMENT, "a run")):
            return [utc_now(), new_id(), new_id()]

    first = run()
    assert first == run() and first[0] == MOMENT and first[1] != first[2]
    assert new_id() not in first and utc_now() != MOMENT


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("only_asks", [False, True])
def test_another_system_is_read_and_never_changed(
    httpserver: HTTPServer, sandbox: Sandbox, method: str, only_asks: bool
) -> None:
    httpserver.expect_request("/prices").respond_with_data("60000")
    with closing(HttpClient(httpserver.url_for(""), headers={}, limits=HttpLimits(), breakers=Guards())) as client:
        with pytest.raises(Withheld):
            client.request(method, "/orders", json={}, changes_nothing=only_asks)
        assert client.request("GET", "/prices").text == "60000"
    assert [request.path for request, _ in httpserver.log] == ["/prices"]
    assert [(one.system, one.operation, one.about) for one in sandbox.withheld] == [("http", method, "/orders")]


def test_files_stay_as_they_are(sandbox: Sandbox, tmp_path: Path) -> None:
    storage = ObjectStorage(Folder(tmp_path))
    with pytest.raises(StorageRefused):
        storage.put("a" * 64, b"x", "image/png")
    with pytest.raises(StorageRefused):
        storage.delete("a" * 64)
    assert not list(tmp_path.iterdir())

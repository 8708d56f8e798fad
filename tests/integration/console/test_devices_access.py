"""Who may see and change linked phones."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ramah.messaging.devices import create_device
from ramah.messaging.models import ChannelAccount
from ramah.store import Database
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything
from tests.integration.console.phones import ACCESS, HOME, promote, quiet_gateway
from tests.integration.console.visitors import StaffMember


@pytest.fixture
def gateway() -> Iterator[DeviceGateway]:
    with quiet_gateway() as running:
        yield running


@pytest.fixture
def admin(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    promote(database, kilap.id, alice.id, "admin")
    return alice


@pytest.fixture
def outsider(charlie: StaffMember, database: Database, stranger: Tenant) -> StaffMember:
    """An administrator of another organisation."""
    promote(database, stranger.id, charlie.id, "admin")
    return charlie


@pytest.fixture
def phone(database: Database, kilap: Tenant, gateway: DeviceGateway) -> ChannelAccount:
    return create_device(database, kilap.id, "Branch KL", "neutral", gateway.url, ACCESS)


def reads(account_id: str) -> list[str]:
    pages = ["/console/channels", f"{HOME}/new", f"{HOME}/{account_id}"]
    return [*pages, "/api/channels", f"/api/channels/devices/{account_id}"]


def changes(account_id: str) -> list[str]:
    return [HOME, *(f"{HOME}/{account_id}/{act}" for act in ("qr", "reconnect", "delete"))]


def test_nobody_sees_or_changes_anything_without_logging_in(
    anybody: httpx.Client, database: Database, phone: ChannelAccount
) -> None:
    before = everything(database)
    for path in reads(phone.id):
        answer = anybody.get(path)
        assert answer.status_code == (401 if path.startswith("/api/") else 302)
    for path in changes(phone.id):
        assert anybody.post(path, data={"name": "x"}).status_code == 401
    assert everything(database) == before


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_only_administrators_see_and_change_channels(
    alice: StaffMember, database: Database, kilap: Tenant, phone: ChannelAccount, role: str
) -> None:
    promote(database, kilap.id, alice.id, role)
    before = everything(database)
    for path in reads(phone.id):
        assert alice.get(path).status_code == 403
    for path in changes(phone.id):
        assert alice.post(path).status_code == 403
    assert everything(database) == before
    assert 'href="/console/channels"' not in alice.get("/console").text


def test_a_change_without_the_right_token_changes_nothing(
    admin: StaffMember, database: Database, phone: ChannelAccount
) -> None:
    before = everything(database)
    for path in changes(phone.id):
        for token in ("", "wrong"):
            assert admin.client.post(path, headers={"x-csrf-token": token}).status_code == 403
    assert everything(database) == before


def test_an_outsider_finds_no_phone(
    outsider: StaffMember, database: Database, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    before, calls = everything(database), list(gateway.calls)
    for path in (f"{HOME}/{phone.id}", f"/api/channels/devices/{phone.id}"):
        assert outsider.get(path).status_code == 404
    for path in changes(phone.id)[1:]:
        assert outsider.post(path).status_code == 404
    for path in ("/console/channels", "/api/channels"):
        assert "Branch KL" not in outsider.get(path).text
    assert (everything(database), gateway.calls) == (before, calls)

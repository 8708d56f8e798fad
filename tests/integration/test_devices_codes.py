"""Codes to scan, their end, and phones that cannot be made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ramah.channels.content import LinkStatus, Outgoing
from ramah.channels.device.channel import DeviceChannel
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.accounts import access_of
from ramah.messaging.devices import create_device, delete_device, device_state, refresh_qr
from ramah.messaging.models import ChannelAccount
from ramah.messaging.registry import channel_for
from ramah.store import Database, utc_now
from tests.databases import fresh_database
from tests.fakes.device.faults import Fault
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant
from tests.integration.linked_phones import (
    ACCESS,
    AINA,
    NAMES,
    client_of,
    linked,
    made,
    row,
    running,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """One database is enough here: what the two do differently is in test_devices.py."""
    with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture(params=NAMES)
def gateway(request: pytest.FixtureRequest) -> Iterator[DeviceGateway]:
    with running(request.param) as made_ready:
        yield made_ready


@pytest.fixture
def neutral() -> Iterator[DeviceGateway]:
    with running("neutral") as made_ready:
        yield made_ready


def test_a_gateway_with_one_address_serves_one_account(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with running("aimeow") as gateway:
        account = made(database, kilap, gateway)
        for tenant, name in ((kilap, "Second"), (stranger, "Theirs")):
            with pytest.raises(Refused, match="one address only"):
                create_device(database, tenant.id, name, "aimeow", gateway.url.upper().replace("HTTP", "http"), ACCESS)
        assert len(gateway.phones.clients) == 1
        delete_device(database, kilap.id, account.id)
        made(database, stranger, gateway)


def test_a_code_that_ran_out_is_followed_by_the_next(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = made(database, kilap, gateway)
    first = device_state(database, kilap.id, account.id).qr_code
    gateway.phones.advance(61)
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, account.id).qr_expires_at = utc_now() - timedelta(seconds=1)
    second = device_state(database, kilap.id, account.id).qr_code
    assert first and second and first != second


def test_after_the_last_code_somebody_asks_for_a_new_one(
    database: Database, kilap: Tenant, gateway: DeviceGateway
) -> None:
    account = made(database, kilap, gateway)
    for _ in range(10):
        device_state(database, kilap.id, account.id)
        gateway.phones.advance(100)
        with database.tenant(kilap.id) as session:
            session.get_one(ChannelAccount, account.id).qr_expires_at = utc_now() - timedelta(seconds=1)
    ended = device_state(database, kilap.id, account.id)
    assert ended.qr_code is None
    assert ended.needs_new_qr or ended.status is LinkStatus.DISCONNECTED
    assert refresh_qr(database, kilap.id, account.id).status in (LinkStatus.SCAN_QR, LinkStatus.STARTING)
    assert device_state(database, kilap.id, account.id).qr_code is not None


def test_a_picture_that_is_the_same_keeps_its_end(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = made(database, kilap, gateway)
    first = device_state(database, kilap.id, account.id)
    second = device_state(database, kilap.id, account.id)
    assert (first.qr_code, first.qr_expires_at) == (second.qr_code, second.qr_expires_at)


def test_a_new_code_for_a_linked_phone_changes_nothing(
    database: Database, kilap: Tenant, gateway: DeviceGateway
) -> None:
    account = linked(database, kilap, gateway)
    client = client_of(database, gateway, account)
    assert refresh_qr(database, kilap.id, account.id).status is LinkStatus.CONNECTED
    assert client_of(database, gateway, account) is client


def test_aimeow_gets_a_new_client_under_the_same_account(database: Database, kilap: Tenant) -> None:
    with running("aimeow") as gateway:
        account = made(database, kilap, gateway)
        old = client_of(database, gateway, account)
        refresh_qr(database, kilap.id, account.id)
        now = row(database, account)
        assert now.external_id == account.external_id
        assert now.options["client_id"] != old.id
        assert now.options["former_clients"] == [old.id]
        assert list(gateway.phones.clients) == [now.options["client_id"]]


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "ftp://x",
        "gateway.example",
        "http://",
        "http://u:p@x",
        "http://x?y=1",
        "http://169.254.169.254",
        "a" * 400,
    ],
)
def test_an_address_that_cannot_be_right_is_refused(database: Database, kilap: Tenant, address: str | None) -> None:
    with pytest.raises(BadInput):
        create_device(database, kilap.id, "Branch KL", "neutral", address, ACCESS)


@pytest.mark.parametrize(("name", "gateway_name"), [("", "neutral"), ("x" * 141, "neutral"), ("Branch", "pigeon")])
def test_a_phone_without_a_name_or_gateway_is_refused(
    database: Database, kilap: Tenant, name: str, gateway_name: str
) -> None:
    with pytest.raises(BadInput):
        create_device(database, kilap.id, name, gateway_name, "http://gateway.example", ACCESS)


def test_a_lost_answer_while_making_it_makes_no_second_client(database: Database, kilap: Tenant) -> None:
    with running("neutral") as gateway:
        channel = channel_for("device")
        assert isinstance(channel, DeviceChannel)
        account = made(database, kilap, gateway)
        with database.tenant(kilap.id) as session:
            found = session.get_one(ChannelAccount, account.id)
            found.options = {**found.options, "client_id": ""}
        again = made(database, kilap, gateway)
        assert again.options["client_id"] == account.options["client_id"]
        assert len(gateway.phones.clients) == 1


def test_the_neutral_gateway_takes_a_message_once_whatever_happens(
    database: Database, kilap: Tenant, neutral: DeviceGateway
) -> None:
    account = linked(database, kilap, neutral)
    neutral.phones.faults.append(Fault.ERROR_AFTER_SENDING)
    channel, access = channel_for("device"), access_of(account)
    with pytest.raises(Exception, match="gateway"):
        channel.send(access, AINA, Outgoing(text="Hai"), "out-1")
    channel.send(access, AINA, Outgoing(text="Hai"), "out-1")
    assert len(client_of(database, neutral, account).sent) == 1

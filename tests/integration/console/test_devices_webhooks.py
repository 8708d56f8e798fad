"""What gateways post to the console."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.channels.wording import words
from ramah.messaging.devices import create_device
from ramah.messaging.models import ChannelAccount, Envelope, Inbound
from ramah.store import Database, utc_now
from tests.fakes.device.events import Wrote
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.phones import ACCESS, HOME, promote, quiet_gateway, scan
from tests.integration.console.served import ServedConsole
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
def phone(database: Database, kilap: Tenant, gateway: DeviceGateway) -> ChannelAccount:
    return create_device(database, kilap.id, "Branch KL", "neutral", gateway.url, ACCESS)


def post_to(console: ServedConsole, gateway: DeviceGateway, account: ChannelAccount) -> None:
    """From now on the gateway really posts to the console."""
    client = gateway.phones.clients[account.options["client_id"]]
    client.webhook_url = f"{console.url}/webhooks/device/{account.public_key}"
    gateway.postman.copies = 2


def test_what_the_gateway_posts_twice_is_stored_once(
    console: ServedConsole, admin: StaffMember, database: Database, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    scan(gateway, phone)
    post_to(console, gateway, phone)
    for number in range(3):
        message = Wrote(f"3EB0{number}", gateway.phones.now, "60121112222", text=f"pesan {number}")
        gateway.phones.write(phone.options["client_id"], message)
    gateway.phones.write(
        phone.options["client_id"], Wrote("3EB0G", gateway.phones.now, "1", text="grup", chat="1@g.us")
    )
    assert gateway.postman.drain()
    assert set(gateway.postman.answers) == {200}
    assert sorted(row.text for row in rows_of(database, Inbound)) == ["pesan 0", "pesan 1", "pesan 2"]


@pytest.mark.parametrize("minutes", [0, 60])
def test_a_link_that_the_gateway_says_is_lost_is_shown_as_lost(
    console: ServedConsole,
    admin: StaffMember,
    database: Database,
    kilap: Tenant,
    phone: ChannelAccount,
    gateway: DeviceGateway,
    minutes: int,
) -> None:
    scan(gateway, phone)
    assert words("en")["linked_well"] in admin.get(f"{HOME}/{phone.id}").text
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, phone.id).proved_at = utc_now() - timedelta(minutes=minutes)
    post_to(console, gateway, phone)
    gateway.phones.change(phone.options["client_id"], "logged_out", "logged_out")
    assert gateway.postman.drain()
    shown = {one["id"]: one for one in admin.get("/api/channels").json()["channels"]}[phone.id]
    assert shown["trouble"]
    assert shown["link"] == "logged_out"


def test_a_webhook_for_another_phone_is_turned_away(
    console: ServedConsole, database: Database, kilap: Tenant, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    other = create_device(database, kilap.id, "Branch PJ", "neutral", gateway.url, ACCESS)
    scan(gateway, phone)
    post_to(console, gateway, other)
    gateway.phones.clients[phone.options["client_id"]].webhook_url = f"{console.url}/webhooks/device/{other.public_key}"
    message = Wrote("3EB0X", gateway.phones.now, "60121112222", text="not for Branch PJ")
    gateway.phones.write(phone.options["client_id"], message)
    assert gateway.postman.drain()
    assert set(gateway.postman.answers) == {401}
    assert (rows_of(database, Inbound), rows_of(database, Envelope)) == ([], [])

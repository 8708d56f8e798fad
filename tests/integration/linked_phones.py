"""Phones at a fake gateway, for tests of their life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from ramah.channels.content import LinkStatus
from ramah.messaging.devices import create_device, device_state
from ramah.messaging.models import ChannelAccount, Envelope, Inbound
from ramah.store import Database
from tests.fakes.device.phones import Client
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant

NAMES = ("neutral", "waha", "evolution", "gowa", "aimeow")
NUMBER, AINA = "622150009999", "60121112222"
KEY, SECRET = "user:gateway-key", "gateway-secret"
ACCESS = {"api_key": KEY, "webhook_secret": SECRET}


@contextmanager
def running(name: str) -> Iterator[DeviceGateway]:
    """A gateway whose posts go nowhere: the tests hand them to ``receive`` themselves."""
    with DeviceGateway(name, key=KEY, secret=SECRET) as gateway:
        gateway.postman.copies = 0
        yield gateway


def kind_of(gateway: DeviceGateway) -> str:
    """The name that accounts use."""
    return type(gateway.dialect).__name__.lower()


def made(database: Database, tenant: Tenant, gateway: DeviceGateway, name: str = "Branch KL") -> ChannelAccount:
    """A phone that waits for its code to be scanned."""
    return create_device(database, tenant.id, name, kind_of(gateway), gateway.url, ACCESS)


def row(database: Database, account: ChannelAccount) -> ChannelAccount:
    """The account as it is stored now."""
    with database.every_organisation_reading() as session:
        return session.get_one(ChannelAccount, account.id)


def client_of(database: Database, gateway: DeviceGateway, account: ChannelAccount) -> Client:
    """The gateway's side of an account."""
    return gateway.phones.clients[row(database, account).options["client_id"]]


def linked(database: Database, tenant: Tenant, gateway: DeviceGateway, name: str = "Branch KL") -> ChannelAccount:
    """A phone that was scanned and proved."""
    account = made(database, tenant, gateway, name)
    device_state(database, tenant.id, account.id)
    gateway.phones.scan(client_of(database, gateway, account).id, NUMBER)
    assert device_state(database, tenant.id, account.id).status is LinkStatus.CONNECTED
    return row(database, account)


def count(database: Database, model: type[Inbound | Envelope | ChannelAccount]) -> int:
    """How many rows there are, in all organisations."""
    with database.every_organisation_reading() as session:
        return len(session.scalars(select(model)).all())

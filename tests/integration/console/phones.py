"""Administrators, and phones at a fake gateway, for tests of the channels' pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ramah.messaging.models import ChannelAccount
from ramah.people import Staff
from ramah.store import Database
from tests.fakes.device.server import DeviceGateway

HOME = "/console/channels/devices"
NUMBER = "622150009999"
ACCESS = {"api_key": "user:gateway-key", "webhook_secret": "gateway-secret"}


@contextmanager
def quiet_gateway() -> Iterator[DeviceGateway]:
    """A gateway of the neutral kind that posts nothing."""
    with DeviceGateway("neutral") as running:
        running.postman.copies = 0
        yield running


def promote(database: Database, organisation_id: str, staff_id: str, *roles: str) -> None:
    """Give a person other roles."""
    with database.tenant(organisation_id) as session:
        session.get_one(Staff, staff_id).roles = list(roles)


def form(at: DeviceGateway, /, **fields: str) -> dict[str, str]:
    """What the page posts."""
    given = {"name": "Branch KL", "gateway": "neutral", "base_url": at.url, **ACCESS, "consent": "1"}
    return given | fields


def scan(gateway: DeviceGateway, account: ChannelAccount) -> None:
    """The phone scans its code."""
    gateway.phones.scan(account.options["client_id"], NUMBER)

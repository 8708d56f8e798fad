"""A linked phone at a fake gateway of each kind, with the channel that talks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ramah.channels.content import Batch, Incoming
from ramah.channels.device.channel import DeviceChannel
from ramah.channels.port import AccountAccess
from tests.fakes.device.events import Event, File, Wrote
from tests.fakes.device.phones import Client
from tests.fakes.device.server import DeviceGateway

NAMES = ("neutral", "waha", "evolution", "gowa", "aimeow")
OUR_NUMBER = "622150009999"
AINA = "60121112222"
KEY, SECRET = "user:gateway-key", "gateway-secret"
CHANNEL_ID = "0b7b1c1e-5a55-4d0e-9d2a-3f6a5f1c0001"
WEBHOOK = "http://127.0.0.1:9/webhooks/device/key"


@dataclass
class Stand:
    """One account of one gateway. ``access`` is what the channel is given."""

    name: str
    gateway: DeviceGateway
    channel: DeviceChannel
    access: AccountAccess

    @property
    def client(self) -> Client:
        """The gateway's side of the account."""
        return self.gateway.phones.clients[str(self.access.options["client_id"])]

    def with_options(self, **options: object) -> AccountAccess:
        """The account with other options."""
        return replace(self.access, options={**self.access.options, **options})

    def create(self) -> None:
        """Make the client."""
        linked = self.channel.create(self.access)
        self.access = self.with_options(client_id=linked.client_id)

    def link(self) -> None:
        """Make the client and scan its code. What it posts meanwhile goes nowhere."""
        self.create()
        self.client.webhook_url = self.gateway.dialect.callback_url = ""
        if self.name == "gowa":
            self.client.status = "scan_qr"
        self.gateway.phones.scan(self.client.id, OUR_NUMBER)

    def webhook(self, event: Event) -> tuple[dict[str, str], bytes]:
        """The signed body of an event."""
        made = self.gateway.signed(self.client, event)
        assert made is not None, f"{self.name} does not report this"
        return made

    def read(self, event: Event) -> Batch:
        """What the channel makes of an event, verified first."""
        headers, body = self.webhook(event)
        self.channel.verify(self.access, headers, body)
        (batch,) = self.channel.parse(self.access, body)
        return batch

    def message(self, **parts: Any) -> Incoming:
        """The one message that the channel reads when somebody writes."""
        (incoming,) = self.read(self.wrote(**parts)).incoming
        return incoming

    def wrote(self, **parts: Any) -> Wrote:
        """Somebody writes."""
        parts = {"id": "3EB0AAAA", "at": 1_760_000_000.0, "phone": AINA, **parts}
        return Wrote(**parts)

    def file(self, content: bytes = b"picture", kind: str = "image", mime_type: str = "image/jpeg") -> File:
        """A file that the gateway serves."""
        return self.gateway.keep_file("3EB0AAAA", File(kind, content, mime_type))


@contextmanager
def stand_of(name: str, read_timeout: float = 2.0) -> Iterator[Stand]:
    """A stand without a client; see ``Stand.link``."""
    channel = DeviceChannel(connect_timeout=2.0, read_timeout=read_timeout)
    with DeviceGateway(name, key=KEY, secret=SECRET) as gateway:
        access = AccountAccess(
            CHANNEL_ID,
            {"api_key": KEY, "webhook_secret": SECRET},
            base_url=gateway.url,
            options={"gateway": name},
            webhook_url=WEBHOOK,
            name="Branch KL",
        )
        yield Stand(name, gateway, channel, access)
        channel.close()

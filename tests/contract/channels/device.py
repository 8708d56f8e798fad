"""Linked phones under the channel contract: the fake gateway in each of its dialects, one phone, one person who wrote.

``BUILDERS`` has one builder for each gateway; ``device`` is the one of a gateway without idempotent sends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial

from ramah.channels.device.channel import DeviceChannel
from ramah.channels.port import AccountAccess, Channel
from tests.contract.channels.harness import ChannelUnderTest, Fault, Shown, Signed
from tests.fakes.device import faults
from tests.fakes.device.events import File, Wrote
from tests.fakes.device.phones import Client
from tests.fakes.device.server import DeviceGateway

AINA = "60121112222"
AT = 1_760_000_000.0
ORDERS = {
    Fault.TOO_FAST: faults.Fault.TOO_FAST,
    Fault.BROKEN: faults.Fault.BROKEN,
    Fault.RESET: faults.Fault.RESET,
    Fault.SILENT: faults.Fault.SILENT,
    Fault.UNAUTHORISED: faults.Fault.UNAUTHORISED,
    Fault.UNREACHABLE_PERSON: faults.Fault.NOT_ON_WHATSAPP,
    Fault.NONSENSE: faults.Fault.NONSENSE,
}
# A send of the neutral contract may always be tried again, so that no fault of its answer leaves it uncertain.
ANSWERED_ANYWAY = frozenset({Fault.RESET, Fault.SILENT, Fault.NONSENSE})


class DeviceUnderTest:
    """The channel beside its gateway."""

    recipient = AINA

    def __init__(self, name: str, gateway: DeviceGateway, channel: DeviceChannel) -> None:
        secrets = {"api_key": "user:contract-key", "webhook_secret": "contract-secret"}
        options = {"gateway": name}
        made = AccountAccess("channel-1", secrets, gateway.url, options, "http://127.0.0.1:9/webhooks/device/k")
        client_id = channel.create(made).client_id
        self.channel: Channel = channel
        self.access = replace(made, options={**options, "client_id": client_id})
        self.can_fail = frozenset(ORDERS) - (ANSWERED_ANYWAY if name == "neutral" else frozenset())
        self._gateway = gateway
        self._client: Client = gateway.phones.clients[client_id]
        gateway.phones.scan(client_id, "622150009999")

    def shown(self) -> list[Shown]:
        """What Aina got."""
        return [
            Shown(sent.text, (), hashlib.sha256(sent.file).hexdigest() if sent.file else None)
            for sent in self._client.sent
            if sent.to == AINA
        ]

    def break_next(self, fault: Fault) -> None:
        """The next message meets the fault."""
        self._gateway.phones.faults.append(ORDERS[fault])

    def text_from_person(self, text: str, number: int) -> Signed:
        """Aina types."""
        return self._from_aina(Wrote(f"3EB0{number:08}", AT + number, AINA, text=text))

    def tap_from_person(self, position: int, number: int) -> Signed | None:
        """Nothing can be tapped."""
        return None

    def image_from_person(self, content: bytes, number: int) -> Signed | None:
        """Aina sends a photo."""
        identifier = f"3EB0{number:08}"
        file = self._gateway.keep_file(identifier, File("image", content, "image/png"))
        return self._from_aina(Wrote(identifier, AT + number, AINA, file=file))

    def _from_aina(self, message: Wrote) -> Signed:
        made = self._gateway.signed(self._client, message)
        assert made is not None
        headers = {name: value for name, value in made[0].items() if name != "content-type"}
        return Signed(headers, made[1])


@contextmanager
def _built(name: str) -> Iterator[ChannelUnderTest]:
    """The channel at a gateway of one kind; what the gateway posts by itself goes nowhere."""
    channel = DeviceChannel(connect_timeout=2.0, read_timeout=0.4)
    with DeviceGateway(name, key="user:contract-key", secret="contract-secret") as gateway:
        gateway.postman.copies = 0
        try:
            yield DeviceUnderTest(name, gateway, channel)
        finally:
            channel.close()


BUILDERS: dict[str, Callable[[], AbstractContextManager[ChannelUnderTest]]] = {
    f"device-{name}": partial(_built, name) for name in ("neutral", "waha", "evolution", "gowa", "aimeow")
}
device = BUILDERS["device-waha"]

"""Linked phones as a channel: one account is one phone at one gateway, whichever dialect that gateway speaks."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from ramah.channels.content import Batch, FetchedMedia, LinkState, LinkStatus, Outgoing, RemoteMedia, Sent
from ramah.channels.device.access import NOT_SET_UP, Device, device_of
from ramah.channels.device.blotting import blotted
from ramah.channels.device.client import CONNECT_TIMEOUT, READ_TIMEOUT, GatewayClient
from ramah.channels.device.events import Found
from ramah.channels.device.gateway import Gateway, Linked
from ramah.channels.device.gateways import known_gateways
from ramah.channels.device.outgoing import TEXT_LIMIT, one_part, split_message
from ramah.channels.device.reading import read_object
from ramah.channels.errors import ChannelError, PayloadError, SendOutcome, SignatureError
from ramah.channels.port import Abilities, AccountAccess, Activity, ChannelDefaults, Pace


class DeviceChannel(ChannelDefaults):
    """WhatsApp through a linked phone. Secrets of an account: ``api_key``, ``webhook_secret``; options: ``gateway``,
    ``client_id``, ``former_clients``, ``unsigned``. Time-outs are seconds."""

    kind = "device"
    abilities = Abilities(
        # Companion devices show buttons and lists to some phones and nothing to others.
        buttons=0,
        list_rows=0,
        text_limit=TEXT_LIMIT,
        answers_bubbles=True,
        # Receipts are told once, by some gateways not at all, and are lost while the phone is offline.
        proves_delivery=False,
        # The neutral contract alone recognises a repeated send; its adapter says RETRY where the others are uncertain.
        idempotent=False,
        webhook=True,
        best_effort=True,
        # About 20 messages a minute, as a person could write them: numbers that write faster get banned.
        account_pace=Pace(3.0, 5),
        recipient_pace=Pace(2.0, 5),
        check_every=30.0,
    )

    def __init__(self, *, connect_timeout: float = CONNECT_TIMEOUT, read_timeout: float = READ_TIMEOUT) -> None:
        self._client = GatewayClient(connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._gateways = known_gateways(self._client)

    @property
    def gateways(self) -> tuple[str, ...]:
        """The names of the gateways that an account may choose."""
        return tuple(self._gateways)

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless the gateway sent these bytes for this very account.

        One gateway serves many accounts with one secret, so that a right signature alone does not say whose it is.
        """
        device = device_of(account)
        gateway = self._known(device)
        if gateway is None:
            raise SignatureError("this account names no gateway that we know")
        gateway.verify(device, headers, body)
        try:
            event = read_object(body)
        except PayloadError:
            return  # signed, so it is kept; parse says what is wrong with it
        if not _is_ours(device, gateway.client_named(device, event)):
            raise SignatureError("the event is about a client of another account")

    def without_secrets(self, account: AccountAccess, body: bytes) -> bytes:
        """Without keys: Evolution writes the instance's own into each body; the others write none that we know of."""
        return blotted(body, device_of(account).secrets)

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read a webhook body. Raises PayloadError when it is no event."""
        device = device_of(account)
        gateway = self._known(device)
        if gateway is None:
            raise PayloadError("this account names no gateway that we know")
        event = read_object(body)
        found, named = Found(), gateway.client_named(device, event)
        if not _is_ours(device, named):
            found.notice("foreign_client")
            return [found.batch(device)]
        try:
            gateway.read(device, event, found)
        except ValidationError as error:
            # Without the event itself, which may be large; the envelope keeps it.
            found.notice("unreadable", reason=f"{error.error_count()} fields")
        if named != device.client_id:
            # A client that was replaced still brings messages; how it stands is nobody's business any more.
            found.link = None
        return [found.batch(device)]

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """Parts that each are one request; choices are numbered lines. Every ``language`` is served alike."""
        return split_message(message)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part. Raises ChannelError, or ValueError for a message that is not one request."""
        device, part = device_of(account), one_part(message)
        return Sent(provider_id=self._gateway(device).send(device, recipient, part, reference))

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Blue ticks and "typing", where the gateway can. Raises ChannelError."""
        device = device_of(account)
        self._gateway(device).show_activity(device, about)

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """A file, from the event itself or from the gateway. Raises ChannelError; code ``too_large``, ``gone`` or
        ``untrusted_address`` when it will never come."""
        device = device_of(account)
        return self._gateway(device).fetch(device, media, most_bytes)

    def check(self, account: AccountAccess) -> LinkState:
        """How the link stands; failed when somebody must mend the account first. Raises ChannelError when the gateway
        does not answer."""
        device = device_of(account)
        try:
            return self._gateway(device).state(device)
        except ChannelError as error:
            if error.outcome is not SendOutcome.CONFIGURATION:
                raise
            return LinkState(status=LinkStatus.FAILED, detail=str(error))

    def create(self, account: AccountAccess) -> Linked:
        """A client at the gateway for this account. Raises ChannelError."""
        device = device_of(account)
        return self._gateway(device).create(device)

    def new_qr(self, account: AccountAccess) -> Linked:
        """A fresh QR; a phone that is linked stays so. The client id may change. Raises ChannelError."""
        device = device_of(account)
        return self._gateway(device).new_qr(device)

    def reconnect(self, account: AccountAccess) -> Linked:
        """Connect again. The client id may change. Raises ChannelError."""
        device = device_of(account)
        return self._gateway(device).reconnect(device)

    def delete(self, account: AccountAccess) -> None:
        """Log out and forget the client; nothing happens when there is none. Raises ChannelError."""
        device = device_of(account)
        if device.client_id:
            self._gateway(device).delete(device)

    def gateway_named(self, name: str) -> Gateway | None:
        """The adapter of this name."""
        return self._gateways.get(name)

    def close(self) -> None:
        """Close the connections to all gateways."""
        self._client.close()

    def _known(self, device: Device) -> Gateway | None:
        return self._gateways.get(device.gateway)

    def _gateway(self, device: Device) -> Gateway:
        found = self._known(device)
        if found is None:
            raise ChannelError(
                f"no gateway {device.gateway[:40]!r} is known", SendOutcome.CONFIGURATION, code=NOT_SET_UP
            )
        return found


def _is_ours(device: Device, named: str | None) -> bool:
    return bool(named) and (named == device.client_id or named in device.former_clients)

"""What each gateway adapter offers. The registry in ``ramah.channels.device.gateways`` holds one of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ramah.channels.content import FetchedMedia, LinkState, Outgoing, RemoteMedia
from ramah.channels.device.access import Device
from ramah.channels.device.events import Found
from ramah.channels.port import Activity


@dataclass(frozen=True)
class Linked:
    """A client at the gateway and how it stands."""

    client_id: str
    state: LinkState


class Gateway(Protocol):
    """One dialect. Calls raise ChannelError; ``read`` raises only pydantic.ValidationError, ``verify`` SignatureError.

    ``makes_qr_when_asked``: asking for the QR makes a new one and spoils the last, so it is asked only when needed.
    ``posts_to_one_address``: all clients of the gateway post to one address, so that it serves one account.
    ``takes_secret``: it signs an account's events with the secret that we give when the client is made.
    """

    makes_qr_when_asked: bool
    posts_to_one_address: bool
    takes_secret: bool

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless the gateway sent exactly these bytes."""

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """The client id that an event names, in the form in which accounts keep it; None when it names none."""

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """Put everything that an event says into ``found``."""

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """Send one part; returns the provider's id of the message."""

    def show_activity(self, device: Device, about: Activity) -> None:
        """Blue ticks and "typing"."""

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """A file of a message."""

    def state(self, device: Device) -> LinkState:
        """How the phone's link stands, with the QR where reading it changes nothing."""

    def create(self, device: Device) -> Linked:
        """A client for this account; the same one when it was made before."""

    def new_qr(self, device: Device) -> Linked:
        """A fresh QR; the client may be another one afterwards."""

    def reconnect(self, device: Device) -> Linked:
        """Start the client again without a new QR where possible."""

    def delete(self, device: Device) -> None:
        """Log out and forget the client; nothing to do when the gateway knows none."""

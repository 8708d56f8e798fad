"""Aimeow. Source: rizrmd/aimeow (main.go, swagger) and a public consumer of it.

It reports neither deliveries nor a lost connection, signs nothing unless somebody put a token in front of it, and has
one callback address for all clients. So it is polled, its messages stay "sent", and one gateway serves one account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from ramah.channels.content import FetchedMedia, LinkState, LinkStatus, Outgoing, RemoteMedia
from ramah.channels.device import media as files
from ramah.channels.device.access import Device
from ramah.channels.device.client import GatewayClient, read, segment
from ramah.channels.device.errors import CLIENT_NOT_FOUND
from ramah.channels.device.events import Found
from ramah.channels.device.fields import Tolerant, text_or_none
from ramah.channels.device.gateway import Linked
from ramah.channels.device.gateways.aimeow_events import Client, read_event, state_of
from ramah.channels.device.outgoing import bare_type, base64_of
from ramah.channels.device.verification import check_hmac_sha256, check_token, required, secret_of
from ramah.channels.errors import ChannelError
from ramah.channels.port import Activity

SIGNATURE = "x-aimeow-signature"
_HMAC_PREFIX = "sha256="


class Accepted(Tolerant):
    """The answer to a send."""

    id: Annotated[str, Field(min_length=1, alias="messageId")]


class Created(Tolerant):
    """The answer to a new client."""

    id: Annotated[str, Field(min_length=1)]


class AimeowGateway:
    """See ``ramah.channels.device.gateway.Gateway``."""

    makes_qr_when_asked = False
    posts_to_one_address = True
    takes_secret = False

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """The shared token itself, or an HMAC-SHA256 of the body under it.

        Unsigned bodies pass only where the account says ``unsigned``: the address that it posts to is then the secret.
        """
        if device.unsigned and SIGNATURE not in headers:
            return
        secret, given = secret_of(device), required(headers, SIGNATURE)
        if given.startswith(_HMAC_PREFIX):
            check_hmac_sha256(secret, body, given)
        else:
            check_token(secret, given)

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """``clientId``."""
        return text_or_none(event.get("clientId"))

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """See ``aimeow_events``."""
        read_event(event, found)

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """One message; there is no idempotency, so an answer that got lost stays uncertain. Nothing can be quoted."""
        path, content = _content(part)
        body = {"phone": recipient, **content}
        return read(Accepted, self._call(device, "POST", path, json=body, sends=True), sends=True).id

    def show_activity(self, device: Device, about: Activity) -> None:
        """Nothing to do: the gateway marks and types by itself."""

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """From the gateway's own files."""
        return files.download(self._client, device, media, most_bytes, _headers(device))

    def state(self, device: Device) -> LinkState:
        """Connected or not, and the QR while it waits for a phone."""
        try:
            return state_of(read(Client, self._call(device, "GET", "")))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))

    def create(self, device: Device) -> Linked:
        """A new client. The callback address is told first, or its first events would go nowhere."""
        headers = _headers(device)
        self._client.call(device, "POST", "/api/v1/config", headers=headers, json={"callbackUrl": device.webhook_url})
        answer = self._client.call(device, "POST", "/api/v1/clients/new", headers=headers, json={"osName": "Ramah"})
        name = read(Created, answer).id
        path = f"/api/v1/clients/{segment(name)}"
        state = state_of(read(Client, self._client.call(device, "GET", path, headers=headers)))
        # Without a QR yet it is no lost connection: the first code takes a moment.
        starting = LinkState(status=LinkStatus.STARTING)
        return Linked(name, starting if state.status is LinkStatus.DISCONNECTED else state)

    def new_qr(self, device: Device) -> Linked:
        """A new client in the place of the old one; a linked phone is left alone. Whatever stops it in between, the
        next try finds no client and makes one."""
        state = self.state(device)
        if state.status is LinkStatus.CONNECTED:
            return Linked(device.client, state)
        self.delete(device)
        return self.create(device)

    def reconnect(self, device: Device) -> Linked:
        """The gateway connects by itself or not at all: only a new client can be tried."""
        return self.new_qr(device)

    def delete(self, device: Device) -> None:
        """Forget the client."""
        try:
            self._call(device, "DELETE", "")
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise

    def _call(self, device: Device, method: str, path: str, **content: Any) -> Any:
        whole = f"/api/v1/clients/{segment(device.client)}{path}"
        return self._client.call(device, method, whole, headers=_headers(device), **content)


def _headers(device: Device) -> dict[str, str]:
    return {"Authorization": f"Bearer {device.key}"} if device.key else {}


def _content(part: Outgoing) -> tuple[str, dict[str, Any]]:
    if part.attachment is not None:
        attachment = part.attachment
        described = {
            "base64Data": base64_of(attachment),
            "filename": attachment.filename or attachment.kind.value,
            "mimeType": bare_type(attachment),
        }
        return "/send-document-base64", {**described, **({"caption": part.text} if part.text else {})}
    if part.image_url:
        return "/send-image", {"imageUrl": part.image_url, "caption": part.text}
    return "/send-message", {"message": part.text}

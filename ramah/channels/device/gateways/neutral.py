"""The neutral contract: what we ask of a gateway that is written for us. Sends are idempotent by ``clientRef``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import httpx
from pydantic import Field

from ramah.channels.content import FetchedMedia, LinkState, LinkStatus, Outgoing, RemoteMedia
from ramah.channels.device import media as files
from ramah.channels.device.access import Device
from ramah.channels.device.client import GatewayClient, read, segment
from ramah.channels.device.errors import ALREADY_CONNECTED, CLIENT_NOT_FOUND, UNAUTHORIZED
from ramah.channels.device.events import Found
from ramah.channels.device.fields import Tolerant, text_or_none
from ramah.channels.device.gateway import Linked
from ramah.channels.device.gateways.neutral_events import About, read_event, state_of
from ramah.channels.device.outgoing import bare_type, base64_of
from ramah.channels.device.verification import check_hmac_sha256, check_moment, required, secret_of
from ramah.channels.errors import ChannelError
from ramah.channels.port import Activity

TIMESTAMP = "x-gateway-timestamp"
SIGNATURE = "x-gateway-signature"


class Accepted(Tolerant):
    """The answer to a send."""

    id: Annotated[str, Field(min_length=1, alias="messageId")]


class NeutralGateway:
    """See ``ramah.channels.device.gateway.Gateway``."""

    makes_qr_when_asked = False
    posts_to_one_address = False
    takes_secret = False

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """HMAC-SHA256 over the moment, a full stop and the body; at most 300 seconds old."""
        secret, moment = secret_of(device), required(headers, TIMESTAMP)
        given = required(headers, SIGNATURE)
        check_moment(moment)
        check_hmac_sha256(secret, moment.encode() + b"." + body, given)

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """``clientId``."""
        return text_or_none(event.get("clientId"))

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """See ``neutral_events``."""
        read_event(event, found)

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """One message. The gateway answers a repeated ``clientRef`` with the first result, so a time-out may be tried
        again at once, although the channel as a whole does not promise that."""
        body = {"to": recipient, "clientRef": reference, **_content(part)}
        if part.reply_to:
            body["replyTo"] = part.reply_to
        answer = self._call(device, "POST", "/messages", json=body, sends=True, repeatable=True)
        return read(Accepted, answer, sends=True, repeatable=True).id

    def show_activity(self, device: Device, about: Activity) -> None:
        """Blue ticks, then "typing"."""
        self._call(device, "POST", f"/messages/{segment(about.external_id)}/read")
        self._call(device, "POST", "/typing", json={"to": about.recipient, "on": True})

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """From the gateway, or from the event itself."""
        return files.download(self._client, device, media, most_bytes, _headers(device))

    def state(self, device: Device) -> LinkState:
        """What the gateway says about the client; unknown there means that it must be linked again."""
        try:
            return state_of(read(About, self._call(device, "GET", "")))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))

    def create(self, device: Device) -> Linked:
        """The same client for the same account: our id is the idempotency key."""
        body = {"name": device.name, "reference": device.channel_id, "webhookUrl": device.webhook_url}
        headers = {**_headers(device), "Idempotency-Key": device.channel_id}
        about = read(About, self._client.call(device, "POST", "/clients", headers=headers, json=body))
        return Linked(about.client_id or "", state_of(about))

    def new_qr(self, device: Device) -> Linked:
        """The same client with a fresh QR, or as it is when it is linked."""
        try:
            about = read(About, self._call(device, "POST", "/qr"))
        except ChannelError as error:
            if error.code == CLIENT_NOT_FOUND:
                return self.create(device)
            if error.code != ALREADY_CONNECTED:
                raise
            return Linked(device.client, self.state(device))
        return Linked(device.client, state_of(about))

    def reconnect(self, device: Device) -> Linked:
        """The gateway connects by itself; only a phone that logged out needs a QR."""
        state = self.state(device)
        lost = state.status in (LinkStatus.LOGGED_OUT, LinkStatus.FAILED)
        return self.new_qr(device) if lost else Linked(device.client, state)

    def delete(self, device: Device) -> None:
        """Log out, then forget."""
        for method, path in (("POST", "/logout"), ("DELETE", "")):
            try:
                self._call(device, method, path)
            except ChannelError as error:
                # Logging out what is not connected may be refused; deleting it is what counts.
                if error.code == UNAUTHORIZED or (method == "DELETE" and error.code != CLIENT_NOT_FOUND):
                    raise

    def _call(self, device: Device, method: str, path: str, **content: Any) -> httpx.Response:
        whole = f"/clients/{segment(device.client)}{path}"
        return self._client.call(device, method, whole, headers=_headers(device), **content)


def _headers(device: Device) -> dict[str, str]:
    return {"Authorization": f"Bearer {device.key}"} if device.key else {}


def _content(part: Outgoing) -> dict[str, Any]:
    if part.attachment is not None:
        file = {
            "base64": base64_of(part.attachment),
            "mimeType": bare_type(part.attachment),
            "filename": part.attachment.filename,
        }
        return {"type": part.attachment.kind.value, "media": file, "caption": part.text}
    if part.image_url:
        return {"type": "image", "media": {"url": part.image_url}, "caption": part.text}
    return {"type": "text", "text": part.text}

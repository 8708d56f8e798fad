"""WAHA. Source: WAHA documentation, "Sessions", "Send messages", "Security"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import FetchedMedia, LinkState, LinkStatus, MediaKind, Outgoing, RemoteMedia
from ramah.channels.device import media as files
from ramah.channels.device.access import Device
from ramah.channels.device.client import GatewayClient, read, segment
from ramah.channels.device.errors import CLIENT_NOT_FOUND, UNAUTHORIZED
from ramah.channels.device.events import Found
from ramah.channels.device.fields import OptionalText, Tolerant, text_or_none
from ramah.channels.device.gateway import Linked
from ramah.channels.device.gateways.waha_events import Session, read_event, state_of
from ramah.channels.device.jids import jid
from ramah.channels.device.outgoing import bare_type, base64_of
from ramah.channels.device.qr import to_scan
from ramah.channels.device.verification import check_hmac_sha512, required, secret_of
from ramah.channels.errors import ChannelError
from ramah.channels.port import Activity

SIGNATURE = "x-webhook-hmac"
QR_SECONDS = 20.0
"""The first code of a session lives 60 seconds, each of the five others 20; which one it is cannot be asked."""
# ``message.any`` holds what people write and what is typed on the phone itself; ``message`` would be half of it twice.
EVENTS = ["message.any", "message.reaction", "message.ack", "session.status"]
_PATHS = {MediaKind.IMAGE: "/api/sendImage", MediaKind.VIDEO: "/api/sendVideo", MediaKind.AUDIO: "/api/sendVoice"}


def _id_text(value: object) -> object:
    """One engine answers an object in the place of the id."""
    return value.get("_serialized") or value.get("id") if isinstance(value, dict) else value


class Accepted(Tolerant):
    """The answer to a send."""

    id: Annotated[str, Field(min_length=1), BeforeValidator(_id_text)]


class Code(Tolerant):
    """The answer about a QR."""

    data: OptionalText = None
    value: OptionalText = None


class WahaGateway:
    """See ``ramah.channels.device.gateway.Gateway``. The session is named by our own id of the account."""

    makes_qr_when_asked = False
    posts_to_one_address = False
    takes_secret = True

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """HMAC-SHA512 of the body."""
        check_hmac_sha512(secret_of(device), body, required(headers, SIGNATURE))

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """``session``."""
        return text_or_none(event.get("session"))

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """See ``waha_events``."""
        read_event(event, found)

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """One message; there is no idempotency, so an answer that got lost stays uncertain."""
        body: dict[str, Any] = {"session": device.client, "chatId": jid(recipient, "c.us")}
        if part.reply_to:
            body["reply_to"] = part.reply_to
        path, content = _content(part)
        return read(Accepted, self._call(device, "POST", path, json={**body, **content}, sends=True), sends=True).id

    def show_activity(self, device: Device, about: Activity) -> None:
        """Blue ticks, then "typing"."""
        body = {"session": device.client, "chatId": jid(about.recipient, "c.us")}
        self._call(device, "POST", "/api/sendSeen", json={**body, "messageIds": [about.external_id]})
        self._call(device, "POST", "/api/startTyping", json=body)

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """From the gateway's own files."""
        return files.download(self._client, device, media, most_bytes, _headers(device))

    def state(self, device: Device) -> LinkState:
        """The session, and its QR while it waits for a phone."""
        try:
            session = read(Session, self._call(device, "GET", _session(device)))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))
        state = state_of(session)
        return self._scan(device) if state.status is LinkStatus.SCAN_QR else state

    def create(self, device: Device) -> Linked:
        """A session under our own id, started, posting to us; one that is there already is started again."""
        webhook = {"url": device.webhook_url, "events": EVENTS, "hmac": {"key": device.secret or None}}
        retries = {"policy": "exponential", "delaySeconds": 2, "attempts": 15}
        config = {"webhooks": [{**webhook, "retries": retries}]}
        body = {"name": device.channel_id, "start": True, "config": config}
        try:
            session = read(Session, self._call(device, "POST", "/api/sessions", json=body))
        except ChannelError:
            # A session of this name may be there from a try whose answer got lost.
            restarted = self._call(device, "POST", f"/api/sessions/{segment(device.channel_id)}/restart")
            session = read(Session, restarted)
        return Linked(device.channel_id, state_of(session))

    def new_qr(self, device: Device) -> Linked:
        """A restart begins a new row of codes; a linked phone is left alone."""
        state = self.state(device)
        if state.status is LinkStatus.CONNECTED:
            return Linked(device.client, state)
        return self.reconnect(device)

    def reconnect(self, device: Device) -> Linked:
        """Restart the session; make it again when the gateway lost it."""
        try:
            session = read(Session, self._call(device, "POST", f"{_session(device)}/restart"))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return self.create(device)
        state = state_of(session)
        return Linked(device.client, self._scan(device) if state.status is LinkStatus.SCAN_QR else state)

    def delete(self, device: Device) -> None:
        """Log out, then forget."""
        for method, path in (("POST", f"{_session(device)}/logout"), ("DELETE", _session(device))):
            try:
                self._call(device, method, path)
            except ChannelError as error:
                # Logging out what is not connected may be refused; deleting it is what counts.
                if error.code == UNAUTHORIZED or (method == "DELETE" and error.code != CLIENT_NOT_FOUND):
                    raise

    def _scan(self, device: Device) -> LinkState:
        path = f"/api/{segment(device.client)}/auth/qr"
        code = read(Code, self._call(device, "GET", path, accept="application/json"))
        return to_scan(code.data or code.value, seconds=QR_SECONDS)

    def _call(self, device: Device, method: str, path: str, accept: str | None = None, **content: Any) -> Any:
        headers = {**_headers(device), **({"Accept": accept} if accept else {})}
        return self._client.call(device, method, path, headers=headers, **content)


def _headers(device: Device) -> dict[str, str]:
    return {"X-Api-Key": device.key} if device.key else {}


def _session(device: Device) -> str:
    return f"/api/sessions/{segment(device.client)}"


def _content(part: Outgoing) -> tuple[str, dict[str, Any]]:
    if part.attachment is not None:
        attachment = part.attachment
        file = {
            "data": base64_of(attachment),
            "mimetype": bare_type(attachment),
            "filename": attachment.filename or attachment.kind.value,
        }
        return _PATHS.get(attachment.kind, "/api/sendFile"), {"file": file, "caption": part.text}
    if part.image_url:
        return "/api/sendImage", {"file": {"url": part.image_url}, "caption": part.text}
    return "/api/sendText", {"text": part.text}

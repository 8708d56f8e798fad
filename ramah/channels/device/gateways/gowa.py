"""GOWA (go-whatsapp-web-multidevice) from version 9. Source: its docs/openapi.yaml."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import FetchedMedia, LinkState, LinkStatus, MediaKind, Outgoing, RemoteMedia
from ramah.channels.device import media as files
from ramah.channels.device.access import Device
from ramah.channels.device.client import GatewayClient, read, segment
from ramah.channels.device.errors import ALREADY_CONNECTED, CLIENT_NOT_FOUND, INVALID_REQUEST, UNAUTHORIZED
from ramah.channels.device.events import Found
from ramah.channels.device.fields import OptionalNumber, OptionalText, Tolerant, object_or_none, text_or_none
from ramah.channels.device.gateway import Linked
from ramah.channels.device.gateways.gowa_events import BY_MESSAGE, DeviceAnswer, read_event, state_of
from ramah.channels.device.jids import jid, phone_of
from ramah.channels.device.outgoing import bare_type, content_of
from ramah.channels.device.qr import picture_of_bytes, to_scan
from ramah.channels.device.verification import check_hmac_sha256, required, secret_of
from ramah.channels.errors import ChannelError
from ramah.channels.port import Activity

SIGNATURE = "x-hub-signature-256"
QR_SECONDS = 30.0
EVENTS = ["message", "message.reaction", "message.edited", "message.ack"]
_FIELDS = {
    MediaKind.IMAGE: ("/send/image", "image"),
    MediaKind.VIDEO: ("/send/video", "video"),
    MediaKind.AUDIO: ("/send/audio", "audio"),
    MediaKind.STICKER: ("/send/sticker", "sticker"),
    MediaKind.DOCUMENT: ("/send/file", "file"),
}
_LARGEST_QR = 200_000


class SentMessage(Tolerant):
    """``results`` of a send."""

    id: Annotated[str, Field(min_length=1, alias="message_id")]


class Accepted(Tolerant):
    """The answer to a send."""

    results: SentMessage


class About(Tolerant):
    """The answer about a device."""

    results: Annotated[DeviceAnswer, BeforeValidator(lambda value: object_or_none(value) or {})] = DeviceAnswer()


class Code(Tolerant):
    """``results`` of a login: the address of a picture."""

    link: OptionalText = Field(None, alias="qr_link")
    seconds: OptionalNumber = Field(None, alias="qr_duration")


class Login(Tolerant):
    """The answer to a login."""

    results: Annotated[Code, BeforeValidator(lambda value: object_or_none(value) or {})] = Code.model_validate({})


class Fetched(Tolerant):
    """``results`` of a download: where on the gateway the file now lies."""

    path: Annotated[str, Field(min_length=1, alias="file_path")]


class Download(Tolerant):
    """The answer to a download."""

    results: Fetched


class GowaGateway:
    """See ``ramah.channels.device.gateway.Gateway``. The device is named by our own id of the account."""

    makes_qr_when_asked = True
    posts_to_one_address = False
    takes_secret = True

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """HMAC-SHA256 of the body."""
        check_hmac_sha256(secret_of(device), body, required(headers, SIGNATURE))

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """``device_id``. Some versions write the linked phone's own address there, which says nothing about whose
        device it is; then only a secret that no other account has proves that."""
        given = text_or_none(event.get("device_id"))
        if given and "@" in given and phone_of(given) and device.has_own_secret:
            return device.client_id
        return given

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """See ``gowa_events``."""
        read_event(event, found)

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """One message; there is no idempotency, so an answer that got lost stays uncertain."""
        fields = {"phone": jid(recipient)}
        if part.reply_to:
            fields["reply_message_id"] = part.reply_to
        path, content = _content(part, fields)
        return read(Accepted, self._call(device, "POST", path, sends=True, **content), sends=True).results.id

    def show_activity(self, device: Device, about: Activity) -> None:
        """Blue ticks, then "typing"."""
        phone = {"phone": jid(about.recipient)}
        self._call(device, "POST", f"/message/{segment(about.external_id)}/read", json=phone)
        self._call(device, "POST", "/send/chat-presence", json={**phone, "action": "start"})

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """From the gateway's files, after asking for the message where it was not fetched by itself."""
        if media.reference.startswith(BY_MESSAGE):
            identifier, _, chat = media.reference.removeprefix(BY_MESSAGE).partition(":")
            path = f"/message/{segment(identifier)}/download"
            answer = self._call(device, "GET", path, params={"phone": jid(chat)})
            media = media.model_copy(update={"reference": read(Download, answer).results.path})
        return files.download(self._client, device, media, most_bytes, _headers(device))

    def state(self, device: Device) -> LinkState:
        """How the device stands, without a QR: each question for one makes a new one."""
        try:
            return state_of(read(About, self._call(device, "GET", _device(device))).results)
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))

    def create(self, device: Device) -> Linked:
        """A device under our own id, posting to us, and its first QR; one that is there already is used."""
        webhook = {"webhook_url": device.webhook_url, "webhook_secret": device.secret, "webhook_events": EVENTS}
        body = {"device_id": device.channel_id, **webhook}
        try:
            self._client.call(device, "POST", "/devices", headers=_login_headers(device), json=body)
        except ChannelError as error:
            if error.code not in (INVALID_REQUEST, ALREADY_CONNECTED):
                raise
        return Linked(device.channel_id, self._scan(device, device.channel_id))

    def new_qr(self, device: Device) -> Linked:
        """A fresh QR; a linked phone is left alone, a device that the gateway lost is made again."""
        state = self.state(device)
        if state.status is LinkStatus.CONNECTED:
            return Linked(device.client, state)
        try:
            return Linked(device.client, self._scan(device, device.client))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return self.create(device)

    def reconnect(self, device: Device) -> Linked:
        """Connect again; without a phone, or after it logged out, show a QR."""
        try:
            self._call(device, "POST", f"{_device(device)}/reconnect")
        except ChannelError as error:
            if error.permanent and error.code not in (CLIENT_NOT_FOUND, INVALID_REQUEST):
                raise
        state = self.state(device)
        waits = state.status in (LinkStatus.SCAN_QR, LinkStatus.LOGGED_OUT)
        return self.new_qr(device) if waits else Linked(device.client, state)

    def delete(self, device: Device) -> None:
        """Log out, then forget."""
        for method, path in (("POST", f"{_device(device)}/logout"), ("DELETE", _device(device))):
            try:
                self._call(device, method, path)
            except ChannelError as error:
                # Logging out a device without a phone is refused; deleting it is what counts.
                if error.code == UNAUTHORIZED or (method == "DELETE" and error.code != CLIENT_NOT_FOUND):
                    raise

    def _scan(self, device: Device, name: str) -> LinkState:
        path = f"/devices/{segment(name)}/login"
        try:
            answer = self._client.call(device, "GET", path, headers=_login_headers(device))
        except ChannelError as error:
            if error.code != ALREADY_CONNECTED:
                raise
            return self.state(device)
        code = read(Login, answer).results
        picture = self._picture(device, code.link) if code.link else None
        return to_scan(picture, seconds=float(code.seconds or QR_SECONDS))

    def _picture(self, device: Device, link: str) -> str | None:
        wanted = RemoteMedia(kind=MediaKind.IMAGE, reference=link)
        fetched = files.download(self._client, device, wanted, _LARGEST_QR, _login_headers(device))
        return picture_of_bytes(fetched.content)

    def _call(self, device: Device, method: str, path: str, **content: Any) -> Any:
        return self._client.call(device, method, path, headers=_headers(device), **content)


def _login_headers(device: Device) -> dict[str, str]:
    """HTTP Basic; the account's key is ``user:password``."""
    if not device.key:
        return {}
    return {"Authorization": f"Basic {base64.b64encode(device.key.encode()).decode()}"}


def _headers(device: Device) -> dict[str, str]:
    return {**_login_headers(device), "X-Device-Id": device.client}


def _device(device: Device) -> str:
    return f"/devices/{segment(device.client)}"


def _content(part: Outgoing, fields: dict[str, str]) -> tuple[str, dict[str, Any]]:
    attachment = part.attachment
    captioned = {**fields, "caption": part.text} if part.text else fields
    if attachment is not None:
        path, name = _FIELDS[attachment.kind]
        file = (attachment.filename or attachment.kind.value, content_of(attachment), bare_type(attachment))
        return path, {"data": captioned, "files": {name: file}}
    if part.image_url:
        return "/send/image", {"json": {**captioned, "image_url": part.image_url}}
    return "/send/message", {"json": {**fields, "message": part.text}}

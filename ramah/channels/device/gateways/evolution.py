"""Evolution API v2. Source: its OpenAPI document and version 2.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ramah.channels.content import FetchedMedia, LinkState, LinkStatus, MediaKind, Outgoing, RemoteMedia
from ramah.channels.device import media as files
from ramah.channels.device.access import Device
from ramah.channels.device.client import MOST_ANSWER_BYTES, GatewayClient, read, segment
from ramah.channels.device.errors import CLIENT_NOT_FOUND, GONE, INVALID_REQUEST, UNAUTHORIZED, refused
from ramah.channels.device.events import Found
from ramah.channels.device.fields import OptionalText, Tolerant, object_or_none, text_or_none
from ramah.channels.device.gateway import Linked
from ramah.channels.device.gateways.evolution_events import Code, Connection, read_event, state_of
from ramah.channels.device.jids import jid
from ramah.channels.device.outgoing import bare_type, base64_of
from ramah.channels.device.qr import to_scan
from ramah.channels.device.verification import check_jwt, check_token, required, secret_of
from ramah.channels.errors import ChannelError, SignatureError
from ramah.channels.port import Activity

AUTHORIZATION = "authorization"
BEARER = "Bearer "
TOKEN_HEADER = "x-ramah-token"  # noqa: S105 - a header's name
EVENTS = ["MESSAGES_UPSERT", "MESSAGES_UPDATE", "SEND_MESSAGE", "CONNECTION_UPDATE", "QRCODE_UPDATED"]
TYPING_MILLISECONDS = 3000


class AcceptedKey(Tolerant):
    """``key`` of an answer to a send."""

    id: Annotated[str, Field(min_length=1)]


class Accepted(Tolerant):
    """The answer to a send."""

    key: AcceptedKey


class Instance(Tolerant):
    """``instance``: the answer about the connection."""

    instance: Annotated[Connection, BeforeValidator(lambda value: object_or_none(value) or {})] = (
        Connection.model_validate({})
    )


class Created(Tolerant):
    """The answer to a new instance."""

    qrcode: Annotated[Code | None, BeforeValidator(object_or_none)] = None


class File(Tolerant):
    """A file in base64."""

    base64: Annotated[str, Field(min_length=1)]
    mime_type: OptionalText = Field(None, alias="mimetype")


class EvolutionGateway:
    """See ``ramah.channels.device.gateway.Gateway``. The instance is named by our own id of the account."""

    makes_qr_when_asked = False
    posts_to_one_address = False
    takes_secret = True

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def verify(self, device: Device, headers: Mapping[str, str], body: bytes) -> None:
        """A JWT in ``Authorization`` when the gateway was given ``jwt_key``, else the static header that it was given.
        Neither covers the body, so the address must be HTTPS."""
        secret = secret_of(device)
        if TOKEN_HEADER in headers:
            check_token(secret, headers[TOKEN_HEADER])
            return
        bearer = required(headers, AUTHORIZATION)
        if not bearer.startswith(BEARER):
            raise SignatureError("the header authorization holds no bearer token")
        check_jwt(secret, bearer.removeprefix(BEARER))

    def client_named(self, device: Device, event: Mapping[str, Any]) -> str | None:
        """``instance``."""
        return text_or_none(event.get("instance"))

    def read(self, device: Device, event: dict[str, Any], found: Found) -> None:
        """See ``evolution_events``."""
        read_event(event, found)

    def send(self, device: Device, recipient: str, part: Outgoing, reference: str) -> str:
        """One message; there is no idempotency, so an answer that got lost stays uncertain."""
        path, content = _content(part)
        body: dict[str, Any] = {"number": recipient, **content}
        if part.reply_to:
            body["quoted"] = {"key": {"id": part.reply_to}}
        answer = self._call(device, "POST", f"/message/{path}", json=body, sends=True)
        return read(Accepted, answer, sends=True).key.id

    def show_activity(self, device: Device, about: Activity) -> None:
        """Blue ticks, then "typing"."""
        message = {"remoteJid": jid(about.recipient), "fromMe": False, "id": about.external_id}
        self._call(device, "POST", "/chat/markMessageAsRead", json={"readMessages": [message]})
        presence = {"number": about.recipient, "presence": "composing", "delay": TYPING_MILLISECONDS}
        self._call(device, "POST", "/chat/sendPresence", json=presence)

    def fetch(self, device: Device, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """By the message's id; the gateway holds the key that opens the file."""
        if media.reference.startswith(files.INLINE):
            return files.decoded(media.reference, media, most_bytes)
        body = {"message": {"key": {"id": media.reference}}, "convertToMp4": False}
        room = most_bytes * 4 // 3 + MOST_ANSWER_BYTES
        try:
            answer = self._call(device, "POST", "/chat/getBase64FromMediaMessage", json=body, most_bytes=room)
        except ChannelError as error:
            if error.permanent and error.code != UNAUTHORIZED:
                raise refused("the gateway has this file no more", GONE) from error
            raise
        file = read(File, answer)
        return files.decoded(file.base64, media, most_bytes, file.mime_type)

    def state(self, device: Device) -> LinkState:
        """The connection, and the QR while it waits for a phone."""
        try:
            answer = self._call(device, "GET", "/instance/connectionState")
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return LinkState(status=LinkStatus.LOGGED_OUT, detail=str(error))
        state = state_of(read(Instance, answer).instance)
        # While it connects, asking again is harmless and tells whether it waits for a phone.
        return self._connect(device) if state.status is LinkStatus.CONNECTING else state

    def create(self, device: Device) -> Linked:
        """An instance under our own id, posting to us; one that is there already is connected."""
        try:
            answer = self._client.call(
                device, "POST", "/instance/create", headers=_headers(device), json=_instance(device)
            )
        except ChannelError as error:
            if error.code not in (UNAUTHORIZED, INVALID_REQUEST):
                raise
            # The name is taken (403 or 400): it is ours, from a try whose answer got lost. A wrong key fails again.
            return Linked(device.channel_id, self._connect(device, device.channel_id))
        code = read(Created, answer).qrcode
        state = to_scan(code.base64 or code.code) if code else LinkState(status=LinkStatus.STARTING)
        return Linked(device.channel_id, state)

    def new_qr(self, device: Device) -> Linked:
        """Connecting begins a new row of codes; a linked phone is left alone."""
        state = self.state(device)
        if state.status is LinkStatus.CONNECTED:
            return Linked(device.client, state)
        try:
            return Linked(device.client, self._connect(device))
        except ChannelError as error:
            if error.code != CLIENT_NOT_FOUND:
                raise
            return self.create(device)

    def reconnect(self, device: Device) -> Linked:
        """Restart the instance, then look how it stands."""
        try:
            self._call(device, "POST", "/instance/restart")
        except ChannelError as error:
            if error.permanent and error.code not in (CLIENT_NOT_FOUND, INVALID_REQUEST):
                raise
        return self.new_qr(device)

    def delete(self, device: Device) -> None:
        """Log out, then forget."""
        for path in ("/instance/logout", "/instance/delete"):
            try:
                self._call(device, "DELETE", path)
            except ChannelError as error:
                # Logging out an instance that is not connected is refused; deleting it is what counts.
                if path.endswith("delete") and error.code != CLIENT_NOT_FOUND:
                    raise
                if error.code == UNAUTHORIZED:
                    raise

    def _connect(self, device: Device, name: str | None = None) -> LinkState:
        path = f"/instance/connect/{segment(name or device.client)}"
        answer = self._client.call(device, "GET", path, headers=_headers(device))
        code = read(Code, answer)
        if code.base64 or code.code:
            return to_scan(code.base64 or code.code)
        return state_of(read(Instance, answer).instance)

    def _call(self, device: Device, method: str, path: str, **content: Any) -> Any:
        whole = f"{path}/{segment(device.client)}"
        return self._client.call(device, method, whole, headers=_headers(device), **content)


def _headers(device: Device) -> dict[str, str]:
    return {"apikey": device.key} if device.key else {}


def _instance(device: Device) -> dict[str, Any]:
    """Files stay out of the events (they would be in base64), and all events come to one address."""
    headers = {"X-Ramah-Token": device.secret, "Content-Type": "application/json"}
    webhook = {"url": device.webhook_url, "byEvents": False, "base64": False, "headers": headers, "events": EVENTS}
    kind = {"integration": "WHATSAPP-BAILEYS", "qrcode": True, "groupsIgnore": True, "syncFullHistory": False}
    return {"instanceName": device.channel_id, **kind, "webhook": webhook}


def _content(part: Outgoing) -> tuple[str, dict[str, Any]]:
    attachment = part.attachment
    if attachment is None and part.image_url:
        return "sendMedia", {"mediatype": "image", "media": part.image_url, "caption": part.text}
    if attachment is None:
        return "sendText", {"text": part.text}
    content = base64_of(attachment)
    if attachment.kind is MediaKind.AUDIO:
        return "sendWhatsAppAudio", {"audio": content}
    if attachment.kind is MediaKind.STICKER:
        return "sendSticker", {"sticker": content}
    described = {"mediatype": attachment.kind.value, "mimetype": bare_type(attachment), "media": content}
    return "sendMedia", {**described, "fileName": attachment.filename or attachment.kind.value, "caption": part.text}

"""GOWA (go-whatsapp-web-multidevice) v9."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from tests.fakes.device.calls import Call, Reply, picture
from tests.fakes.device.dialects.dialect import Dialect, digits, iso, sent
from tests.fakes.device.events import Acknowledged, Event, File, Wrote
from tests.fakes.device.phones import Client, Phones
from tests.fakes.device.refusals import Refusal

STATES = {"connected": "logged_in", "connecting": "connecting", "scan_qr": "connected"}
SENDS = {"image": "image", "file": "document", "audio": "audio", "video": "video", "sticker": "sticker"}
_REFUSALS = {
    "unauthorized": (401, "UNAUTHORIZED", "Unauthorized"),
    "client_not_found": (404, "DEVICE_NOT_FOUND", "device not found"),
    "not_connected": (400, "NOT_CONNECTED", "you are not connect to services server, please reconnect"),
    "already_connected": (400, "ALREADY_LOGGED_IN", "you are already logged in"),
    "not_on_whatsapp": (400, "INVALID_JID", "Phone 6000000000 is not on whatsapp"),
    "rate_limited": (429, "TOO_MANY_REQUESTS", "slow down"),
    "gateway_error": (500, "INTERNAL_SERVER_ERROR", "timed out"),
    "unavailable": (503, "SERVICE_UNAVAILABLE", "starting up"),
}


class Gowa(Dialect):
    """Devices are named by the caller; each question for a code begins a new one, and the events say nothing about
    the link. ``names_phone``: events name the linked phone in the place of the device, as some versions do."""

    qr_seconds = (30.0,)
    names_phone = False

    def is_proved(self, call: Call) -> bool:
        """HTTP Basic."""
        return call.headers.get("authorization") == "Basic " + base64.b64encode(self.key.encode()).decode()

    def refuse(self, code: str) -> Reply:
        """A code in capitals."""
        status, name, message = _REFUSALS.get(code, (400, "BAD_REQUEST", "bad request"))
        return Reply(status, {"status": status, "code": name, "message": message, "results": None})

    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """Devices, sends, marks."""
        if call.matches("POST", "/devices") is not None:
            return _well(self._create(phones, call))
        if found := call.matches("GET", r"/statics/qr/(?P<id>[^/]+)\.png"):
            code = phones.code(phones.find(found["id"]))
            return Reply(content=picture(code[0]), mime_type="image/png") if code else None
        if found := call.matches(call.method, r"/devices/(?P<id>[^/]+)(?P<rest>(/[a-z]+)?)"):
            return self._on_device(phones, call, phones.find(found["id"]), found["rest"])
        client = phones.find(call.headers.get("x-device-id", ""))
        if call.matches("POST", "/send/chat-presence") is not None:
            client.typing_to.append(digits(call.json["phone"]))
            return _well({})
        if found := call.matches("POST", r"/send/(?P<kind>[a-z]+)"):
            return _well({"message_id": self._send(phones, call, client, found["kind"]), "status": "sent"})
        if found := call.matches(call.method, r"/message/(?P<id>[^/]+)/(?P<act>read|download)"):
            return self._on_message(phones, client, found["id"], found["act"])
        return None

    def _create(self, phones: Phones, call: Call) -> dict[str, Any]:
        wanted = call.json
        if wanted["device_id"] in phones.clients:
            raise Refusal("invalid_request")
        client = Client(wanted["device_id"], "", None, wanted["webhook_url"], wanted["webhook_secret"])
        phones.add(client).status = "idle"
        return {"id": client.id, "state": "disconnected"}

    def _on_device(self, phones: Phones, call: Call, client: Client, rest: str) -> Reply | None:
        if (call.method, rest) == ("GET", "/login"):
            phones.new_codes(client)
            return _well({"qr_link": f"http://localhost:3000/statics/qr/{client.id}.png", "qr_duration": 30})
        if (call.method, rest) == ("POST", "/reconnect"):
            if client.number is None:
                raise Refusal("invalid_request")
            client.status = "connected"
        elif (call.method, rest) == ("POST", "/logout"):
            if client.number is None:
                raise Refusal("not_connected")
            phones.log_out(client)
        elif (call.method, rest) == ("DELETE", ""):
            phones.delete(client.id)
        elif (call.method, rest) != ("GET", ""):
            return None
        jid = f"{client.number}:4@s.whatsapp.net" if client.number else None
        return _well({"id": client.id, "state": STATES.get(client.status, "disconnected"), "jid": jid})

    def _send(self, phones: Phones, call: Call, client: Client, kind: str) -> str:
        if call.headers.get("content-type", "").startswith("multipart/"):
            fields, files = call.form()
            (_, mime_type, content) = files[kind]
            file: dict[str, Any] = {"file": content, "mime_type": mime_type}
        else:
            fields, file = call.json, {"url": call.json.get("image_url")}
        if not fields["phone"].endswith(("@s.whatsapp.net", "@lid")):
            raise Refusal("invalid_request")
        words = fields.get("message") or fields.get("caption") or ""
        shown = "text" if kind == "message" else SENDS[kind]
        message = sent(phones, fields["phone"], shown, words, reply_to=fields.get("reply_message_id"), **file)
        return phones.send(client, message)

    def _on_message(self, phones: Phones, client: Client, message_id: str, act: str) -> Reply:
        if act == "read":
            client.marked_read.append(message_id)
            return _well({"message_id": message_id})
        found = phones.files.get(message_id)
        if found is None:
            raise Refusal("invalid_request")
        return _well({"message_id": message_id, "file_path": found.path.lstrip("/")})

    def body_of(self, client: Client, event: Event) -> dict[str, Any] | None:
        """Messages and receipts; never the link."""
        name = f"{client.number}@s.whatsapp.net" if self.names_phone else client.id
        if isinstance(event, Acknowledged):
            about = {"ids": [event.id], "chat_id": f"{event.recipient}@s.whatsapp.net", "receipt_type": event.status}
            return {"event": "message.ack", "device_id": name, "timestamp": iso(event.at), "payload": about}
        if isinstance(event, Wrote):
            return {"event": "message", "device_id": name, "payload": _message(client, event)}
        return None

    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """HMAC-SHA256 of the body."""
        signed = hmac.new((client.secret or self.secret).encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature-256": f"sha256={signed}"}


def _well(results: dict[str, Any]) -> Reply:
    return Reply(200, {"status": 200, "code": "SUCCESS", "message": "Success", "results": results})


def _message(client: Client, event: Wrote) -> dict[str, Any]:
    person = event.address
    message: dict[str, Any] = {
        "id": event.id,
        "chat_id": event.chat or person,
        "from": f"{client.number}@s.whatsapp.net" if event.own else person,
        "from_name": event.name,
        "timestamp": iso(event.at),
        "is_from_me": event.own,
        "body": event.text or None,
        "replied_to_id": event.reply_to,
    }
    if event.lid:
        message["from_lid"] = f"{event.lid}@lid"
    return {**message, **_content(event)}


def _content(event: Wrote) -> dict[str, Any]:
    if event.file is not None:
        return {event.file.kind: _file(event.file, event.text)}
    if event.location is not None:
        where = {"degreesLatitude": event.location["latitude"], "degreesLongitude": event.location["longitude"]}
        return {"location": {**where, "name": event.location.get("name")}}
    if event.cards:
        cards = [{"displayName": card["name"], "vcard": f"TEL;type=Mobile:{card['phone']}"} for card in event.cards]
        return {"contact": cards[0]} if len(cards) == 1 else {"contacts_array": cards}
    return {}


def _file(file: File, caption: str) -> Any:
    """A path alone, an object with a caption, or WhatsApp's own address when the gateway fetched nothing."""
    if not file.path:
        return {"url": "https://mmg.whatsapp.net/x", "caption": caption, "filename": file.filename}
    path = file.path.lstrip("/")
    return {"path": path, "caption": caption} if caption else path

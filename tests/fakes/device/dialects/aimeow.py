"""Aimeow, as its public code does it; with ``named_shape`` it posts what a public consumer expects instead."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fakes.device.calls import Call, Reply, decoded
from tests.fakes.device.dialects.dialect import Dialect, digits, iso, sent
from tests.fakes.device.events import Acknowledged, Event, Wrote
from tests.fakes.device.phones import Client, Phones

_REFUSALS = {
    "unauthorized": (401, {"error": "unauthorized"}),
    "client_not_found": (404, {"error": "client not found"}),
    "not_connected": (400, {"error": "client is not connected"}),
    "not_on_whatsapp": (400, {"error": "number is not on WhatsApp"}),
    "rate_limited": (429, {"error": "too many requests"}),
    "gateway_error": (500, {"success": False, "error": "Failed to send message: context deadline exceeded"}),
    "unavailable": (503, {"error": "starting"}),
}
CLIENT = r"/api/v1/clients/(?P<id>[^/]+)"
SENDS = {"send-message": "text", "send-image": "image", "send-document-base64": "document"}


class Aimeow(Dialect):
    """Client ids are the gateway's; one callback address serves all; a token in front of it stands for a signature."""

    qr_seconds = (20.0,) * 6
    named_shape = False
    signs = True

    def is_proved(self, call: Call) -> bool:
        """The public code asks for nothing; a proxy in front of it may."""
        return not self.key or call.headers.get("authorization") == f"Bearer {self.key}"

    def refuse(self, code: str) -> Reply:
        """One word, ``error``."""
        return Reply(*_REFUSALS.get(code, (400, {"error": "invalid phone number"})))

    def address_of(self, client: Client) -> str:
        """The one callback address."""
        return self.callback_url

    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """Clients and sends."""
        if call.matches("POST", "/api/v1/config") is not None:
            self.callback_url = call.json["callbackUrl"]
            return Reply(body={"callbackUrl": self.callback_url})
        if call.matches("POST", "/api/v1/clients/new") is not None:
            made = phones.add(Client(secrets.token_hex(8)))
            return Reply(body={"id": made.id, "qrUrl": f"{call.base}/qr?client_id={made.id}"})
        if found := call.matches(call.method, CLIENT):
            return self._on_client(phones, call, phones.find(found["id"]))
        if found := call.matches("POST", CLIENT + r"/(?P<act>[a-z0-9-]+)"):
            client = phones.find(found["id"])
            message_id = self._send(phones, call, client, SENDS[found["act"]])
            return Reply(body={"success": True, "messageId": message_id})
        return None

    def _on_client(self, phones: Phones, call: Call, client: Client) -> Reply | None:
        if call.method == "DELETE":
            phones.delete(client.id)
            return Reply(body={"message": "client deleted successfully"})
        if call.method != "GET":
            return None
        code = phones.code(client) if client.status == "scan_qr" else None
        about = {"id": client.id, "isConnected": client.status == "connected", "messageCount": len(client.sent)}
        return Reply(body={**about, "qrCode": code[0] if code else "not_available"})

    def _send(self, phones: Phones, call: Call, client: Client, kind: str) -> str:
        body = call.json
        file = {"file": decoded(body.get("base64Data")), "mime_type": body.get("mimeType"), "url": body.get("imageUrl")}
        words = body.get("message") or body.get("caption") or ""
        return phones.send(client, sent(phones, digits(body["phone"]), kind, words, **file))

    def body_of(self, client: Client, event: Event) -> dict[str, Any] | None:
        """Messages alone in the flat shape; everything in the other."""
        if self.named_shape:
            name, data = _named(client, event)
            return {"clientId": client.id, "event": name, "timestamp": iso(event.at), "data": data}
        if not isinstance(event, Wrote):
            return None
        return {"clientId": client.id, "timestamp": iso(event.at), "message": _flat(event)}

    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """The shared token itself, when a proxy adds it."""
        return {"x-aimeow-signature": self.secret} if self.signs else {}


def _flat(event: Wrote) -> dict[str, Any]:
    message: dict[str, Any] = {
        "id": event.id,
        "from": event.phone or "",
        "pushName": event.name,
        "rawSender": event.chat or (f"{event.lid}@lid" if event.lid else event.address),
        "isLID": bool(event.lid),
        "type": "text",
        "timestamp": iso(event.at),
    }
    if event.own:
        message |= {"fromMe": True, "to": event.phone}
    if event.lid and event.phone:
        message["rawSenderAlt"] = f"{event.phone}@s.whatsapp.net"
    if event.file is not None:
        file = {"fileUrl": event.file.path, "mimeType": event.file.mime_type, "fileSize": len(event.file.content)}
        return {**message, **file, "type": event.file.kind, "caption": event.text}
    if event.location is not None:
        return {**message, "type": "location", **event.location}
    return {**message, "text": event.text} if event.text else {**message, "type": "other"}


def _named(client: Client, event: Event) -> tuple[str, dict[str, Any]]:
    if isinstance(event, Acknowledged):
        return "status", {"messageId": event.id, "status": event.status}
    if isinstance(event, Wrote):
        file = {"mediaUrl": event.file.path, "mediaType": event.file.kind} if event.file else {}
        return "message", {"from": event.phone or event.address, "message": event.text, "messageId": event.id, **file}
    if event.status == "scan_qr":
        return "qr", {"qrCode": event.code}
    return ("connected", {"phoneNumber": client.number}) if event.status == "connected" else ("disconnected", {})

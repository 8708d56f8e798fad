"""WAHA, engine NOWEB."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from tests.fakes.device.calls import Call, Reply, decoded, picture
from tests.fakes.device.dialects.dialect import Dialect, digits, sent
from tests.fakes.device.events import Acknowledged, Event, Wrote
from tests.fakes.device.phones import Client, Phones
from tests.fakes.device.refusals import Refusal

STATUSES = {
    "starting": "STARTING",
    "scan_qr": "SCAN_QR_CODE",
    "connecting": "STARTING",
    "connected": "WORKING",
    "disconnected": "STOPPED",
    "logged_out": "FAILED",
    "failed": "FAILED",
}
ACKS = {"failed": -1, "sent": 1, "delivered": 2, "read": 3}
SENDS = {
    "/api/sendText": "text",
    "/api/sendImage": "image",
    "/api/sendFile": "document",
    "/api/sendVoice": "audio",
    "/api/sendVideo": "video",
}
_REFUSALS = {
    "unauthorized": (401, {"message": "Unauthorized", "statusCode": 401}),
    "client_not_found": (404, {"message": "Session not found", "error": "Not Found", "statusCode": 404}),
    "not_connected": (
        422,
        {
            "error": "Session status is not as expected. Try again later or restart the session",
            "session": "default",
            "status": "STOPPED",
            "expected": ["WORKING"],
        },
    ),
    "already_connected": (422, {"message": "Session is already connected", "statusCode": 422}),
    "not_on_whatsapp": (500, {"statusCode": 500, "exception": {"message": "No LID for user"}}),
    "rate_limited": (429, {"message": "Too many requests"}),
    "gateway_error": (500, {"statusCode": 500, "exception": {"message": "Timed out"}}),
    "unavailable": (503, {"message": "Service Unavailable"}),
}


class Waha(Dialect):
    """Sessions are named by the caller."""

    def is_proved(self, call: Call) -> bool:
        """X-Api-Key."""
        return call.headers.get("x-api-key") == self.key

    def refuse(self, code: str) -> Reply:
        """Errors of NestJS."""
        return Reply(*_REFUSALS.get(code, (400, {"message": "Bad Request", "statusCode": 400})))

    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """Sessions, codes, sends, marks."""
        if call.matches("POST", "/api/sessions") is not None:
            return Reply(201, self._about(self._create(phones, call)))
        if found := call.matches(call.method, r"/api/sessions/(?P<id>[^/]+)(?P<rest>(/[a-z]+)?)"):
            return self._on_session(phones, call.method, phones.find(found["id"]), found["rest"])
        if found := call.matches("GET", r"/api/(?P<id>[^/]+)/auth/qr"):
            return self._code(phones, call, phones.find(found["id"]))
        if call.method == "POST" and call.path in SENDS:
            return Reply(201, {"id": self._send(phones, call, SENDS[call.path])})
        if call.matches("POST", "/api/(sendSeen|startTyping)") is not None:
            return self._mark(phones, call)
        return None

    def _create(self, phones: Phones, call: Call) -> Client:
        name = call.json["name"]
        if name in phones.clients:
            raise Refusal("invalid_request")
        (webhook,) = call.json["config"]["webhooks"]
        return phones.add(Client(name, name, None, webhook["url"], (webhook.get("hmac") or {}).get("key") or ""))

    def _on_session(self, phones: Phones, method: str, client: Client, rest: str) -> Reply | None:
        if (method, rest) == ("POST", "/restart"):
            phones.restart(client)
        elif (method, rest) == ("POST", "/logout"):
            phones.log_out(client)
        elif (method, rest) == ("DELETE", ""):
            phones.delete(client.id)
            return Reply(200, {})
        elif (method, rest) != ("GET", ""):
            return None
        return Reply(201 if method == "POST" else 200, self._about(client))

    def _about(self, client: Client) -> dict[str, Any]:
        me = {"id": f"{client.number}@c.us", "pushName": client.name} if client.number else None
        return {"name": client.id, "status": STATUSES[client.status], "me": me}

    def _code(self, phones: Phones, call: Call, client: Client) -> Reply:
        code = phones.code(client) if client.status == "scan_qr" else None
        if code is None:
            raise Refusal("already_connected" if client.status == "connected" else "not_connected")
        image = picture(code[0])
        if "json" not in call.headers.get("accept", ""):
            return Reply(content=image, mime_type="image/png")
        return Reply(body={"mimetype": "image/png", "data": base64.b64encode(image).decode()})

    def _send(self, phones: Phones, call: Call, kind: str) -> str:
        body = call.json
        client, file = phones.find(body["session"]), body.get("file") or {}
        words = body.get("text") or body.get("caption") or ""
        more = {"file": decoded(file.get("data")), "mime_type": file.get("mimetype"), "url": file.get("url")}
        message = sent(phones, body["chatId"], kind, words, reply_to=body.get("reply_to"), **more)
        message.id = f"true_{body['chatId']}_{message.id}"
        return phones.send(client, message)

    def _mark(self, phones: Phones, call: Call) -> Reply:
        client = phones.find(call.json["session"])
        if call.path.endswith("sendSeen"):
            client.marked_read.extend(call.json.get("messageIds") or [])
        else:
            client.typing_to.append(digits(call.json["chatId"]))
        return Reply(201, {})

    def body_of(self, client: Client, event: Event) -> dict[str, Any]:
        """Moments are milliseconds outside and seconds inside."""
        name, payload = _payload(client, event)
        me = {"id": f"{client.number}@c.us", "pushName": client.name} if client.number else None
        head = {"id": f"evt_{id(event)}", "timestamp": int(event.at * 1000), "session": client.id, "me": me}
        return {**head, "event": name, "payload": payload, "engine": "NOWEB"}

    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """HMAC-SHA512 of the body."""
        signed = hmac.new((client.secret or self.secret).encode(), body, hashlib.sha512).hexdigest()
        return {
            "x-webhook-hmac": signed,
            "x-webhook-hmac-algorithm": "sha512",
            "x-webhook-timestamp": str(int(now * 1000)),
        }


def _payload(client: Client, event: Event) -> tuple[str, dict[str, Any]]:
    if isinstance(event, Acknowledged):
        payload = {"id": event.id, "from": f"{event.recipient}@c.us", "fromMe": True, "ack": ACKS[event.status]}
        return "message.ack", payload
    if isinstance(event, Wrote):
        return "message.any", _message(client, event)
    status = STATUSES[event.status]
    return "session.status", {"name": client.id, "status": status, "statuses": [{"status": status}]}


def _message(client: Client, event: Wrote) -> dict[str, Any]:
    person = event.chat or (f"{event.lid}@lid" if event.lid else f"{event.phone}@c.us")
    alternative = f"{event.phone}@s.whatsapp.net" if event.lid and event.phone else None
    file, location = event.file, event.location
    return {
        "id": f"{str(event.own).lower()}_{person}_{event.id}",
        "timestamp": int(event.at),
        "from": f"{client.number}@c.us" if event.own else person,
        "to": person if event.own else f"{client.number}@c.us",
        "fromMe": event.own,
        "source": "api" if event.through_api else "app",
        "body": event.text or None,
        "hasMedia": file is not None,
        "media": {"url": file.path, "mimetype": file.mime_type, "filename": file.filename} if file else None,
        "location": {**location, "description": location.get("name")} if location else None,
        "vCards": [_card(card) for card in event.cards],
        "replyTo": {"id": event.reply_to} if event.reply_to else None,
        "_data": {"key": {"remoteJid": person, "remoteJidAlt": alternative}, "pushName": event.name},
    }


def _card(card: dict[str, Any]) -> str:
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{card['name']}\nTEL;type=CELL:{card['phone']}\nEND:VCARD"

"""The neutral contract, device gateway v1."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from tests.fakes.device.calls import Call, Reply, data_url, decoded
from tests.fakes.device.dialects.dialect import Dialect, iso, sent
from tests.fakes.device.events import Acknowledged, Event, Wrote
from tests.fakes.device.phones import Client, Phones

STATUSES = {
    "unauthorized": 401,
    "client_not_found": 404,
    "not_connected": 409,
    "already_connected": 409,
    "not_on_whatsapp": 422,
    "rate_limited": 429,
    "gateway_error": 500,
    "unavailable": 503,
}
CLIENT = r"/clients/(?P<id>[^/]+)"


class Neutral(Dialect):
    """What we ask of a gateway that is written for us."""

    def is_proved(self, call: Call) -> bool:
        """A bearer token, or X-API-Key."""
        return call.headers.get("authorization") == f"Bearer {self.key}" or call.headers.get("x-api-key") == self.key

    def refuse(self, code: str) -> Reply:
        """An error object."""
        status = STATUSES.get(code, 400)
        return Reply(status, {"error": {"code": code, "message": code.replace("_", " "), "retryable": status >= 429}})

    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """See the table of calls."""
        if call.matches("GET", "/health") is not None:
            return Reply(body={"status": "ok"})
        if call.matches("POST", "/clients") is not None:
            return Reply(201, self._about(phones, self._create(phones, call)))
        if call.matches("GET", "/clients") is not None:
            return Reply(body={"clients": [self._about(phones, client) for client in phones.clients.values()]})
        found = call.matches(call.method, CLIENT + r"(?P<rest>(/.*)?)")
        return self._on_client(phones, call, phones.find(found["id"]), found["rest"]) if found else None

    def _create(self, phones: Phones, call: Call) -> Client:
        wanted = call.json
        key = call.headers.get("idempotency-key")
        known = next((one for one in phones.clients.values() if key and one.reference == key), None)
        if known is not None:
            return known
        made = Client(f"c{secrets.token_hex(4)}", wanted["name"], key, wanted["webhookUrl"], self.secret)
        return phones.add(made)

    def _on_client(self, phones: Phones, call: Call, client: Client, rest: str) -> Reply | None:
        done = Reply(204)
        if (call.method, rest) == ("POST", "/messages"):
            return Reply(202, {"messageId": self._send(phones, call, client), "status": "queued"})
        if call.method == "POST" and rest.startswith("/messages/") and rest.endswith("/read"):
            client.marked_read.append(rest.split("/")[2])
            return done
        if (call.method, rest) == ("POST", "/typing"):
            client.typing_to.append(call.json["to"])
            return done
        if (call.method, rest) == ("POST", "/qr"):
            phones.new_codes(client)
        elif (call.method, rest) == ("POST", "/logout"):
            phones.log_out(client)
            return done
        elif (call.method, rest) == ("DELETE", ""):
            phones.delete(client.id)
            return done
        elif (call.method, rest) != ("GET", ""):
            return None
        return Reply(body=self._about(phones, client))

    def _send(self, phones: Phones, call: Call, client: Client) -> str:
        body = call.json
        media = body.get("media") or {}
        file = {"file": decoded(media.get("base64")), "mime_type": media.get("mimeType"), "url": media.get("url")}
        names = {"reference": body["clientRef"], "reply_to": body.get("replyTo")}
        words = body.get("text") or body.get("caption") or ""
        return phones.send(client, sent(phones, body["to"], body["type"], words, **file, **names), idempotent=True)

    def _about(self, phones: Phones, client: Client) -> dict[str, Any]:
        about = {"clientId": client.id, "name": client.name, "status": client.status, "phoneNumber": client.number}
        code = phones.code(client) if client.status == "scan_qr" else None
        if code is not None:
            about |= {"qrCode": data_url(code[0]), "qrFormat": "png_base64", "qrExpiresAt": iso(code[1])}
        return about

    def body_of(self, client: Client, event: Event) -> dict[str, Any]:
        """All events are reported."""
        name, data = _data(client, event)
        head = {"eventId": f"ev_{secrets.token_hex(6)}", "clientId": client.id, "event": name}
        return {**head, "timestamp": iso(event.at), "data": data}

    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """The moment and the HMAC over moment and body."""
        moment = str(int(now))
        signed = hmac.new((client.secret or self.secret).encode(), moment.encode() + b"." + body, hashlib.sha256)
        return {"x-gateway-timestamp": moment, "x-gateway-signature": f"sha256={signed.hexdigest()}"}


def _data(client: Client, event: Event) -> tuple[str, dict[str, Any]]:
    if isinstance(event, Acknowledged):
        return "message_status", {"messageId": event.id, "clientRef": event.reference, "status": event.status}
    if isinstance(event, Wrote):
        return "message", _message(client, event)
    if event.status == "connected":
        return "connected", {"phoneNumber": client.number, "pushName": client.name}
    if event.status == "scan_qr":
        return "qr", {"qrCode": event.code, "qrFormat": "raw", "qrExpiresAt": iso(event.expires_at or event.at)}
    return "disconnected", {"reason": event.reason or "unknown", "willRetry": event.reason == "network"}


def _message(client: Client, event: Wrote) -> dict[str, Any]:
    lid = f"{event.lid}@lid" if event.lid else None
    people = {"to": event.phone, "toLid": lid} if event.own else {"from": event.phone or "", "fromLid": lid}
    kind = (
        event.file.kind if event.file else ("location" if event.location else ("contacts" if event.cards else "text"))
    )
    media = (
        {"url": event.file.path, "mimeType": event.file.mime_type, "filename": event.file.filename}
        if event.file
        else None
    )
    return {
        "messageId": event.id,
        **people,
        "fromName": event.name,
        "chatType": "group" if event.chat else "person",
        "fromMe": event.own,
        "clientRef": event.reference,
        "type": kind,
        "text": event.text or None,
        "media": media,
        "location": event.location,
        "contacts": [{"name": card["name"], "phones": [card["phone"]]} for card in event.cards],
        "replyTo": event.reply_to,
    }

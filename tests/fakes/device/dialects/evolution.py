"""Evolution API v2."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.device.calls import Call, Reply, data_url, decoded
from tests.fakes.device.dialects.dialect import Dialect, digits, iso, sent
from tests.fakes.device.events import Acknowledged, Changed, Event, Wrote
from tests.fakes.device.phones import Client, Phones
from tests.fakes.device.refusals import Refusal

STATES = {"connected": "open", "scan_qr": "connecting", "connecting": "connecting", "starting": "connecting"}
REASONS = {"network": 428, "logged_out": 401, "banned": 403}
ACKS = {"failed": "ERROR", "sent": "SERVER_ACK", "delivered": "DELIVERY_ACK", "read": "READ"}
SENDS = {"sendText": "text", "sendMedia": "", "sendWhatsAppAudio": "audio", "sendSticker": "sticker"}
_MESSAGE_KINDS = {
    "image": "imageMessage",
    "video": "videoMessage",
    "audio": "audioMessage",
    "document": "documentMessage",
    "sticker": "stickerMessage",
}


def _error(status: int, name: str, *messages: Any) -> Reply:
    return Reply(status, {"status": status, "error": name, "response": {"message": list(messages)}})


class Evolution(Dialect):
    """Instances are named by the caller; webhooks carry the headers that the caller gave."""

    qr_seconds = (45.0,) * 6

    def is_proved(self, call: Call) -> bool:
        """apikey."""
        return call.headers.get("apikey") == self.key

    def refuse(self, code: str) -> Reply:
        """Errors of its own kind, most of them 400."""
        if code == "unauthorized":
            return _error(401, "Unauthorized", "Unauthorized")
        if code == "name_taken":
            return _error(403, "Forbidden", "This name is already in use.")
        if code == "client_not_found":
            return _error(404, "Not Found", 'The "shop" instance does not exist')
        if code == "not_connected":
            return _error(400, "Bad Request", "Error: Connection Closed")
        if code == "not_on_whatsapp":
            return _error(400, "Bad Request", {"jid": "6000000000@s.whatsapp.net", "exists": False})
        if code == "rate_limited":
            return _error(429, "Too Many Requests")
        if code in ("gateway_error", "unavailable"):
            return _error(500 if code == "gateway_error" else 503, "Internal Server Error", "Timed Out")
        return _error(400, "Bad Request", code)

    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """Instances, sends, chats."""
        if call.matches("POST", "/instance/create") is not None:
            return self._create(phones, call)
        if found := call.matches(call.method, r"/instance/(?P<act>[A-Za-z]+)/(?P<id>[^/]+)"):
            return self._on_instance(phones, found["act"], phones.find(found["id"]))
        if found := call.matches("POST", r"/message/(?P<act>[A-Za-z]+)/(?P<id>[^/]+)"):
            return self._send(phones, call, phones.find(found["id"]), SENDS[found["act"]])
        if found := call.matches("POST", r"/chat/(?P<act>[A-Za-z0-9]+)/(?P<id>[^/]+)"):
            return self._on_chat(phones, call, found["act"], phones.find(found["id"]))
        return None

    def _create(self, phones: Phones, call: Call) -> Reply:
        wanted = call.json
        name, webhook = wanted["instanceName"], wanted["webhook"]
        if name in phones.clients:
            raise Refusal("name_taken")
        token = {key.lower(): value for key, value in webhook["headers"].items()}.get("x-ramah-token", "")
        client = phones.add(Client(name, name, None, webhook["url"], token))
        code = phones.code(client)
        assert code is not None
        made = {"instance": {"instanceName": name, "status": "connecting"}, "hash": "key"}
        return Reply(201, {**made, "qrcode": {"code": code[0], "base64": data_url(code[0]), "count": 1}})

    def _on_instance(self, phones: Phones, act: str, client: Client) -> Reply | None:
        if act == "connect":
            return self._connect(phones, client)
        if act == "restart":
            phones.restart(client)
        elif act == "logout":
            if client.status != "connected":
                raise Refusal("not_connected")
            phones.log_out(client)
        elif act == "delete":
            phones.delete(client.id)
        elif act != "connectionState":
            return None
        return Reply(body={"instance": self._about(client)})

    def _about(self, client: Client) -> dict[str, Any]:
        return {"instanceName": client.id, "state": STATES.get(client.status, "close")}

    def _connect(self, phones: Phones, client: Client) -> Reply:
        if client.status == "connected":
            return Reply(body={"instance": self._about(client)})
        if client.status != "scan_qr":
            phones.new_codes(client)
        code = phones.code(client)
        assert code is not None
        return Reply(body={"code": code[0], "base64": data_url(code[0]), "pairingCode": None, "count": 1})

    def _send(self, phones: Phones, call: Call, client: Client, kind: str) -> Reply:
        body = call.json
        given = str(body.get("media") or body.get("audio") or body.get("sticker") or "")
        url = given if given.startswith("http") else None
        file = {"file": None if url else decoded(given), "mime_type": body.get("mimetype"), "url": url}
        quoted = ((body.get("quoted") or {}).get("key") or {}).get("id")
        words = body.get("text") or body.get("caption") or ""
        message = sent(phones, body["number"], kind or body["mediatype"], words, reply_to=quoted, **file)
        key = {"id": phones.send(client, message), "remoteJid": f"{message.to}@s.whatsapp.net", "fromMe": True}
        return Reply(201, {"key": key, "status": "PENDING", "messageTimestamp": int(phones.now)})

    def _on_chat(self, phones: Phones, call: Call, act: str, client: Client) -> Reply | None:
        body = call.json
        if act == "markMessageAsRead":
            client.marked_read.extend(item["id"] for item in body["readMessages"])
        elif act == "sendPresence":
            client.typing_to.append(digits(body["number"]))
        elif act == "getBase64FromMediaMessage":
            return self._file(phones, body["message"]["key"]["id"])
        else:
            return None
        return Reply(201, {"message": "ok"})

    def _file(self, phones: Phones, message_id: str) -> Reply:
        found = phones.files.get(message_id)
        if found is None:
            return _error(400, "Bad Request", "Message not found")
        content = base64.b64encode(found.content).decode()
        return Reply(201, {"mediaType": "imageMessage", "mimetype": found.mime_type, "base64": content})

    def body_of(self, client: Client, event: Event) -> dict[str, Any]:
        """All events are reported."""
        name, data = _data(client, event)
        head = {"event": name, "instance": client.id, "date_time": iso(event.at), "apikey": "instance-key"}
        return {
            **head,
            "data": data,
            "sender": f"{client.number}@s.whatsapp.net",
            "server_url": "http://localhost:8080",
        }

    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """The headers that the caller gave."""
        return {"x-ramah-token": client.secret or self.secret}


def _data(client: Client, event: Event) -> tuple[str, dict[str, Any]]:
    if isinstance(event, Acknowledged):
        update = {"keyId": event.id, "remoteJid": f"{event.recipient}@s.whatsapp.net", "fromMe": True}
        return "messages.update", {**update, "status": ACKS[event.status], "messageId": "internal"}
    if isinstance(event, Wrote):
        return "send.message" if event.through_api else "messages.upsert", _message(event)
    return _change(client, event)


def _change(client: Client, event: Changed) -> tuple[str, dict[str, Any]]:
    if event.status == "scan_qr":
        return "qrcode.updated", {"qrcode": {"code": event.code, "base64": data_url(event.code or "")}}
    if event.status == "failed" and event.reason is None:
        return "qrcode.updated", {"message": "QR code limit reached, please login again", "statusCode": 500}
    state = {"instance": client.id, "state": STATES.get(event.status, "close")}
    owner = {"wuid": f"{client.number}@s.whatsapp.net"} if event.status == "connected" else {}
    return "connection.update", {**state, **owner, "statusReason": REASONS.get(event.reason or "", 200)}


def _message(event: Wrote) -> dict[str, Any]:
    chat = event.chat or (f"{event.lid}@lid" if event.lid else event.address)
    key: dict[str, Any] = {"id": event.id, "remoteJid": chat, "fromMe": event.own}
    if event.lid and event.phone:
        key["remoteJidAlt"] = f"{event.phone}@s.whatsapp.net"
    context = {"contextInfo": {"stanzaId": event.reply_to}} if event.reply_to else {}
    kind, content = _content(event, context)
    about = {"pushName": event.name, "messageType": kind, "messageTimestamp": int(event.at)}
    return {"key": key, **about, "message": {kind: content}, "source": "android"}


def _content(event: Wrote, context: dict[str, Any]) -> tuple[str, Any]:
    if event.file is not None:
        file = {"mimetype": event.file.mime_type, "fileLength": {"low": len(event.file.content), "high": 0}}
        words = {"caption": event.text or None, "fileName": event.file.filename, "url": "https://mmg.whatsapp.net/x"}
        return _MESSAGE_KINDS[event.file.kind], {**file, **words, **context}
    if event.location is not None:
        where = {"degreesLatitude": event.location["latitude"], "degreesLongitude": event.location["longitude"]}
        return "locationMessage", {**where, "name": event.location.get("name")}
    if event.cards:
        cards = [{"displayName": card["name"], "vcard": f"TEL;waid=1:{card['phone']}"} for card in event.cards]
        return "contactsArrayMessage", {"displayName": "cards", "contacts": cards}
    return ("extendedTextMessage", {"text": event.text, **context}) if context else ("conversation", event.text)

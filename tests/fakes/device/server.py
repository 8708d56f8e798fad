"""The fake over HTTP, in threads of the calling process, with control endpoints under ``/_test``."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.device.calls import Call, Reply
from tests.fakes.device.dialects import DIALECTS
from tests.fakes.device.events import Event, File, Wrote
from tests.fakes.device.faults import Fault
from tests.fakes.device.phones import Client, Phones
from tests.fakes.device.postman import Postman
from tests.fakes.device.refusals import LostAnswer, OddAnswer, Refusal

_CONTROL = r"/_test/clients/(?P<id>[^/]+)/(?P<act>[a-z]+)"
_CHANGES = {
    "drop": ("disconnected", "network"),
    "recover": ("connected", None),
    "logout": ("logged_out", "logged_out"),
    "ban": ("failed", "banned"),
}
_SILENCE = 30.0


class DeviceGateway:
    """Start it, point an account's ``base_url`` at ``url``, stop it.

    ``key`` is what calls must prove, ``secret`` what webhooks are signed with by gateways that take none from us.
    """

    def __init__(self, dialect: str, *, key: str = "user:gateway-key", secret: str = "gateway-secret") -> None:
        self.dialect = DIALECTS[dialect](key, secret)
        self.phones = Phones(self.dialect.qr_seconds, self._tell)
        self.postman = Postman()
        self.calls: list[str] = []
        self.stopping = threading.Event()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> DeviceGateway:
        self.postman.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.cut_all()
        self._thread.join()
        self.postman.stop()

    def keep_file(self, message_id: str, file: File) -> File:
        """Put a file where the gateway serves it; the copy says where that is."""
        kept = dataclasses.replace(file, path=f"/statics/media/{message_id}")
        self.phones.files[message_id] = self.phones.files[kept.path] = kept
        return kept

    def signed(self, client: Client, event: Event) -> tuple[dict[str, str], bytes] | None:
        """The webhook of an event; None when this gateway reports none."""
        return self.dialect.encoded(client, event, self.phones.now)

    def answer(self, call: Call) -> Reply:
        """The answer to a request. Raises what becomes of it."""
        self.calls.append(f"{call.method} {call.path}")
        if control := call.matches("POST", _CONTROL):
            return self._control(control["id"], control["act"], call.json)
        if not self.dialect.is_proved(call):
            raise Refusal("unauthorized")
        file = self.phones.files.get(call.path) if call.method == "GET" else None
        if file is not None:
            return Reply(content=file.content, mime_type=file.mime_type)
        return self.dialect.answer(self.phones, call) or Reply(404, {"error": "no such path"})

    def _control(self, client_id: str, act: str, body: dict[str, Any]) -> Reply:
        if act == "scan":
            self.phones.scan(client_id, body.get("number", "622150009999"))
        elif act == "qr":
            self.phones.show_code(client_id)
        elif act == "write":
            self.phones.write(client_id, Wrote(at=self.phones.now, **body))
        elif act == "journal":
            sent = self.phones.find(client_id).sent
            return Reply(
                body=[{"id": one.id, "to": one.to, "text": one.text, "reference": one.reference} for one in sent]
            )
        elif act == "fault":
            self.phones.faults.append(Fault(body["fault"]))
        else:
            self.phones.change(client_id, *_CHANGES[act])
        return Reply(204)

    def _tell(self, client: Client, event: Event) -> None:
        webhook = self.signed(client, event)
        if webhook is not None:
            self.postman.post(self.dialect.address_of(client), *webhook)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: DeviceGateway

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open_connections = [*getattr(self, "open_connections", []), request]
        super().process_request(request, client_address)

    def cut_all(self) -> None:
        """A gateway that is gone answers nobody, on connections that were kept open neither."""
        for connection in getattr(self, "open_connections", []):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write per answer: headers and body in two would wait for a delayed acknowledgement.
    wbufsize = 65_536
    server: _Listener

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_DELETE(self) -> None:
        self._handle()

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query))
        owner = self.server.owner
        try:
            reply = owner.answer(Call(self.command, unquote(parts.path), query, headers, body, owner.url))
        except Refusal as refusal:
            wait = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
            self._send(owner.dialect.refuse(refusal.code), wait)
        except OddAnswer as odd:
            self._send(Reply(odd.status, content=odd.content))
        except LostAnswer as lost:
            self._lose(silent=lost.silent)
        else:
            self._send(reply)

    def _send(self, reply: Reply, more: Mapping[str, str] | None = None) -> None:
        empty = reply.status == 204
        content = b"" if empty else (reply.content if reply.content is not None else json.dumps(reply.body).encode())
        self.send_response(reply.status)
        if not empty:
            self.send_header("Content-Type", reply.mime_type)
            self.send_header("Content-Length", str(len(content)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _lose(self, *, silent: bool) -> None:
        if silent:
            self.server.owner.stopping.wait(_SILENCE)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

"""The Bot API over HTTP, on a free port of loopback."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.telegram.bot_api import BotApi
from tests.fakes.telegram.calls import read_call
from tests.fakes.telegram.flood import Limits
from tests.fakes.telegram.refusals import LostAnswer, OddAnswer, Refused
from tests.fakes.telegram.webhooks import Pusher

TOKEN = "123456789:AAfakefakefakefakefakefakefakefakefa"
_SILENCE = 60.0
_BETWEEN_DROPS = 0.1


class FakeTelegram:
    """Start it, point ``telegram_base_url`` or a channel at ``url``, stop it."""

    def __init__(self, token: str = TOKEN, limits: Limits | None = None) -> None:
        self.pusher = Pusher()
        self.api = BotApi(token, self.pusher, limits)
        self.stopping = threading.Event()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="telegram", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> FakeTelegram:
        self.pusher.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self.pusher.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    owner: FakeTelegram

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write per answer: headers and body in two would wait for a delayed acknowledgement.
    wbufsize = 65_536
    server: _Listener

    def do_GET(self) -> None:
        self._guarded(self._file if self._path.startswith("/file/") else lambda: self._call(b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._guarded(lambda: self._call(body))

    @property
    def _api(self) -> BotApi:
        return self.server.owner.api

    @property
    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _guarded(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except Refused as refusal:
            self._answer(refusal.code, json.dumps(refusal.body).encode())
        except OddAnswer as odd:
            self._answer(odd.status, odd.content, drips=odd.drips)
        except LostAnswer as lost:
            self._lose(silent=lost.silent)

    def _rest(self, prefix: str) -> str:
        """What follows the token. Raises Refused for another one."""
        token, _, rest = self._path.removeprefix(prefix).partition("/")
        if token.count(":") != 1 or not self._path.startswith(prefix):
            raise Refused(404, "Not Found")
        if token != self._api.token:
            raise Refused(401, "Unauthorized")
        return rest

    def _call(self, body: bytes) -> None:
        method = self._rest("/bot")
        call = read_call(method, urlsplit(self.path).query, self.headers.get("Content-Type", ""), body)
        self._answer(200, json.dumps(self._api.call(call)).encode())

    def _file(self) -> None:
        self._answer(200, self._api.file(self._rest("/file/bot")), kind="application/octet-stream")

    def _answer(self, status: int, body: bytes, *, kind: str = "application/json", drips: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if drips:
            self._drip(body)
        else:
            self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        """One byte at a time, until the other side has had enough."""
        try:
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.owner.stopping.wait(_BETWEEN_DROPS):
                    break
        except ConnectionError:
            self.close_connection = True

    def _lose(self, *, silent: bool) -> None:
        if silent:
            self.server.owner.stopping.wait(_SILENCE)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request; its path holds the token."""

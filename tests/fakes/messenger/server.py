"""The fake over HTTP, in threads of the calling process."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fakes.graph.postman import Postman
from tests.fakes.messenger.multipart import read_multipart
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.refusals import NoAnswerError, OddAnswerError, RefusalError
from tests.fakes.messenger.tokens import Holder
from tests.fakes.messenger.world import App, Habits, Limits

_PATH = re.compile(r"/v\d+\.\d+/(?P<rest>[^?]+)")
_EDGE = re.compile(r"(?P<page>[^/]+)/(?P<edge>messages|subscribed_apps)")
_FILE = re.compile(r"/_cdn/(?P<ticket>[^/]+)")
_SILENCE = 60.0
_BETWEEN_DROPS = 0.1


class FacebookServer:
    """Start it, point ``messenger_base_url`` or a channel at ``url``, stop it."""

    def __init__(self, app: App | None = None, *, habits: Habits | None = None, limits: Limits | None = None) -> None:
        self.postman = Postman(redelivery_wait=0.2)
        self.platform = Platform(app or App(), self.postman, habits or Habits(), limits or Limits())
        self.stopping = threading.Event()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="facebook", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> FacebookServer:
        self.postman.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self.postman.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    owner: FacebookServer

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
        self._guarded(self._get)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._guarded(lambda: self._post(body))

    def do_DELETE(self) -> None:
        self._guarded(self._delete)

    @property
    def _platform(self) -> Platform:
        return self.server.owner.platform

    @property
    def _query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    @property
    def _rest(self) -> str:
        found = _PATH.fullmatch(urlsplit(self.path).path)
        if found is None:
            raise RefusalError(2500, "Unknown path components", status=404)
        return found["rest"]

    @property
    def _holder(self) -> Holder:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return self._platform.tokens.holder_of(token, self._query.get("appsecret_proof"))

    def _guarded(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except RefusalError as refusal:
            wait = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
            self._answer_json(refusal.body(), refusal.status, wait)
        except NoAnswerError as lost:
            self._lose(silent=lost.silent)
        except OddAnswerError as odd:
            self._answer(200, odd.content, "application/json", drips=odd.drips)

    def _get(self) -> None:
        file = _FILE.fullmatch(urlsplit(self.path).path)
        if file is not None:
            content, kind = self._platform.download(file["ticket"])
            self._answer(200, content, kind)
        elif self._rest == "dialog/oauth":
            self._dialog()
        elif self._rest == "oauth/access_token":
            self._answer_json(self._platform.exchange(self._query))
        elif self._rest == "me/accounts":
            limit = int(self._query.get("limit", "25"))
            self._answer_json(self._platform.accounts(self._holder, self._query.get("after"), limit))
        elif self._rest == "me":
            self._answer_json(self._platform.identity(self._holder))
        else:
            raise RefusalError(2500, "Unknown path components", status=404)

    def _post(self, body: bytes) -> None:
        edge = _EDGE.fullmatch(self._rest)
        if edge is None:
            raise RefusalError(2500, "Unknown path components", status=404)
        if edge["edge"] == "subscribed_apps":
            fields = self._query.get("subscribed_fields", "")
            self._answer_json(self._platform.subscribe(self._holder, edge["page"], fields))
            return
        read, file = self._sent(body)
        self._answer_json(self._platform.send(self._holder, edge["page"], read, file))

    def _delete(self) -> None:
        edge = _EDGE.fullmatch(self._rest)
        if edge is None or edge["edge"] != "subscribed_apps":
            raise RefusalError(2500, "Unknown path components", status=404)
        self._answer_json(self._platform.subscribe(self._holder, edge["page"], None))

    def _sent(self, body: bytes) -> tuple[dict[str, Any], bytes | None]:
        content_type = self.headers.get("Content-Type", "")
        if content_type.startswith("multipart/"):
            return read_multipart(content_type, body)
        read: object = json.loads(body)
        if not isinstance(read, dict):
            raise RefusalError(100, "the body is not an object")
        return read, None

    def _dialog(self) -> None:
        """The person is logged in at Facebook and agrees, or (nobody there) cancels."""
        asked, visitor = self._query, self._platform.visitor
        answer = {"error": "access_denied", "error_reason": "user_denied"}
        if visitor is not None:
            answer = {"code": self._platform.tokens.code_for(visitor, asked["redirect_uri"], self._platform.now)}
        back = f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"
        self._answer(302, b"", "text/html", more={"Location": back})

    def _answer_json(self, answer: Any, status: int = 200, more: Mapping[str, str] | None = None) -> None:
        self._answer(status, json.dumps(answer).encode(), "application/json", more=more)

    def _answer(
        self, status: int, body: bytes, kind: str, *, drips: bool = False, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
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
        """Say nothing for each request."""

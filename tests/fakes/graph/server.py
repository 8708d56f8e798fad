"""The fake over HTTP, in threads of the calling process."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.control import Control, complaint
from tests.fakes.graph.graph import Graph
from tests.fakes.graph.media import StoredFile
from tests.fakes.graph.postman import Postman
from tests.fakes.graph.refusals import NoAnswerError, OddAnswerError, RefusalError
from tests.fakes.graph.uploads import read_upload

PAGE = Path(__file__).with_name("demo.html")
_EDGE = re.compile(r"/v\d+\.\d+/(?P<number>[^/]+)/(?P<edge>messages|media)")
_OBJECT = re.compile(r"/v\d+\.\d+/(?P<id>[^/]+)")
_FILE = re.compile(r"/_media/(?P<ticket>[^/]+)")
_SHOWN_FILE = re.compile(r"/_demo/file/(?P<id>[0-9]+)")
_UNKNOWN_PATH = {"error": {"message": "Unknown path components", "code": 2500}}
_CONTROL = re.compile(r"/_demo/(?P<name>[a-z]+)")
_SILENCE = 60.0
_BETWEEN_DROPS = 0.1


class GraphServer:
    """Start it, point the channel's ``base_url`` at ``url``, stop it. ``port`` 0 takes a free one.

    ``redelivery_wait`` is seconds before the first repetition of a webhook that was not answered with 200.
    """

    def __init__(
        self,
        accounts: list[Account] | None = None,
        *,
        port: int = 0,
        limits: Limits | None = None,
        habits: Habits | None = None,
        redelivery_wait: float = 0.5,
    ) -> None:
        self.postman = Postman(redelivery_wait)
        self.graph = Graph(accounts or [Account()], self.postman, limits or Limits(), habits or Habits())
        self.stopping = threading.Event()
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="graph-http", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        """Serve and deliver in the background."""
        self.postman.start()
        self._thread.start()

    def stop(self) -> None:
        """End all threads and close the port."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self.postman.stop()

    def __enter__(self) -> GraphServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    owner: GraphServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write per answer: headers and body in two would wait for a delayed acknowledgement.
    wbufsize = 65_536
    server: _Listener

    @cached_property
    def _control(self) -> Control:
        return Control(self.server.owner.graph, self.server.owner.postman)

    def do_GET(self) -> None:
        self._guarded(self._get)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._guarded(lambda: self._post(body))

    def _guarded(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except RefusalError as refusal:
            wait = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
            self._answer_json(refusal.status, refusal.body(), wait)
        except NoAnswerError as lost:
            self._lose(silent=lost.silent)
        except OddAnswerError as odd:
            self._answer(200, odd.content, "application/json", drips=odd.drips)

    def _get(self) -> None:
        address = urlsplit(self.path)
        path, graph = address.path, self.server.owner.graph
        if path == "/_demo/":
            self._answer(200, PAGE.read_bytes(), "text/html; charset=utf-8")
        elif shown := _SHOWN_FILE.fullmatch(path):
            self._answer_file(graph.media.file(shown["id"], graph.now))
        elif control := _CONTROL.fullmatch(path):
            self._found(self._control.get(control["name"], dict(parse_qsl(address.query))))
        elif file := _FILE.fullmatch(path):
            self._answer_file(graph.download(file["ticket"], self._token, self.headers.get("User-Agent", "")))
        elif wanted := _OBJECT.fullmatch(path):
            base = f"http://{self.headers.get('Host', '')}"
            self._answer_json(200, graph.look_up(wanted["id"], self._token, base))
        else:
            self._answer_json(404, _UNKNOWN_PATH)

    def _post(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        edge, control = _EDGE.fullmatch(path), _CONTROL.fullmatch(path)
        if edge is not None and edge["edge"] == "media":
            upload = read_upload(self.headers.get("Content-Type", ""), body)
            self._answer_json(200, self.server.owner.graph.upload(edge["number"], self._token, upload))
        elif edge is not None:
            self._answer_json(200, self._send(edge["number"], body))
        elif control is not None:
            self._control_post(control["name"], body)
        else:
            self._answer_json(404, _UNKNOWN_PATH)

    @property
    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _send(self, number: str, body: bytes) -> dict[str, Any]:
        try:
            message = json.loads(body)
        except ValueError as error:
            raise RefusalError(400, 100, "Invalid parameter", "the body is not JSON") from error
        if not isinstance(message, dict):
            raise RefusalError(400, 100, "Invalid parameter", "the body is not an object")
        return self.server.owner.graph.post(number, self._token, message)

    def _control_post(self, name: str, body: bytes) -> None:
        # Other sites' pages cannot send this type without asking first.
        if self.headers.get_content_type() != "application/json":
            self._answer_json(415, {"errors": [{"message": "send application/json"}]})
            return
        try:
            self._found(self._control.post(name, body))
        except ValidationError as error:
            self._answer_json(400, complaint(error))

    def _found(self, answer: Any | None) -> None:
        self._answer_json(404 if answer is None else 200, answer)

    def _answer_json(self, status: int, answer: Any, more: Mapping[str, str] | None = None) -> None:
        self._answer(status, json.dumps(answer).encode(), "application/json", more=more)

    def _answer_file(self, file: StoredFile) -> None:
        self._answer(200, file.content, file.mime_type)

    def _answer(
        self, status: int, body: bytes, kind: str, *, drips: bool = False, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
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

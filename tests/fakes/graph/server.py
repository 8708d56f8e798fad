"""The fake over HTTP, in threads of the calling process."""

from __future__ import annotations

import json
import re
import socket
import threading
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.control import Control, complaint
from tests.fakes.graph.graph import Graph
from tests.fakes.graph.postman import Postman
from tests.fakes.graph.refusals import NoAnswerError, RefusalError

PAGE = Path(__file__).with_name("demo.html")
_MESSAGES = re.compile(r"/v\d+\.\d+/(?P<number>[^/]+)/messages")
_CONTROL = re.compile(r"/_demo/(?P<name>[a-z]+)")
_SILENCE = 60.0


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
        address = urlsplit(self.path)
        control = _CONTROL.fullmatch(address.path)
        if address.path == "/_demo/":
            self._answer(200, PAGE.read_bytes(), "text/html; charset=utf-8")
        elif control is None:
            self._answer_json(404, {"error": {"message": "Unknown path components", "code": 2500}})
        else:
            self._found(self._control.get(control["name"], dict(parse_qsl(address.query))))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        messages, control = _MESSAGES.fullmatch(path), _CONTROL.fullmatch(path)
        try:
            if messages is not None:
                self._answer_json(200, self._send(messages["number"], body))
            elif control is not None:
                self._control_post(control["name"], body)
            else:
                self._answer_json(404, {"error": {"message": "Unknown path components", "code": 2500}})
        except RefusalError as refusal:
            self._answer_json(refusal.status, refusal.body())
        except NoAnswerError as lost:
            self._lose(silent=lost.silent)

    def _send(self, number: str, body: bytes) -> dict[str, Any]:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            message = json.loads(body)
        except ValueError as error:
            raise RefusalError(400, 100, "Invalid parameter", "the body is not JSON") from error
        if not isinstance(message, dict):
            raise RefusalError(400, 100, "Invalid parameter", "the body is not an object")
        return self.server.owner.graph.post(number, token, message)

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

    def _answer_json(self, status: int, answer: Any) -> None:
        self._answer(status, json.dumps(answer).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _lose(self, *, silent: bool) -> None:
        if silent:
            self.server.owner.stopping.wait(_SILENCE)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request."""

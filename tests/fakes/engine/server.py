"""The stand-in engine over HTTP: the contract of docs/engine.md, with answers that a test can count."""

from __future__ import annotations

import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fakes.engine.memory import Memory

PREFIX = "/webhooks/ramah"
MODEL = "stand-in"
SECOND = " again"
LONG_ANSWERS = 3
"""Every third message is answered with two replies."""


def replies_to(text: str) -> list[str]:
    """What the stand-in says to a text: an echo, and to some texts a second reply. A test knows it beforehand."""
    first = f"echo {text}"
    return [first, f"{first}{SECOND}"] if sum(text.encode()) % LONG_ANSWERS == 0 else [first]


class EngineServer:
    """Listens on loopback. ``before`` and ``after`` are seconds that a turn takes until it is done, and until the
    answer leaves then."""

    def __init__(self, memory: Memory, token: str, *, port: int = 0, before: float = 0.0, after: float = 0.0) -> None:
        self.memory, self.token, self.before, self.after = memory, token, before, after
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.engine = self
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Answer until the process ends."""
        self._http.serve_forever(0.05)

    def answer(self, operation: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body for one request."""
        conversation, message = str(body["conversation_id"]), str(body["message_id"])
        if not self._begin(conversation):
            return 503, _failure("not_ready", operation, "the conversation is busy")
        try:
            return 200, self._run(operation, conversation, message, body)
        finally:
            with self._lock:
                self._busy.discard(conversation)

    def _begin(self, conversation: str) -> bool:
        with self._lock:
            if conversation in self._busy:
                return False
            self._busy.add(conversation)
            return True

    def _run(self, operation: str, conversation: str, message: str, body: dict[str, Any]) -> dict[str, Any]:
        text = str(body["response"] if operation == "say" else body["text"])
        known = self.memory.recall(conversation, message, text)
        if known is not None:
            return {**known, "repeated": True}
        time.sleep(self.before)
        said = [text] if operation == "say" else replies_to(text)
        answer = _turn(text, said)
        self.memory.keep(conversation, message, text, answer)
        time.sleep(self.after)
        return answer


def _turn(text: str, said: list[str]) -> dict[str, Any]:
    replies: list[dict[str, Any]] = [
        {"text": one, "buttons": [], "image": None, "attachment": None, "custom": None} for one in said
    ]
    understood = {"text": text, "intent": {"name": "echo", "confidence": 1.0}, "ranking": [], "entities": []}
    did = [{"action": "utter_echo", "policy": "RulePolicy", "confidence": 1.0}]
    more = {"language": "id", "slots": {}, "model": MODEL, "repeated": False}
    return {"replies": replies, "understood": understood, "did": did, **more}


def _failure(kind: str, operation: str, detail: str) -> dict[str, Any]:
    return {"failure": {"kind": kind, "operation": operation, "detail": detail, "permanent": False}}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    engine: EngineServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    server: _Listener

    def do_GET(self) -> None:
        known = self.path == f"{PREFIX}/health"
        self._send(200 if known else 404, {"ready": True, "model": MODEL} if known else {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        operation = self.path.removeprefix(f"{PREFIX}/")
        if operation not in ("turn", "say"):
            self._send(404, _failure("bad_request", operation, "no such path"))
        elif not hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.server.engine.token}"):
            self._send(401, _failure("unauthorised", operation, "the token is wrong"))
        else:
            self._send(*self.server.engine.answer(operation, json.loads(body)))

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request."""

"""The fake's HTTP face: what is to be answered next is set by the test; every request is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Literal, Self

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

Fault = Literal[
    "unauthorized",
    "throttled",
    "throttled_shortly",
    "out_of_money",
    "error",
    "hang",
    "page",
    "no_json_schema",
    "unknown",
]
HANG_LIMIT = 30.0
SHUTDOWN_POLL = 0.01


def _error(message: str, kind: str | None, code: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


REFUSALS: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = {
    "unauthorized": (401, _error("Incorrect API key", "invalid_request_error", "invalid_api_key"), {}),
    "throttled": (429, _error("Rate limit", "requests", "rate_limit_exceeded"), {"Retry-After": "20"}),
    "throttled_shortly": (429, _error("Rate limit", "requests", "rate_limit_exceeded"), {"Retry-After": "0"}),
    "out_of_money": (429, {"error": {"code": "1113", "message": "Insufficient balance"}}, {}),
    "error": (500, _error("The server had an error", "server_error", None), {}),
    "unknown": (404, {"error": "model 'nobody' not found, try pulling it first"}, {}),
}
NO_SCHEMA = _error("response_format type json_schema is not supported", "invalid_request_error", 400)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: tests look at ``FakeLlm.requests``."""


@dataclass
class FakeLlm:
    """One model with one key. ``content`` is what it writes; ``faults`` come first, each once."""

    key: str = "key-of-ramah"
    content: str = '{"proposals": []}'
    finish_reason: str = "stop"
    faults: list[Fault] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._released = Event()
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet)
        self._thread = Thread(target=self._server.serve_forever, args=(SHUTDOWN_POLL,), daemon=True, name="fake-llm")
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def proposes(self, *rows: dict[str, Any]) -> None:
        """Answer with these proposals from now on."""
        self.content = json.dumps({"proposals": list(rows)}, ensure_ascii=False)

    @property
    def told(self) -> str:
        """All words of the last request."""
        return json.dumps(self.requests[-1], ensure_ascii=False)

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path != "/v1/chat/completions" or request.method != "POST":
            return _json(404, _error("Not found", "invalid_request_error", None))
        body = request.get_json()
        self.requests.append(body)
        fault = self.faults.pop(0) if self.faults else None
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            fault = "unauthorized"
        if fault in ("no_json_schema", "out_of_money"):
            self.faults.insert(0, fault)  # neither passes by itself
        if fault == "no_json_schema":
            refused = body.get("response_format", {}).get("type") == "json_schema"
            return _json(400, NO_SCHEMA) if refused else self._completion(body)
        if fault == "hang":
            self._released.wait(HANG_LIMIT)
        if fault == "page":
            return Response("<html>Bad gateway</html>", 502, mimetype="text/html")
        if fault in REFUSALS:
            status, refusal, headers = REFUSALS[fault]
            return _json(status, refusal, headers)
        return self._completion(body)

    def _completion(self, body: dict[str, Any]) -> Response:
        message = {"role": "assistant", "content": self.content}
        choice = {"index": 0, "finish_reason": self.finish_reason, "message": message}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        named = {"id": "x", "object": "chat.completion", "created": 1_760_000_000, "model": body["model"]}
        return _json(200, {**named, "choices": [choice], "usage": usage})


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, mimetype="application/json")

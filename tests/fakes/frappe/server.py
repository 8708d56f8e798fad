"""The fake site's HTTP face: token check, resource routes, methods, faults."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import sleep
from typing import Any, Self
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.fakes.frappe.errors import Refusal, page, render
from tests.fakes.frappe.faults import AFTER_COMMIT, Fault, FaultPlan, Kind
from tests.fakes.frappe.query import Document, listing
from tests.fakes.frappe.seed import seed
from tests.fakes.frappe.store import Store

REFUSALS: dict[Kind, Refusal] = {
    "unauthorized": Refusal(401, "AuthenticationError", "Invalid token"),
    "forbidden": Refusal(403, "PermissionError", "No permission for <b>this</b>"),
    "duplicate": Refusal(409, "DuplicateEntryError", "Duplicate <b>name</b>"),
    "timestamp_mismatch": Refusal(417, "TimestampMismatchError", "Document has been modified"),
    "locked": Refusal(417, "DocumentLockedError", "The document is locked"),
    "rate_limited": Refusal(429, "TooManyRequestsError", "Too many requests", retry_after=30),
    "rate_limited_old": Refusal(417, "RateLimitExceededError", "You hit the rate limit"),
    "server_error": Refusal(500, "TypeError", "unsupported operand"),
    "error_after_commit": Refusal(500, "QueryTimeoutError", "Lost after commit"),
    "deadlock": Refusal(508, "QueryDeadlockError", "Deadlock found"),
}
PAGES: dict[Kind, tuple[int, str]] = {
    "maintenance": (503, "Updating: we will be back soon"),
    "bad_gateway": (502, "502 Bad Gateway"),
    "gateway_timeout_after_commit": (504, "504 Gateway Time-out"),
    "garbage": (200, "Welcome"),
}
TRICKLE_GAP = 0.05
HANG_LIMIT = 30.0
SHUTDOWN_POLL = 0.01


@dataclass(frozen=True)
class Seen:
    """One request as it came, path decoded."""

    method: str
    path: str
    args: dict[str, str]
    body: Any


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, as with the site's own web server

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: tests look at ``FakeFrappe.requests``."""


class FakeFrappe:
    """A site with one API user. ``old_mode`` treats a wrong key as a guest (403), ``with_exc_type`` False hides
    ``exc_type``. Use it as a context manager, or ``start`` and ``stop``."""

    def __init__(self, *, site_timezone: str = "Asia/Kuala_Lumpur", host: str = "127.0.0.1", port: int = 0) -> None:
        self.api_key, self.api_secret = "key-of-ramah", "secret-of-ramah"
        self.site_timezone = site_timezone
        self.old_mode = False
        self.with_exc_type = True
        self.requests: list[Seen] = []
        self._faults = FaultPlan()
        self._released = Event()
        self._lock = Lock()
        self.reset()
        self._server = make_server(host, port, self._serve, threaded=True, request_handler=_Quiet)
        self._thread = Thread(target=self._server.serve_forever, args=(SHUTDOWN_POLL,), daemon=True, name="fake-frappe")
        self.base_url = f"http://{host}:{self._server.server_port}"

    def reset(self) -> None:
        """Back to the seeded catalogue: no customers, no orders, no faults."""
        self.store = Store(ZoneInfo(self.site_timezone))
        self._faults.clear()
        self.requests.clear()
        seed(self.store)

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Let go of hanging calls and stop."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fail_next(
        self, kind: Kind, times: int = 1, *, path: str = "/", method: str | None = None, after: int = 0
    ) -> None:
        """Let ``times`` calls to paths that begin with ``path`` fail, once ``after`` such calls have passed."""
        self._faults.add(Fault(kind, times, path, method, after))

    def heal(self) -> None:
        """Forget the faults that are still to come."""
        self._faults.clear()

    def documents(self, doctype: str) -> list[Document]:
        """All documents of a doctype."""
        return self.store.all(doctype)

    def count(self, doctype: str) -> int:
        """How many documents of a doctype there are."""
        return len(self.documents(doctype))

    def _serve(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        path = str(environ["REQUEST_URI"]).partition("?")[0]
        body = json.loads(request.get_data() or b"null")
        with self._lock:
            self.requests.append(Seen(request.method, unquote(path), request.args.to_dict(), body))
        kind = self._faults.take(request.method, unquote(path))
        response = self._answer(request, path, body, kind, environ)
        return response(environ, start_response)

    def _answer(self, request: Request, path: str, body: Any, kind: Kind | None, environ: dict[str, Any]) -> Response:
        try:
            if kind is not None and kind not in AFTER_COMMIT and kind not in {"blind", "trickle"}:
                return self._fail(kind, environ)
            self._authorize(request.headers.get("Authorization"))
            response = self._route(request, path, body)
            if kind in AFTER_COMMIT:
                return self._fail(kind, environ)
            if kind == "blind":
                return answered({"data": []})
            return trickling(response) if kind == "trickle" else response
        except Refusal as refusal:
            return render(refusal, with_exc_type=self.with_exc_type)

    def _fail(self, kind: Kind, environ: dict[str, Any]) -> Response:
        if kind in {"hang", "hang_after_commit"}:
            self._released.wait(HANG_LIMIT)
        if kind in {"hang", "hang_after_commit", "drop", "drop_after_commit"}:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return Response(b"", status=200)
        if kind in PAGES:
            return page(*PAGES[kind])
        raise REFUSALS[kind]

    def _authorize(self, header: str | None) -> None:
        if header == f"token {self.api_key}:{self.api_secret}":
            return
        if self.old_mode:
            raise Refusal(403, "PermissionError", "Guest has no access")
        raise Refusal(401, "AuthenticationError", "Authentication failed")

    def _route(self, request: Request, path: str, body: Any) -> Response:
        parts = [unquote(part) for part in path.strip("/").split("/")]
        if parts[:2] == ["api", "method"] and len(parts) == 3:
            return answered({"message": self._method(parts[2])})
        if parts[:2] != ["api", "resource"] or len(parts) not in {3, 4}:
            return page(404, "Page not found")
        if len(parts) == 3:
            return self._collection(request, parts[2], body)
        return self._document(request, parts[2], parts[3], body)

    def _method(self, dotted: str) -> Any:
        if dotted == "frappe.auth.get_logged_user":
            return "bot@example.com"
        if dotted == "frappe.client.get_time_zone":
            return {"time_zone": self.site_timezone}
        raise Refusal(403, "PermissionError", f"Method <b>{dotted}</b> is not whitelisted")

    def _collection(self, request: Request, doctype: str, body: Any) -> Response:
        if request.method == "POST":
            return answered({"data": self.store.insert(doctype, body)})
        meta = self.store.doctype(doctype)
        return answered({"data": listing(meta, self.store.all(doctype), request.args.to_dict())})

    def _document(self, request: Request, doctype: str, name: str, body: Any) -> Response:
        if request.method == "PUT":
            return answered({"data": self.store.update(doctype, name, body)})
        if request.method == "DELETE":
            self.store.delete(doctype, name)
            return answered({"data": "ok"}, status=202)
        return answered({"data": self.store.get(doctype, name)})


def answered(data: dict[str, Any], status: int = 200) -> Response:
    """A JSON response."""
    return Response(json.dumps(data), status=status, content_type="application/json")


def trickling(response: Response) -> Response:
    """The same body, byte by byte: each read is quick, the whole is not."""
    content = response.get_data()

    def drip() -> Iterator[bytes]:
        for position in range(len(content)):
            sleep(TRICKLE_GAP)
            yield content[position : position + 1]

    return Response(drip(), status=response.status_code, content_type="application/json")

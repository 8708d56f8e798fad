"""The worker's own small health page: alive, ready (and why not), metrics."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from ramah.observe.metrics import may_read
from ramah.observe.readiness import Readiness
from ramah.settings import Settings

Check = Callable[[], Readiness]


def serve_health(config: Settings, look: Check) -> ThreadingHTTPServer:
    """Serve /healthz, /readyz and /metrics in a thread. ``look`` asks what is wrong."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._show_metrics()
                return
            found = look() if self.path == "/readyz" else Readiness()
            self._answer(found.status, json.dumps(found.body()).encode(), "application/json")

        def _show_metrics(self) -> None:
            if may_read(config, self.client_address[0], self.headers.get("authorization", "")):
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            else:
                self._answer(403, b"{}", "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Health look-ups are not worth a line each."""

    server = ThreadingHTTPServer((config.worker_host, config.worker_port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True, name="health").start()
    return server

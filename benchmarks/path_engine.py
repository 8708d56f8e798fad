"""`python -m benchmarks.path_engine`: a stand-in for the engine that answers each turn after two milliseconds.

With it the message path itself is measured, not understanding. It remembers nothing across a restart.
"""

from __future__ import annotations

import argparse
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

THINKING = 0.002
"""Seconds."""
ANSWER = "jawaban untuk "


class Handler(BaseHTTPRequestHandler):
    """The routes that console and worker use; see docs/engine.md."""

    protocol_version = "HTTP/1.1"
    # One write per answer: headers and body in two would wait for a delayed acknowledgement.
    wbufsize = 65_536

    def do_GET(self) -> None:
        """The health page."""
        self._send({"ready": True})

    def do_POST(self) -> None:
        """A turn, or something to say."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        time.sleep(THINKING)
        text = f"{ANSWER}{body['text']}" if "text" in body else str(body["response"])
        understood = {"intent": {"name": "echo", "confidence": 1.0}}
        self._send({"replies": [{"text": text}], "understood": understood, "did": [], "language": "id"})

    def _send(self, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each request."""


class Listener(ThreadingHTTPServer):
    """Takes many connections at once."""

    daemon_threads = True
    request_queue_size = 128


def main() -> None:
    """Serve on loopback until killed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.path_engine", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    Listener(("127.0.0.1", parser.parse_args().port), Handler).serve_forever()


if __name__ == "__main__":
    main()

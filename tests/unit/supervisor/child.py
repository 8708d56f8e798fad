"""A process to be supervised: answers on a port, and misbehaves on request. Standard library alone, to start fast."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType


class Health(BaseHTTPRequestHandler):
    """Answers 200, or 503 until it was asked often enough."""

    refusals = 0

    def do_GET(self) -> None:
        ready = Health.refusals <= 0
        Health.refusals -= 1
        self.send_response(200 if ready else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing for each request."""


def main() -> int:
    """Serve until killed, or do what the options say."""
    options = _options()
    signal.signal(signal.SIGTERM, _on_term(options))
    print(f"pid {os.getpid()}", flush=True)
    for number in range(options.lines):
        print(f"line {number + 1}", flush=True)
    if options.exit is not None:
        return int(options.exit)
    if options.grandchild:
        sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(f"grandchild {sleeper.pid}", flush=True)
    if options.mute:
        time.sleep(600)
    Health.refusals = options.refusals
    HTTPServer(("127.0.0.1", options.port), Health).serve_forever()
    return 0


def _on_term(options: argparse.Namespace) -> Callable[[int, FrameType | None], None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        if options.stubborn:
            print("I stay", flush=True)
            return
        if options.order:
            with Path(options.order).open("a", encoding="utf-8") as file:
                file.write(f"{options.name}\n")
        # As abrupt as can be: threads and sockets are not worth a tidy end here.
        os._exit(0)

    return stop


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", default="child")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--refusals", type=int, default=0, help="answers 503 before the first 200")
    parser.add_argument("--lines", type=int, default=0, help="lines to write first")
    parser.add_argument("--exit", type=int, help="end with this code instead of serving")
    parser.add_argument("--order", help="file that gets the name when asked to stop")
    parser.add_argument("--mute", action="store_true", help="never answer")
    parser.add_argument("--stubborn", action="store_true", help="ignore SIGTERM")
    parser.add_argument("--grandchild", action="store_true", help="start a process of its own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""An engine process and the calls that the platform makes to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "engine-secret"
ACTIONS_TOKEN = "actions-secret"
START_SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningEngine:
    """`python -m engine.serve` in a project folder, or what `command` names instead."""

    def __init__(
        self,
        project: Path,
        actions_url: str,
        port: int,
        *,
        command: tuple[str, ...] = ("-m", "engine.serve"),
        **environment: str,
    ) -> None:
        self._command = command
        self.url = f"http://127.0.0.1:{port}/webhooks/ramah"
        self.database = project / "var" / f"{port}.db"
        self.log = project / f"{port}.log"
        self._project = project
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RAMAH_ENGINE_TOKEN": TOKEN,
            "RAMAH_ENGINE_PORT": str(port),
            "RAMAH_ENGINE_STORE_URL": f"sqlite:///{self.database}",
            "RAMAH_ACTIONS_URL": actions_url,
            "RAMAH_ACTIONS_TOKEN": ACTIONS_TOKEN,
            **environment,
        }

    def __enter__(self) -> RunningEngine:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=self._project,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Stop it as a supervisor does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def wait_until_ready(self) -> None:
        """Wait for the health check."""
        health = self.wait_for_answer()
        assert health.status_code == 200, f"{health.text}\n{self.log.read_text()}"

    def wait_for_answer(self) -> requests.Response:
        """Wait until the health check answers anything."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return self.health()
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError(f"the engine did not start:\n{self.log.read_text()}")

    def health(self) -> requests.Response:
        """GET /health."""
        return requests.get(f"{self.url}/health", timeout=10)

    def post(self, route: str, body: Any, token: str | None = TOKEN, **more: str) -> requests.Response:
        """POST a JSON body or raw bytes."""
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        return requests.post(f"{self.url}/{route}", headers={**headers, **more}, timeout=60, **content)

    def turn(self, conversation: str, text: str, **fields: Any) -> dict[str, Any]:
        """One turn that is expected to succeed."""
        response = self.try_turn(conversation, text, **fields)
        assert response.status_code == 200, response.text
        return response.json()

    def try_turn(self, conversation: str, text: str, **fields: Any) -> requests.Response:
        """One turn."""
        message_id = fields.pop("message_id", None) or uuid.uuid4().hex
        body = {"conversation_id": conversation, "message_id": message_id, "text": text, "channel": "web", **fields}
        return self.post("turn", body)

    def traced_turn(self, conversation: str, text: str, traceparent: str, **fields: Any) -> requests.Response:
        """One turn that belongs to a trace."""
        body = {"conversation_id": conversation, "message_id": uuid.uuid4().hex, "text": text, "channel": "web"}
        return self.post("turn", {**body, **fields}, traceparent=traceparent)


def texts(answer: dict[str, Any]) -> list[str]:
    """The texts of the replies."""
    return [reply["text"] for reply in answer["replies"]]

"""An action server that speaks the SDK's protocol and fails on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Call = dict[str, Any]


@dataclass
class Outcome:
    """What an action answers."""

    events: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: Any = None

    def as_bytes(self) -> bytes:
        """The HTTP body."""
        answer = {"events": self.events, "responses": self.responses} if self.body is None else self.body
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


Behaviour = Callable[[Call], Outcome]


def slot(name: str, value: Any) -> dict[str, Any]:
    """A slot event."""
    return {"event": "slot", "name": name, "value": value}


class FakeActionServer:
    """Runs in a thread. `behave` replaces what an action does until `reset`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.trials: list[Call] = []
        self.told: dict[str, Any] = {}
        self.headers: list[dict[str, str]] = []
        self.released = threading.Event()
        self._behaviours: dict[str, Behaviour] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"

    def __enter__(self) -> FakeActionServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def reset(self) -> None:
        """Back to good behaviour."""
        self.calls.clear()
        self.trials.clear()
        self.told.clear()
        self.headers.clear()
        self._behaviours.clear()
        self.released.clear()

    def behave(self, action: str, behaviour: Behaviour | Outcome) -> None:
        """Replace what an action does."""
        self._behaviours[action] = behaviour if callable(behaviour) else lambda _: behaviour

    def hang(self, action: str) -> None:
        """Let an action wait until the test is over."""

        def wait(_: Call) -> Outcome:
            self.released.wait(60)
            return Outcome()

        self.behave(action, wait)

    def answer(self, call: Call) -> Outcome:
        """The outcome of a call."""
        self.calls.append(call)
        return self._does(call)

    def try_out(self, trial: Call) -> Outcome:
        """The outcome of a trial's last call, with what the sandbox tells beside it."""
        self.trials.append(trial)
        outcome = self._does(trial["calls"][-1])
        if outcome.status == HTTPStatus.OK:
            outcome.body = {"events": outcome.events, "responses": outcome.responses, **self.told}
        return outcome

    def _does(self, call: Call) -> Outcome:
        action = call["next_action"]
        return self._behaviours.get(action, DEFAULT.get(action, _unknown))(call)

    def called(self) -> list[str]:
        """The actions that were called, in order."""
        return [call["next_action"] for call in self.calls]


def _handler(server: FakeActionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Be quiet."""

        def do_POST(self) -> None:
            call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            allowed = self.headers.get("Authorization") == f"Bearer {server.token}"
            answer = server.try_out if self.path.endswith("/sandbox") else server.answer
            outcome = answer(call) if allowed else Outcome(status=401)
            content = outcome.as_bytes()
            self.send_response(outcome.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


def _unknown(call: Call) -> Outcome:
    return Outcome(status=404, body={"error": "no such action", "action_name": call["next_action"]})


def _validate(call: Call) -> Outcome:
    """Takes the message for the slot that was asked for; an interrupting intent rejects the form once."""
    tracker = call["tracker"]
    asked = tracker["slots"].get("requested_slot")
    names = [e.get("name") for e in tracker["events"] if e["event"] in ("action", "user")]
    since_user = names[len(names) - names[::-1].index(None) :] if None in names else names
    is_return = any(name not in ("booking_form", "action_listen") for name in since_user)
    intent = tracker["latest_message"]["intent"]["name"]
    if not asked or is_return:
        return Outcome()
    if intent == "greet":
        return Outcome(events=[{"event": "action_execution_rejected", "name": "booking_form"}])
    return Outcome(events=[slot(asked, tracker["latest_message"]["text"])])


def _submit(call: Call) -> Outcome:
    name = call["tracker"]["slots"]["name"]
    return Outcome([slot("name", None), slot("plate", None)], [{"response": "utter_booked", "name": name}])


DEFAULT: dict[str, Behaviour] = {
    "action_fallback": lambda _: Outcome(responses=[{"text": "?"}]),
    "action_control": lambda _: Outcome(responses=[{"custom": {"handover": True}}]),
    "action_silent": lambda _: Outcome(),
    "action_pause": lambda _: Outcome(events=[{"event": "pause"}]),
    "validate_booking_form": _validate,
    "action_submit": _submit,
}

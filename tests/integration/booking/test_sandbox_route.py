"""The action server's sandbox over HTTP: for the engine alone, and with answers that tell nothing of the customer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import time_machine

from actions import booking, sandbox, wiring
from actions.sandbox import Trial
from actions.server import SANDBOX, build
from ramah.store import Database
from tests.integration.booking.customer import Customer, Door
from tests.integration.booking.pieces import at_the_summary
from tests.integration.booking.replaying import about_to, nothing_stays
from tests.integration.conftest import defaults
from tests.integration.console.served import ServedConsole

TOKEN = "actions-secret"


class ServedActions(ServedConsole):
    """The action server, served as the console is."""

    def __init__(self) -> None:
        self.app = build(defaults(actions_token=TOKEN))
        self.app.config.TOUCHUP = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._serving = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the sandbox answers."""
    server = ServedActions()
    server.start()
    yield server.url + SANDBOX
    server.stop()


@pytest.fixture
def budi(demo: Database, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Customer:
    """Somebody whose booking only lacks the yes."""
    for module in (wiring, sandbox):
        monkeypatch.setattr(module, "database", lambda: demo)
    return at_the_summary(Door(demo, clock, "webchat", "kilap-auto").enter("visitor-1", "id"))


def ask(url: str, trial: Trial | dict[str, Any], token: str = TOKEN) -> httpx.Response:
    body = trial.model_dump() if isinstance(trial, Trial) else trial
    return httpx.post(url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False)


def test_it_answers_and_nothing_stays(url: str, budi: Customer) -> None:
    with nothing_stays(budi.place.database):
        answer = ask(url, about_to(budi, taps="yes"))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert {"event": "slot", "timestamp": None, "name": "confirmation", "value": "yes"} in body["events"]
    assert {"verb": "update", "table": "drafts", "rows": 1} in body["written"] and body["withheld"] == []


def test_it_is_for_the_engine_alone(url: str, budi: Customer) -> None:
    assert ask(url, about_to(budi, taps="yes"), token="guessed").status_code == 401


def test_what_is_no_trial_is_refused(url: str) -> None:
    assert ask(url, {"next_action": "action_submit_booking"}).status_code == 422


def test_an_action_that_is_gone_is_named_and_the_customer_is_not(url: str, budi: Customer) -> None:
    trial = about_to(budi, taps="yes")
    trial.calls[-1]["next_action"] = "action_of_long_ago"
    answer = ask(url, trial)
    assert (answer.status_code, answer.json()) == (404, {"action_name": "action_of_long_ago"})


@pytest.mark.parametrize("breaks", [ValueError("Budi Santoso"), ZeroDivisionError()])
def test_an_action_that_fails_is_named_and_the_customer_is_not(
    url: str, budi: Customer, monkeypatch: pytest.MonkeyPatch, breaks: Exception
) -> None:
    monkeypatch.setattr(booking, "take_in", raising(breaks))
    with nothing_stays(budi.place.database):
        answer = ask(url, about_to(budi, taps="yes"))
    assert answer.status_code == 500
    assert answer.json()["failure"]["kind"] == type(breaks).__name__
    assert "Budi" not in answer.text and "081" not in answer.text


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> Any:
        raise error

    return fail

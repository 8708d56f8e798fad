"""The control interface for tests and for the demo page: ``/_demo/...``."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from tests.fakes.graph.accounts import Account, Habits
from tests.fakes.graph.faults import FaultOrder
from tests.fakes.graph.graph import Graph
from tests.fakes.graph.people import BusinessWrites, PersonWrites
from tests.fakes.graph.postman import Postman
from tests.fakes.graph.templates import KnownTemplate


class _Advance(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float


class _Approved(BaseModel):
    model_config = ConfigDict(extra="forbid")

    template: KnownTemplate
    phone_number_id: str | None = None


class Control:
    """Answers control requests."""

    def __init__(self, graph: Graph, postman: Postman) -> None:
        self._graph = graph
        self._postman = postman

    def get(self, name: str, query: dict[str, str]) -> Any | None:
        """Read something; None for a name that does not exist.

        ``messages?to=`` lists what the business sent, ``thread?user=`` both sides, ``journal`` what each person got,
        ``limits`` how often a speed limit had to be enforced (by error code), ``state`` the rest.
        """
        if name == "messages":
            return self._graph.lines(query.get("to"), ours=True)
        if name == "thread":
            return self._graph.lines(query.get("user"))
        if name == "journal":
            return self._graph.journal()
        if name == "limits":
            return {str(code): count for code, count in self._graph.throttle.refused.items()}
        return self._state() if name == "state" else None

    def _state(self) -> dict[str, Any]:
        return {
            "waiting": self._postman.waiting,
            "now": self._graph.now,
            "businesses": self._businesses(),
            "faults_met": self._graph.faults.met,
        }

    def _businesses(self) -> list[dict[str, str]]:
        return [
            {"phone_number_id": account.phone_number_id, "name": account.name, "number": account.display_phone_number}
            for account in self._graph.accounts.values()
        ]

    def post(self, name: str, body: bytes) -> Any | None:
        """Change something; None for a name that does not exist. Raises ValidationError."""
        if name == "inbound":
            return {"id": self._graph.person_writes(PersonWrites.model_validate_json(body))}
        if name == "echo":
            return {"id": self._graph.business_writes(BusinessWrites.model_validate_json(body))}
        if name == "templates":
            approved = _Approved.model_validate_json(body)
            self._graph.approve(approved.phone_number_id, approved.template)
        elif name == "faults":
            self._graph.order_fault(FaultOrder.model_validate_json(body))
        elif name == "habits":
            self._graph.habits = Habits.model_validate_json(body)
        elif name == "accounts":
            self._graph.add_account(Account.model_validate_json(body))
        elif name == "clock":
            self._graph.advance(_Advance.model_validate_json(body).seconds)
        elif name == "verify":
            return {"verified": prove_webhook(Account.model_validate_json(body))}
        else:
            return None
        return {"success": True}


def prove_webhook(account: Account) -> bool:
    """The handshake of the dashboard: does the webhook answer our challenge?"""
    challenge = str(secrets.randbelow(10**9))
    query = {"hub.mode": "subscribe", "hub.verify_token": account.verify_token, "hub.challenge": challenge}
    try:
        answer = httpx.get(account.webhook_url, params=query, timeout=10.0, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK and answer.text == challenge


def complaint(error: ValidationError) -> dict[str, Any]:
    """What was wrong with a control request."""
    return {"errors": [{"place": list(item["loc"]), "message": item["msg"]} for item in error.errors()]}

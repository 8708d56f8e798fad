"""Faults on demand: by the end of the recipient's number, or ordered for the next requests."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.fakes.graph.refusals import NoAnswerError, OddAnswerError, RefusalError

Place = Literal["messages", "uploads", "look_ups", "downloads"]


class Fault(StrEnum):
    """What goes wrong. ``hang``, ``cut``, ``nonsense`` and ``drip`` happen after the message was accepted."""

    HANG = "hang"
    CUT = "cut"
    NONSENSE = "nonsense"
    DRIP = "drip"
    SERVER_ERROR = "server_error"
    SERVICE_DOWN = "service_down"
    UNAUTHORISED = "unauthorised"
    BUSY = "busy"
    TOO_FAST = "too_fast"
    NOT_ALLOWED = "not_allowed"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"


SUFFIXES = {
    "990408": Fault.HANG,
    "990499": Fault.CUT,
    "990500": Fault.SERVER_ERROR,
    "990401": Fault.UNAUTHORISED,
    "990429": Fault.BUSY,
    "990056": Fault.TOO_FAST,
    "990026": Fault.UNDELIVERABLE,
    "990030": Fault.NOT_ALLOWED,
}
"""Numbers that end so always meet the fault."""


class FaultOrder(BaseModel):
    """The next ``times`` requests of one place (messages: to ``to``, or to anybody) meet ``fault``.

    ``retry_after`` is what a refusal asks for, seconds; ``content`` is what a nonsense answer says.
    """

    model_config = ConfigDict(extra="forbid")

    fault: Fault
    times: int = Field(default=1, ge=1)
    to: str | None = None
    on: Place = "messages"
    retry_after: int | None = None
    content: str = "<html>busy</html>"


class Faults:
    """Which fault the next request meets, and how many were met."""

    def __init__(self) -> None:
        self._orders: list[FaultOrder] = []
        self.met: dict[str, int] = {}

    def order(self, order: FaultOrder) -> None:
        """Add faults for later requests."""
        self._orders.append(order)

    def next_for(self, place: Place, recipient: str | None = None) -> FaultOrder | None:
        """The fault of this request, used up; None when it goes well."""
        found = self._ordered(place, recipient) or self._standing(recipient or "")
        if found is not None:
            self.met[found.fault] = self.met.get(found.fault, 0) + 1
        return found

    def _ordered(self, place: Place, recipient: str | None) -> FaultOrder | None:
        for order in self._orders:
            if order.on == place and order.to in (None, recipient):
                order.times -= 1
                self._orders = [item for item in self._orders if item.times > 0]
                return order
        return None

    def _standing(self, recipient: str) -> FaultOrder | None:
        matching = (fault for suffix, fault in SUFFIXES.items() if recipient.endswith(suffix))
        return next((FaultOrder(fault=fault) for fault in matching), None)


def refuse_before(order: FaultOrder | None, token: str = "") -> None:
    """Raise the refusal of faults that happen instead of accepting. Graph repeats the ``token`` that it cannot read."""
    if order is None:
        return
    refusals = {
        Fault.SERVER_ERROR: (500, 131000, "Something went wrong", "Message failed to send due to an unknown error."),
        Fault.SERVICE_DOWN: (503, 131016, "Service unavailable", "A service is temporarily unavailable."),
        Fault.UNAUTHORISED: (401, 190, f"Malformed access token {token}", "", 463),
        Fault.BUSY: (429, 130429, "Rate limit hit", "Cloud API message throughput has been reached."),
        Fault.TOO_FAST: (400, 131056, "(Business Account, Consumer Account) pair rate limit hit", ""),
        Fault.NOT_ALLOWED: (400, 131030, "Recipient phone number not in allowed list", ""),
        Fault.EXPIRED: (404, 100, "URL signature expired", ""),
    }
    if order.fault in refusals:
        refusal = RefusalError(*refusals[order.fault])  # type: ignore[arg-type]
        refusal.retry_after = order.retry_after
        raise refusal


def lose_answer_after(order: FaultOrder | None, answer: bytes) -> None:
    """Raise what becomes of the ``answer`` for faults that happen after accepting."""
    if order is None:
        return
    if order.fault in (Fault.HANG, Fault.CUT):
        raise NoAnswerError(silent=order.fault is Fault.HANG)
    if order.fault is Fault.NONSENSE:
        raise OddAnswerError(order.content.encode())
    if order.fault is Fault.DRIP:
        raise OddAnswerError(answer, drips=True)

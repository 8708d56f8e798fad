"""Faults on demand: by the end of the recipient's number, or ordered for the next sends."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from tests.fakes.graph.refusals import NoAnswerError, RefusalError


class Fault(StrEnum):
    """What goes wrong. ``hang`` and ``cut`` happen after the message was accepted."""

    HANG = "hang"
    CUT = "cut"
    SERVER_ERROR = "server_error"
    UNAUTHORISED = "unauthorised"
    BUSY = "busy"
    TOO_FAST = "too_fast"
    UNDELIVERABLE = "undeliverable"


SUFFIXES = {
    "990408": Fault.HANG,
    "990499": Fault.CUT,
    "990500": Fault.SERVER_ERROR,
    "990401": Fault.UNAUTHORISED,
    "990429": Fault.BUSY,
    "990056": Fault.TOO_FAST,
    "990026": Fault.UNDELIVERABLE,
}
"""Numbers that end so always meet the fault."""


class FaultOrder(BaseModel):
    """The next ``times`` sends (to ``to``, or to anybody) meet ``fault``."""

    model_config = ConfigDict(extra="forbid")

    fault: Fault
    times: int = Field(default=1, ge=1)
    to: str | None = None


class Faults:
    """Which fault the next send meets."""

    def __init__(self) -> None:
        self._orders: list[FaultOrder] = []

    def order(self, order: FaultOrder) -> None:
        """Add faults for later sends."""
        self._orders.append(order)

    def next_for(self, recipient: str) -> Fault | None:
        """The fault of this send, used up; None when it goes well."""
        for order in self._orders:
            if order.to in (None, recipient):
                order.times -= 1
                self._orders = [item for item in self._orders if item.times > 0]
                return order.fault
        return next((fault for suffix, fault in SUFFIXES.items() if recipient.endswith(suffix)), None)


def refuse_before(fault: Fault | None) -> None:
    """Raise the refusal of faults that happen instead of accepting."""
    if fault is Fault.SERVER_ERROR:
        raise RefusalError(500, 131000, "Something went wrong", "Message failed to send due to an unknown error.")
    if fault is Fault.UNAUTHORISED:
        raise RefusalError(401, 190, "Error validating access token: Session has expired", subcode=463)
    if fault is Fault.BUSY:
        raise RefusalError(429, 130429, "Rate limit hit", "Cloud API message throughput has been reached.")
    if fault is Fault.TOO_FAST:
        raise RefusalError(400, 131056, "(Business Account, Consumer Account) pair rate limit hit")


def lose_answer_after(fault: Fault | None) -> None:
    """Raise NoAnswerError for faults that happen after accepting."""
    if fault in (Fault.HANG, Fault.CUT):
        raise NoAnswerError(silent=fault is Fault.HANG)

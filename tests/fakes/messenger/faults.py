"""Faults on demand, for the next requests of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tests.fakes.messenger.refusals import NoAnswerError, OddAnswerError, RefusalError

Place = Literal["messages", "login", "pages", "subscriptions", "look_ups", "downloads"]


class Fault(StrEnum):
    """What goes wrong. All but ``refuse`` happen after the request was carried out."""

    REFUSE = "refuse"
    HANG = "hang"
    CUT = "cut"
    NONSENSE = "nonsense"
    DRIP = "drip"


@dataclass
class FaultOrder:
    """The next ``times`` requests at a place meet ``fault``; a refusal has a code. ``content`` is the nonsense."""

    fault: Fault
    on: Place = "messages"
    times: int = 1
    code: int = 1
    subcode: int | None = None
    status: int = 400
    retry_after: int | None = None
    message: str = "ordered"
    content: str = "<html>busy</html>"


class Faults:
    """Which fault the next request meets, and how many were met."""

    def __init__(self) -> None:
        self._orders: list[FaultOrder] = []
        self.met = 0

    def order(self, order: FaultOrder) -> None:
        """Add faults for later requests."""
        self._orders.append(order)

    def next_at(self, place: Place) -> FaultOrder | None:
        """The fault of this request, used up; None when it goes well. Raises RefusalError for a refusal."""
        order = next((item for item in self._orders if item.on == place), None)
        if order is None:
            return None
        self.met += 1
        order.times -= 1
        self._orders = [item for item in self._orders if item.times > 0]
        if order.fault is Fault.REFUSE:
            raise RefusalError(
                order.code, order.message, order.subcode, status=order.status, retry_after=order.retry_after
            )
        return order


def lose_answer(order: FaultOrder | None, answer: bytes) -> None:
    """Raise what becomes of an answer whose request was carried out."""
    if order is None:
        return
    if order.fault in (Fault.HANG, Fault.CUT):
        raise NoAnswerError(silent=order.fault is Fault.HANG)
    drips = order.fault is Fault.DRIP
    raise OddAnswerError(answer if drips else order.content.encode(), drips=drips)

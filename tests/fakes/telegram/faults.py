"""Faults on demand, for the next calls of some methods."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fakes.telegram.refusals import LostAnswer, OddAnswer, Refused

HTML = b"<html><head><title>Bad Gateway</title></head></html>"
SENDING = "send"
"""Stands for all methods that send a message."""


class Fault(StrEnum):
    """What goes wrong. The first five happen instead of the call, the others after it was carried out."""

    FLOOD = "flood"
    FLOOD_IN_WORDS = "flood_in_words"
    BROKEN = "broken"
    HTML = "html"
    REFUSE = "refuse"
    CUT = "cut"
    HANG = "hang"
    NONSENSE = "nonsense"
    SLOW = "slow"


@dataclass
class FaultOrder:
    """The next ``times`` calls of ``method`` meet ``fault``."""

    fault: Fault
    method: str = SENDING
    times: int = 1
    code: int = 0
    description: str = ""
    retry_after: int = 7
    content: bytes = b'{"ok": 1'


class Faults:
    """Which fault the next call meets, and how many were met."""

    def __init__(self) -> None:
        self._orders: list[FaultOrder] = []
        self.met = 0

    def order(self, order: FaultOrder) -> None:
        """Add faults for later calls."""
        self._orders.append(order)

    def next_for(self, method: str) -> FaultOrder | None:
        """The fault of this call, used up; None when it goes well. Raises what stands in place of the call."""
        sending = method.startswith("send") and method != "sendChatAction"
        wanted = (item for item in self._orders if item.method == method or (item.method == SENDING and sending))
        order = next(wanted, None)
        if order is None:
            return None
        self.met += 1
        order.times -= 1
        self._orders = [item for item in self._orders if item.times > 0]
        _refuse(order)
        return order


def _refuse(order: FaultOrder) -> None:
    in_words = f"Too Many Requests: retry after {order.retry_after}"
    if order.fault is Fault.FLOOD:
        raise Refused(429, in_words, retry_after=order.retry_after)
    if order.fault is Fault.FLOOD_IN_WORDS:
        raise Refused(429, in_words)
    if order.fault is Fault.BROKEN:
        raise Refused(order.code or 500, order.description or "Internal Server Error")
    if order.fault is Fault.HTML:
        raise OddAnswer(order.code or 503, HTML)
    if order.fault is Fault.REFUSE:
        raise Refused(order.code or 400, order.description or "Bad Request: ordered")


def lose_answer(order: FaultOrder | None, answer: Any) -> None:
    """Raise what becomes of an answer whose call was carried out."""
    if order is None:
        return
    if order.fault in (Fault.CUT, Fault.HANG):
        raise LostAnswer(silent=order.fault is Fault.HANG)
    drips = order.fault is Fault.SLOW
    raise OddAnswer(200, json.dumps(answer).encode() if drips else order.content, drips=drips)

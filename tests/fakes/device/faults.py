"""Faults of the next sends."""

from __future__ import annotations

from enum import StrEnum

from tests.fakes.device.refusals import LostAnswer, OddAnswer, Refusal


class Fault(StrEnum):
    """What goes wrong; the last four happen after the message went out."""

    UNAUTHORISED = "unauthorised"
    TOO_FAST = "too_fast"
    BROKEN = "broken"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    NOT_CONNECTED = "not_connected"
    ERROR_AFTER_SENDING = "error_after_sending"
    RESET = "reset"
    SILENT = "silent"
    NONSENSE = "nonsense"


_BEFORE = {
    Fault.UNAUTHORISED: ("unauthorized", None),
    Fault.TOO_FAST: ("rate_limited", 7),
    Fault.BROKEN: ("unavailable", None),
    Fault.NOT_ON_WHATSAPP: ("not_on_whatsapp", None),
    Fault.NOT_CONNECTED: ("not_connected", None),
}


def refuse_before(fault: Fault | None) -> None:
    """Raise the refusal of faults that happen instead of sending."""
    if fault in _BEFORE:
        raise Refusal(*_BEFORE[fault])


def lose_after(fault: Fault | None) -> None:
    """Raise what becomes of the answer of a message that went out."""
    if fault in (Fault.RESET, Fault.SILENT):
        raise LostAnswer(silent=fault is Fault.SILENT)
    if fault is Fault.NONSENSE:
        raise OddAnswer(200, b"<html>busy</html>")
    if fault is Fault.ERROR_AFTER_SENDING:
        raise Refusal("gateway_error")

"""How far a conversation is on its way from a greeting to the time after the service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The stages, in order."""

    GREETING = "greeting"
    IDENTIFIED = "identified"
    NEED_KNOWN = "need_known"
    DETAILS = "details"
    QUOTED = "quoted"
    CONFIRMED = "confirmed"
    PAID = "paid"
    AFTER_SALES = "after_sales"


@dataclass(frozen=True)
class KnownFacts:
    """What is known when a turn ends.

    ``person``: a name or a number. ``need``: a service, or a message that asked for one. ``details``: the current
    draft holds more than that. ``quoted``: its summary with the price was shown. ``booked``, ``paid`` and ``over`` are
    of the latest booking: it is made, its bill is paid, the visit lies behind."""

    person: bool = False
    need: bool = False
    open_draft: bool = False
    details: bool = False
    quoted: bool = False
    booked: bool = False
    paid: bool = False
    over: bool = False


def stage_of(known: KnownFacts) -> Stage:
    """The stage. A booking in the making comes before those that are made: that is what is talked about."""
    if known.open_draft:
        return _in_the_making(known)
    if known.booked:
        return Stage.AFTER_SALES if known.over else Stage.PAID if known.paid else Stage.CONFIRMED
    if known.need:
        return Stage.NEED_KNOWN
    return Stage.IDENTIFIED if known.person else Stage.GREETING


def _in_the_making(known: KnownFacts) -> Stage:
    if known.quoted:
        return Stage.QUOTED
    if known.details:
        return Stage.DETAILS
    return Stage.NEED_KNOWN

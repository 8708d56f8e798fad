"""Which bill a slip is probably for. A proposal: a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ramah.billing.bills import BillView
from ramah.billing.flags import Flag
from ramah.billing.models import BillStatus
from ramah.billing.slip import SlipText, named_by


class Certainty(StrEnum):
    """Why a bill is proposed, the surest first. ``chosen``: the customer or an operator said so."""

    EXACT = "exact"  # amount and reference
    CHOSEN = "chosen"
    REFERENCE = "reference"
    AMOUNT = "amount"  # and only one bill has it
    ONLY = "only"  # nothing was read, and only one bill is open
    NONE = "none"


@dataclass(frozen=True)
class Match:
    """A proposal."""

    bill: BillView | None
    certainty: Certainty
    flags: tuple[Flag, ...] = ()


NO_MATCH = Match(None, Certainty.NONE)


def propose(bills: Sequence[BillView], read: SlipText) -> Match:
    """Amount and reference, else reference, else an amount that one bill has, else the only open bill."""
    named = named_by(read, bills)
    if len(named) == 1:
        exact = named[0].amount_minor in read.amounts
        return _match(named[0], Certainty.EXACT if exact else Certainty.REFERENCE, read)
    candidates = named or [bill for bill in bills if bill.status is BillStatus.OPEN] or list(bills)
    fitting = [bill for bill in candidates if bill.amount_minor in read.amounts]
    if len(fitting) == 1:
        return _match(fitting[0], Certainty.AMOUNT, read)
    if len(candidates) == 1 and not read.reference:
        return _match(candidates[0], Certainty.ONLY, read)
    return NO_MATCH


def chosen(bill: BillView, read: SlipText) -> Match:
    """The proposal for a bill that somebody named by a button."""
    return _match(bill, Certainty.CHOSEN, read)


def amount_of(read: SlipText, bill: BillView | None) -> int | None:
    """The amount to show for a slip: the bill's where the text has it, else the first that it has. Minor units."""
    if bill is not None and bill.amount_minor in read.amounts:
        return bill.amount_minor
    return read.amounts[0] if read.amounts else None


def _match(bill: BillView, certainty: Certainty, read: SlipText) -> Match:
    flags = []
    if read.amounts and bill.amount_minor not in read.amounts:
        flags.append(Flag.AMOUNT_DIFFERS)
    if bill.status is BillStatus.CLAIMED:
        flags.append(Flag.BILL_CLAIMED)
    return Match(bill, certainty, tuple(flags))

"""Buttons that name a bill."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel

from ramah.billing.bills import BillView
from ramah.lib.wording import money, short_date

MOST_CHOICES = 10
"""As many rows as the longest list of any channel has."""


class BillChoice(BaseModel):
    """One button: the amount and reference on it, the bill (and the proof that it is for) in it."""

    title: str
    payload: str
    description: str | None = None


def bill_choices(bills: Sequence[BillView], language: str, proof_id: str | None = None) -> tuple[BillChoice, ...]:
    """A button for each of the first bills."""
    return tuple(_choice(bill, language, proof_id) for bill in bills[:MOST_CHOICES])


def _choice(bill: BillView, language: str, proof_id: str | None) -> BillChoice:
    named = {"bill": bill.id, **({"proof": proof_id} if proof_id else {})}
    return BillChoice(
        title=f"{money(bill.amount_minor, bill.currency, language)} {bill.reference}"[:24],
        payload="/choose_bill" + json.dumps(named, separators=(",", ":")),
        description=f"{bill.description}, {short_date(bill.due_on, language)}"[:72],
    )

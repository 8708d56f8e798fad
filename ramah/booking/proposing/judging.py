"""What is left of a language model's answer once everything was checked that is checked in typed text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ramah.booking.checks import check
from ramah.booking.context import BookingContext
from ramah.booking.facts import ADDRESS_EXTRAS, OUTLET, PIN, SUBSCRIPTION
from ramah.booking.heard import Heard, Tap
from ramah.booking.proposing.prompt import HIDDEN, MOST_PROPOSALS, choices
from ramah.booking.reading import read
from ramah.booking.taps import is_offered
from ramah.booking.understanding import reading_context
from ramah.integrations.llm import Unreadable

COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "car_model": ("car_make", "car_size", "car_colour"),
    "street": tuple(name for name in ADDRESS_EXTRAS if name not in PIN),
}
"""Facts that are never asked and come with the one that is."""

IMPLIED: Mapping[str, tuple[str, str]] = {"plan": ("booking_kind", SUBSCRIPTION), "outlet": ("place", OUTLET)}


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    field: str
    quote: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    choice: str | None = None


def judge(
    answer: object, message: str, fields: Sequence[str], facts: Mapping[str, str], context: BookingContext
) -> dict[str, str]:
    """The facts that may be put before the customer. ``message`` is the text as it was sent to the model.

    Each must be quoted from the message and be accepted by the reader of its field, or be one of the values that its
    buttons offer; together they must stand up to the same checks as typed ones. Raises Unreadable."""
    found: dict[str, str] = {}
    for row in _rows(answer):
        quoted = _quoted(row.quote, message)
        if quoted is not None and row.field in fields and row.field not in found:
            found |= _accepted(row, quoted, facts, context)
    new = {name: value for name, value in found.items() if name not in facts}
    return _standing(new, facts, context)


def _rows(answer: object) -> list[_Row]:
    rows = answer.get("proposals") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("the answer has no list of proposals", code="no_proposals")
    return [row for row in map(_row, rows[:MOST_PROPOSALS]) if row is not None]


def _row(row: object) -> _Row | None:
    try:
        return _Row.model_validate(row)
    except ValidationError:
        return None  # one odd row says nothing about the others


def _quoted(quote: str, message: str) -> str | None:
    """The part of the message that is quoted, as the customer wrote it; whole words only."""
    words = quote.split()
    if not words or HIDDEN in quote:
        return None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
    match = re.search(pattern, message, re.IGNORECASE)
    return match[0] if match else None


def _accepted(row: _Row, quoted: str, facts: Mapping[str, str], context: BookingContext) -> dict[str, str]:
    known = read(Heard(text=quoted), row.field, reading_context(facts, context)).facts
    if row.field in known:
        return {name: known[name] for name in (row.field, *COMPANIONS.get(row.field, ())) if name in known} | _implied(
            row.field
        )
    choice = row.choice
    offered = choice in choices(row.field, context) if choice else False
    if choice and offered and is_offered(Tap("", row.field, choice), context.catalogue, context.outlets):
        return {row.field: choice} | _implied(row.field)
    return {}


def _implied(name: str) -> dict[str, str]:
    return dict([IMPLIED[name]]) if name in IMPLIED else {}


def _standing(new: Mapping[str, str], facts: Mapping[str, str], context: BookingContext) -> dict[str, str]:
    """Those that hold against outlets, hours and capacity; none, where they would change what was said."""
    trial = {**facts, **new}
    check(trial, context)
    if any(trial.get(name) != value for name, value in facts.items()):
        return {}
    return {name: value for name, value in new.items() if trial.get(name) == value}

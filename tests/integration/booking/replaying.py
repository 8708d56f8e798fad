"""A turn at the booking form as the engine would have it tried again: its calls, the moment, what was remembered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from actions.sandbox import Trial
from actions.server import DiscreetExecutor
from ramah.booking.facts import STEPS
from ramah.cli.tables import metadata
from ramah.store import Database, utc_now
from tests.integration.booking.customer import Customer

Rows = dict[str, list[str]]


def executor() -> DiscreetExecutor:
    """All actions of the house."""
    found = DiscreetExecutor(seconds=5.0)
    found.register_package("actions")
    return found


def every_row(database: Database) -> Rows:
    """What lies in each table."""
    with database.every_organisation_reading() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in metadata().sorted_tables
        }


@contextmanager
def nothing_stays(database: Database) -> Iterator[None]:
    """Whatever runs inside must leave every table as it is."""
    before = every_row(database)
    assert sum(map(len, before.values())) > 50
    yield
    assert every_row(database) == before


def about_to(customer: Customer, *, taps: str | None = None, says: str = "") -> Trial:
    """The turn that a customer is about to take, by a tap on a button of the question or in words."""
    customer.waits(timedelta(seconds=5))
    heard = _tapped(customer, taps) if taps else {"text": says, "intent": {"name": "inform"}, "entities": []}
    slots = remembered(customer)
    tracker = {
        "sender_id": customer.place.conversation_id,
        "slots": {**slots, "language": customer.place.language},
        "latest_message": {**heard, "message_id": str(customer.sent + 1), "metadata": {}},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {"name": "booking_form"},
        "latest_action_name": "action_listen",
    }
    call = {"next_action": "validate_booking_form", "sender_id": "c", "tracker": tracker, "domain": {"slots": {}}}
    return Trial(
        replay=uuid4().hex,
        conversation_id=customer.place.conversation_id,
        message_id=str(customer.sent + 1),
        moment=utc_now().timestamp(),
        slots=slots,
        calls=[call],
    )


def then_calls(trial: Trial, action: str, events: Sequence[dict[str, Any]]) -> Trial:
    """The same turn one action later, with the slots that the last one has set."""
    last = trial.calls[-1]
    told = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    tracker = {**last["tracker"], "slots": {**last["tracker"]["slots"], **told}}
    return trial.model_copy(update={"calls": [*trial.calls, {**last, "next_action": action, "tracker": tracker}]})


def remembered(customer: Customer) -> dict[str, Any]:
    """The dialogue's slots before the turn."""
    facts = dict(customer.heard[-1].draft.facts) if customer.heard and customer.draft_id else {}
    steps = {step: facts.get(step) for step in STEPS}
    return {**steps, "draft_id": customer.draft_id, "requested_slot": customer.expected}


def _tapped(customer: Customer, value: str) -> dict[str, Any]:
    carried = {"draft": customer.tag, "step": customer.expected, "value": value, "nonce": customer.nonce}
    entities = [{"entity": name, "value": held} for name, held in carried.items()]
    return {"text": f"/choose{json.dumps(carried)}", "intent": {"name": "choose"}, "entities": entities}

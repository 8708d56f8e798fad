"""Actions of a turn of long ago, tried once more: they run as ever, and nothing of it stays or gets out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic import BaseModel, Field
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import slots
from actions.wiring import database
from ramah.billing.rewinding import rewind_payments
from ramah.booking.rewinding import Then, rewind_bookings
from ramah.lib.deadline import within
from ramah.lib.sandbox import Sandbox, inside
from ramah.messaging.conversations import organisation_of
from ramah.store import discarding
from ramah.support.rewinding import rewind_tickets

SECONDS = 5.0
"""For all questions to other systems together: on SQLite nobody else writes meanwhile."""


class Trial(BaseModel):
    """What the engine asks for: the last of ``calls``, after the earlier ones of the same turn.

    ``moment`` is when the turn began, in seconds since 1970, ``slots`` what the dialogue remembered then. ``replay``
    names the run: the same one gets the same ids, so that what an earlier call made is found by a later one."""

    replay: str = Field(min_length=8, max_length=64)
    conversation_id: str
    message_id: str
    moment: float
    slots: dict[str, Any] = Field(default_factory=dict)
    calls: list[dict[str, Any]] = Field(min_length=1, max_length=30)


class Tried(BaseModel):
    """What the last call answered, what other systems would have been asked and which rows been written."""

    answer: dict[str, Any]
    withheld: list[dict[str, str]]
    written: list[dict[str, str | int]]


def try_out(executor: ActionExecutor, trial: Trial) -> Tried:
    """Run the calls in order, and roll everything back. Blocks, and cannot be cut off half-way.

    Each request runs the earlier calls again, since nothing of them stayed. Raises what the last action raises."""
    sandbox = Sandbox(datetime.fromtimestamp(trial.moment, UTC), trial.replay)
    told_apart = structlog.contextvars.bound_contextvars(sandbox=trial.replay)
    with told_apart, inside(sandbox), discarding(), within(SECONDS):
        _rewind(trial, sandbox)
        result = asyncio.run(_run(executor, trial.calls, sandbox))
    return Tried(
        answer=result.model_dump() if result else {"events": [], "responses": []},
        withheld=[vars(one) for one in sandbox.withheld],
        written=[{"verb": verb, "table": table, "rows": rows} for (verb, table), rows in sandbox.written.items()],
    )


def _rewind(trial: Trial, sandbox: Sandbox) -> None:
    organisation_id = organisation_of(database(), trial.conversation_id)
    then = Then(
        conversation_id=trial.conversation_id,
        message_id=trial.message_id,
        moment=sandbox.moment,
        slots=trial.slots,
        tap=slots.heard(Tracker.from_dict(trial.calls[0]["tracker"])).tap,
    )
    with database().tenant(organisation_id) as session:
        sandbox.undone |= rewind_bookings(session, then)
        rewind_tickets(session, then)
        rewind_payments(session, then)


async def _run(executor: ActionExecutor, calls: list[dict[str, Any]], sandbox: Sandbox) -> Any:
    for call in calls[:-1]:
        try:
            await executor.run(call)
        except ActionExecutionRejection:
            continue  # it stepped aside when it was the last one as well
    sandbox.begin_last()
    return await executor.run(calls[-1])

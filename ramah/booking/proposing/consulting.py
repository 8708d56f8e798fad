"""When a language model is asked about a message, and what becomes of its answer. Nothing is set here: it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from ramah.booking.context import BookingContext, Place
from ramah.booking.deciding import Outcome
from ramah.booking.drafts import DraftView
from ramah.booking.facts import STEPS, missing_steps
from ramah.booking.heard import Heard
from ramah.booking.models import Draft
from ramah.booking.proposing.judging import judge
from ramah.booking.proposing.model import chat_model
from ramah.booking.proposing.prompt import MEANINGS, question, without_numbers
from ramah.integrations.errors import IntegrationError
from ramah.integrations.http import NotAsked
from ramah.integrations.llm.client import Resting
from ramah.lib.spans import span
from ramah.observe import record_incident
from ramah.settings import settings

SHORTEST, LONGEST = 3, 500
"""Characters of a message that is worth asking about."""

BUDGET_PERIOD = timedelta(hours=24)
MOST_REMEMBERED = 5
NOT_ABOUT = frozenset({"affirm", "deny"})

log = structlog.get_logger()


def consult(place: Place, heard: Heard, before: DraftView | None, outcome: Outcome, context: BookingContext) -> Outcome:
    """The outcome with a proposal to be confirmed beside its step, where a model made one that stands.

    Blocks for at most RAMAH_LLM_TIMEOUT. A model that is absent, late or wrong changes nothing."""
    model = chat_model() if context.organisation.profile.get("llm") is True else None
    if model is None or not unplaced(heard, outcome) or _spent(place, context.now) >= settings().llm_budget:
        return outcome
    draft, message = outcome.draft, without_numbers(heard.text)
    fields = open_fields(draft, context)
    try:
        with span("llm ask", step=outcome.step):
            answer = model.ask(question(message, outcome.step or "", fields, context))
        found = judge(answer, message, fields, draft.facts, context)
    except IntegrationError as error:
        _report(place, error)
        found = {}
    asked = {**draft.asked, "llm": [*draft.asked.get("llm", ()), context.now.isoformat()][-settings().llm_budget :]}
    draft = replace(draft, asked=asked)
    tries = int(before.asked.get("tries", 0)) if before is not None and before.id == draft.id else 0
    return replace(outcome, draft=with_proposal(draft, found, tries) if found else draft)


def unplaced(heard: Heard, outcome: Outcome) -> bool:
    """Whether the form would ask the same again because it could make nothing of what was typed."""
    asked = outcome.draft.asked
    typed = heard.tap is None and heard.pin is None and heard.file is None and heard.intent not in NOT_ABOUT
    stuck = outcome.step in MEANINGS and not outcome.interrupted and not outcome.notices and not asked.get("pending")
    return typed and stuck and int(asked.get("tries", 0)) > 0 and SHORTEST <= len(heard.text.strip()) <= LONGEST


def open_fields(draft: DraftView, context: BookingContext) -> tuple[str, ...]:
    """The fields that still lack a value and may be proposed."""
    missing = missing_steps(draft.facts, context.shape(context.catalogue.service(draft.facts.get("service"))))
    # A plan may be named before anybody said that it shall be a subscription.
    return tuple(name for name in STEPS if name in MEANINGS and (name in missing or _may_come_early(name, draft.facts)))


def _may_come_early(name: str, facts: Mapping[str, str]) -> bool:
    opened_by = {"plan": "booking_kind", "outlet": "place", "street": "place", "city": "place", "postcode": "place"}
    return name in opened_by and opened_by[name] not in facts and name not in facts


def with_proposal(draft: DraftView, found: Mapping[str, str], tries: int) -> DraftView:
    """The draft with the question whether these facts are meant. That question takes the place of the ladder's next
    step, so ``tries`` are those before; what the customer said no to once is not proposed again."""
    if dict(found) in draft.asked.get("declined", ()):
        return draft
    number = str(draft.round)
    remembered: dict[str, Any] = {**draft.asked.get("proposed", {}), number: dict(found)}
    latest = dict(list(remembered.items())[-MOST_REMEMBERED:])
    pending = {"kind": "proposal", "number": number}
    return replace(draft, asked={**draft.asked, "proposed": latest, "pending": pending, "tries": tries})


def _spent(place: Place, now: datetime) -> int:
    """How often a model was asked about this conversation lately, answered or not."""
    since = now - BUDGET_PERIOD
    rows = select(Draft.asked).where(Draft.conversation_id == place.conversation_id, Draft.updated_at > since)
    with place.database.tenant_reading(place.organisation_id) as session:
        times = [str(at) for asked in session.scalars(rows) for at in asked.get("llm", ())]
    return sum(datetime.fromisoformat(at) > since for at in times)


def _report(place: Place, error: IntegrationError) -> None:
    """One line in the log; an incident for what is news. The text of neither holds what anybody wrote."""
    log.warning("no_proposal", reason=type(error).__name__, code=error.code)
    if not isinstance(error, Resting | NotAsked):
        record_incident(place.database, place.organisation_id, error, "booking:proposal", place.conversation_id)

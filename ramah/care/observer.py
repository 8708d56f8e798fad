"""Watches each turn: reads the mood, tells the stage, calls the doctor, and notes what the next look needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from ramah.booking.interruptions import INTERRUPTIONS
from ramah.booking.models import Draft
from ramah.care.case import record_case
from ramah.care.chart import Chart, read_chart
from ramah.care.circumstances import Circumstances, Paid, read_circumstances
from ramah.care.comfort import wants_comfort
from ramah.care.doctor import Finding, examine
from ramah.care.stages import stage_of
from ramah.care.watched import WatchedTurn, facts_of, words_of
from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineError, EngineTurn
from ramah.messaging.models import Inbound
from ramah.messaging.observing import Observation, Remedy
from ramah.mood import Mood, read_mood
from ramah.store import Database

BOOKING_FORM = "booking_form"
FALLBACK = "action_fallback"
UNSTUCK = "/unstuck"
OFFER_PERSON = "utter_offer_person_upset"
ANSWERS = frozenset({"inform", "choose", "correct", "affirm", "deny", "nlu_fallback"})
OURS = frozenset({"action_failed", "internal", "no_reply"})
"""Failures of the dialogue itself, not of what it runs on."""

VIEW_ONLY = frozenset({"language", "language_chosen", "requested_slot"})


def nothing_paid(session: Session, draft: Draft) -> bool:
    """Where no bills are kept, none is paid."""
    return False


class CareObserver:
    """The watcher of all conversations; safe to share between threads.

    :param paid: whether the bill of a booking is paid; who keeps bills says so.
    """

    def __init__(self, database: Database, paid: Paid = nothing_paid) -> None:
        self._database = database
        self._paid = paid

    def before(self, claim: Claim) -> dict[str, str]:
        """The mood for actions: that of the message, and whether the customer is upset these turns."""
        mood = _mood(claim)
        with self._database.tenant_reading(claim.organisation_id) as session:
            recent = read_chart(session, claim).turns[-2:]
        upset = mood.upset or any(turn.troubled for turn in recent)
        return {
            "mood": mood.label,
            "mood_score": f"{mood.score:.3f}",
            "urgent": _word(mood.urgent),
            "upset": _word(upset),
        }

    def observe(self, claim: Claim, turn: EngineTurn, *, answered: bool) -> Observation:
        """Look at a turn before it is written."""
        mood = _mood(claim)
        with self._database.tenant_reading(claim.organisation_id) as session:
            chart = read_chart(session, claim)
            around = read_circumstances(session, claim, _text(turn.slots.get("draft_id")), self._paid)
            watched = _watched(session, claim, turn, around, mood, answered=answered)
        observation = Observation(
            mood=mood.label,
            mood_score=mood.score,
            urgent=mood.urgent,
            stage=stage_of(around.known(watched.intent, watched.step)),
        )
        if not answered:
            return replace(observation, watched=watched.as_json())
        return self._cared_for(claim, turn, chart, watched, observation)

    def rescue(self, claim: Claim, error: EngineError) -> Remedy | None:
        """A dialogue that fails at a message whatever is done is left, once; the second time a person gets it."""
        if error.kind not in OURS:
            return None
        with self._database.tenant_reading(claim.organisation_id) as session:
            chart = read_chart(session, claim)
        if not chart.may_intervene:
            return None
        record_case(self._database, claim, EngineTurn(replies=[]), Finding.ERROR_TWICE, str(error), error.operation)
        return Remedy(Finding.ERROR_TWICE, UNSTUCK, hands_over=chart.hands_over)

    def _cared_for(
        self, claim: Claim, turn: EngineTurn, chart: Chart, watched: WatchedTurn, observation: Observation
    ) -> Observation:
        if _hands_over(turn):
            return replace(observation, watched=watched.as_json())
        finding = examine([*chart.since_doctor, watched]) if chart.may_intervene else None
        if finding is not None:
            record_case(self._database, claim, turn, finding, f"the step was {watched.step or 'none'}", None)
            remedy = Remedy(finding, UNSTUCK, _question_numbers(turn)[-1:], hands_over=chart.hands_over)
            return replace(observation, remedy=remedy, watched=watched.as_json())
        if wants_comfort([*chart.turns, watched]):
            comforted = replace(watched, comforted=True)
            return replace(observation, afterwards=OFFER_PERSON, watched=comforted.as_json())
        return replace(observation, watched=watched.as_json())


def _mood(claim: Claim) -> Mood:
    return read_mood("" if claim.payload else claim.text, claim.language)


def _watched(
    session: Session, claim: Claim, turn: EngineTurn, around: Circumstances, mood: Mood, *, answered: bool
) -> WatchedTurn:
    inbound = session.get_one(Inbound, claim.inbound_id)
    intent = _text(((turn.understood or {}).get("intent") or {}).get("name"))
    step = _text(turn.slots.get("requested_slot"))
    done = {str(action.get("action")) for action in turn.did}
    lost = FALLBACK in done and intent in ANSWERS
    booking = BOOKING_FORM in done
    slots = {name: value for name, value in turn.slots.items() if name not in VIEW_ONLY}
    return WatchedTurn(
        position=inbound.position,
        sent_at=inbound.sent_at.timestamp() if inbound.sent_at else None,
        intent=intent,
        step=step,
        question=_question(turn) if step or lost else "",
        booking=booking,
        draft=around.draft.id if around.draft else None,
        draft_open=around.draft is not None,
        facts=facts_of({**slots, **around.facts}),
        known=booking and around.has_answered(step),
        aside=intent in INTERRUPTIONS,
        lost=lost,
        answered=answered,
        troubled=mood.upset or mood.urgent,
    )


def _question_numbers(turn: EngineTurn) -> tuple[int, ...]:
    return tuple(number for number, reply in enumerate(turn.replies) if reply.text)


def _question(turn: EngineTurn) -> str:
    numbers = _question_numbers(turn)
    return words_of(turn.replies[numbers[-1]].text or "") if numbers else ""


def _hands_over(turn: EngineTurn) -> bool:
    return any("handover" in (reply.custom or {}) for reply in turn.replies)


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _word(value: bool) -> str:
    return "true" if value else "false"

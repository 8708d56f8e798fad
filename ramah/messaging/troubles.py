"""What a finished turn tells those who run the platform: its figures, and what went wrong although it was answered."""

from __future__ import annotations

from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineError, EngineTurn
from ramah.messaging.inbox import SAY
from ramah.messaging.routing import Route
from ramah.observe import record_incident
from ramah.observe.metrics import ANSWERS, TURNS, note_model
from ramah.store import Database, utc_now


def record_troubles(database: Database, claim: Claim, turn: EngineTurn) -> None:
    """One incident for each trouble that the engine tells of."""
    for told in turn.troubles:
        trouble = EngineError(
            told.detail,
            told.kind,
            operation=told.operation,
            permanent=True,
            subsystem=told.subsystem,
            place=told.place,
        )
        record_incident(database, claim.organisation_id, trouble, f"turn:{told.operation}", claim.conversation_id)


def note_turn(claim: Claim, turn: EngineTurn, chosen: Route, seconds: float) -> None:
    """Count it. An answer's time begins when the message arrived."""
    TURNS.labels(chosen).observe(seconds)
    note_model(turn.model)
    if claim.kind != SAY:
        ANSWERS.labels(claim.channel).observe(max(0.0, (utc_now() - claim.received_at).total_seconds()))

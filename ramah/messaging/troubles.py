"""What went wrong in a turn although the customer got an answer: incidents with the place that the engine names."""

from __future__ import annotations

from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineError, EngineTurn
from ramah.observe import record_incident
from ramah.store import Database


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

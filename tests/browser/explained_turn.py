"""A turn with everything that its page can show, written as the worker would."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramah.lib.errors import BadInput
from ramah.lib.spans import Recorder
from ramah.lib.trace_context import TraceContext, new_trace_id
from ramah.messaging.models import Inbound, Interaction, TurnTrace
from ramah.messaging.tracing import micros_of
from ramah.observe import Incident, record_incident
from ramah.store import Database

STEPS: tuple[tuple[str, str, int, int, dict[str, Any]], ...] = (
    ("console", "verify", 0, 400, {"channel": "whatsapp"}),
    ("console", "keep", 400, 2600, {"bytes": 812}),
    ("console", "parse", 3000, 700, {}),
    ("console", "store", 3700, 4100, {}),
    ("worker", "wait", 7800, 21000, {"attempt": 1}),
    ("worker", "claim", 28800, 3200, {}),
    ("worker", "engine turn", 33000, 96000, {}),
    ("engine", "understand", 36000, 14000, {}),
    ("engine", "run LinearIntentClassifier", 38000, 9000, {}),
    ("engine", "action booking_form", 52000, 70000, {}),
    ("actions", "run validate_booking_form", 58000, 60000, {}),
    ("actions", "erp taken", 64000, 48000, {"system": "frappe", "answer": "3 rows"}),
    ("worker", "observe", 130000, 1900, {}),
)
PARENTS = {7: 6, 8: 7, 9: 6, 10: 9, 11: 10}
UNDERSTOOD: dict[str, Any] = {
    "text": "halo, mau servis mobil besok pagi",
    "intent": {"name": "book_service", "confidence": 0.91},
    "ranking": [
        {"name": "book_service", "confidence": 0.91},
        {"name": "ask_price", "confidence": 0.06},
        {"name": "greet", "confidence": 0.02},
    ],
    "entities": [{"entity": "field", "value": "car", "start": 17, "end": 22, "extractor": "RegexEntityExtractor"}],
    "language": {"name": "id", "probability": 0.99},
}
EXPLAINED: dict[str, Any] = {
    "normalised": "halo mau servis mobil besok pagi",
    "decisions": [
        {"action": "booking_form", "policy": "RulePolicy", "rule": "A booking begins", "file": "data/booking/rules.yml"}
    ],
    "responses": [
        {"response": "utter_ask_service", "template": "Mau layanan apa, {name}?", "variables": {"name": "Siti"}}
    ],
    "slots": {"requested_slot": {"after": "service"}, "appointment_date": {"before": "lusa", "after": "2026-11-22"}},
}


def explain_first_message(database: Database, organisation_id: str) -> int:
    """Keep a trace of the first message's turn; returns the message's number."""
    with database.tenant(organisation_id) as session:
        inbound = session.scalars(select(Inbound).order_by(Inbound.id).limit(1)).one()
        begun = micros_of(inbound.received_at)
        recorder = Recorder("console", TraceContext(new_trace_id()))
        ids: list[str] = []
        for number, (process, name, start, micros, facts) in enumerate(STEPS):
            recorder.process = process
            recorder.parent = ids[PARENTS[number]] if number in PARENTS else None
            error = "IntegrationError: HTTP 503" if name == "erp taken" else None
            ids.append(recorder.add(name, begun + start, begun + start + micros, error=error, facts=facts))
        session.add(
            TurnTrace(
                inbound_id=inbound.id,
                conversation_id=inbound.conversation_id,
                trace_id=recorder.context.trace_id,
                started_at=inbound.received_at,
                micros=132000,
                failed=True,
                slow=False,
                spans=recorder.spans,
                explained=EXPLAINED,
            )
        )
        seen = {"understood": UNDERSTOOD, "intent": "book_service", "confidence": 0.91, "language": "id", "mood": "joy"}
        did = [{"action": "booking_form", "policy": "RulePolicy"}]
        session.add(
            Interaction(conversation_id=inbound.conversation_id, inbound_id=inbound.id, did=did, mood_score=0.7, **seen)
        )
        return inbound.id


def one_incident(database: Database, organisation_id: str, conversation_id: str) -> str:
    """Write down a failure; returns the incident's id."""
    error = BadInput("the ERP answered 503 three times")
    record_incident(
        database, organisation_id, error, "erp:taken", conversation_id, place="ramah.booking.context:load:104"
    )
    with database.tenant_reading(organisation_id) as session:
        return session.scalars(select(Incident.id)).one()

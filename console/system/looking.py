"""What the system page knows: signs of life, the engine's own word, and what waits in this organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.messaging.models import Envelope, EnvelopeStatus, Inbound, InboundStatus, Outbound, OutboundStatus
from ramah.observe.beats import Sign, signs
from ramah.observe.models import Incident
from ramah.observe.register import OPEN
from ramah.settings import Settings
from ramah.store import Database, utc_now

ENGINE_HEALTH = "/webhooks/ramah/health"
PATIENCE = 2.0


class EngineWord(BaseModel):
    """What the engine says of itself. ``model`` is None where it does not answer or cannot serve."""

    model_config = ConfigDict(extra="ignore", frozen=True, protected_namespaces=())

    ready: bool = False
    model: str | None = None


@dataclass(frozen=True)
class Waiting:
    """One queue of this organisation: how many rows are due, and since when the oldest is."""

    name: str
    rows: int
    oldest: datetime | None


@dataclass(frozen=True)
class System:
    """Everything that the page shows."""

    signs: list[Sign]
    engine: EngineWord | None
    queues: list[Waiting]
    open_incidents: int


def look(database: Database, config: Settings, organisation_id: str) -> System:
    """Ask all of it. Blocks for at most two seconds on the engine; raises what the database raises."""
    with database.every_organisation_reading() as session:
        heard = signs(session)
        session.expunge_all()
    with database.tenant_reading(organisation_id) as session:
        queues = _queues(session)
        failures = session.scalar(select(func.count(Incident.id)).where(Incident.state.in_(OPEN))) or 0
    return System(heard, ask_engine(config), queues, failures)


def ask_engine(config: Settings) -> EngineWord | None:
    """The engine's own word; None when it says nothing at all."""
    try:
        answer = httpx.get(f"{config.engine_url}{ENGINE_HEALTH}", timeout=PATIENCE, trust_env=False)
        return EngineWord.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError):
        return None


def _queues(session: Session) -> list[Waiting]:
    now = utc_now()
    statements = {
        "inbound": select(func.count(), func.min(Inbound.received_at)).where(Inbound.status == InboundStatus.WAITING),
        "outbound": select(func.count(), func.min(Outbound.next_try_at)).where(
            Outbound.status == OutboundStatus.QUEUED, Outbound.next_try_at <= now
        ),
        "envelopes": select(func.count(), func.min(Envelope.received_at)).where(
            Envelope.status == EnvelopeStatus.WAITING
        ),
    }
    found = ((name, session.execute(statement).one()) for name, statement in statements.items())
    return [Waiting(name, row[0], row[1]) for name, row in found]

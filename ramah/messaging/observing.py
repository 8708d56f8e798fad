"""Whoever watches turns from outside: told of each, answers what to note and what to put right.

The platform below knows only this port. What watches may fail; a turn never fails by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineError, EngineTurn
from ramah.messaging.models import Conversation, Inbound
from ramah.observe import record_incident
from ramah.store import Database


@dataclass(frozen=True)
class Remedy:
    """What the engine is asked in the stuck answer's place: ``payload``, outside of any form.

    ``withheld`` are the numbers of replies that the customer shall not read. With ``hands_over`` a person gets the
    conversation instead."""

    finding: str
    payload: str
    withheld: tuple[int, ...] = ()
    hands_over: bool = False


@dataclass(frozen=True)
class Observation:
    """What is noted of a turn, what to put right in it, and a response to say after the answer."""

    mood: str
    mood_score: float
    urgent: bool
    stage: str | None = None
    watched: dict[str, Any] = field(default_factory=dict)
    remedy: Remedy | None = None
    afterwards: str | None = None


class TurnObserver(Protocol):
    """Watches the turns of all conversations."""

    def before(self, claim: Claim) -> dict[str, str]:
        """What actions shall know of the message: part of the turn's metadata."""

    def observe(self, claim: Claim, turn: EngineTurn, *, answered: bool) -> Observation:
        """Look at a turn before it is written. ``answered`` says whether the dialogue was asked at all."""

    def rescue(self, claim: Claim, error: EngineError) -> Remedy | None:
        """A turn is about to be given up: something else that the engine may be asked, or None."""


class Filing(Protocol):
    """Keeps what a customer says while nobody answers: part of the transaction that finishes the message."""

    def file(self, session: Session, conversation: Conversation, messages: Sequence[Inbound]) -> None:
        """Take in messages that came while the conversation waits for a person. The caller holds its lock."""


class Watch:
    """The observer, or nobody, behind a wall: what it raises becomes an incident and nothing else."""

    def __init__(self, database: Database, observer: TurnObserver | None) -> None:
        self._database = database
        self._observer = observer

    def before(self, claim: Claim) -> dict[str, str]:
        """What the observer adds to a turn's metadata."""
        try:
            return self._observer.before(claim) if self._observer else {}
        except Exception as error:  # noqa: BLE001 - the customer is answered whatever breaks here
            self._note(claim, error, "before")
            return {}

    def observe(self, claim: Claim, turn: EngineTurn, *, answered: bool) -> Observation | None:
        """What the observer says of a turn."""
        try:
            return self._observer.observe(claim, turn, answered=answered) if self._observer else None
        except Exception as error:  # noqa: BLE001 - the customer is answered whatever breaks here
            self._note(claim, error, "observe")
            return None

    def rescue(self, claim: Claim, error: EngineError) -> Remedy | None:
        """What else may be asked before a turn is given up."""
        try:
            return self._observer.rescue(claim, error) if self._observer else None
        except Exception as broken:  # noqa: BLE001 - then the turn is given up as ever
            self._note(claim, broken, "rescue")
            return None

    def _note(self, claim: Claim, error: Exception, moment: str) -> None:
        record_incident(self._database, claim.organisation_id, error, f"watch:{moment}", claim.conversation_id)

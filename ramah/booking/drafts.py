"""Drafts in the database: several unfinished ones per conversation, each fact with its source and time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.lib.sandbox import drawn
from ramah.store import Database, new_id, utc_now

REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mix up when they read a reference aloud."""

SHORT_ID = 8

ANSWERED = frozenset({"said", "tapped", "llm+customer"})
"""Sources of facts that the customer gave in this conversation."""


@dataclass(frozen=True)
class DraftView:
    """A draft outside its session. ``asked`` is what the dialogue remembers of it: the round, the step last asked and
    how often, the round in which each fact was answered, the taps it took, a question that is open beside the step.

    ``sources`` tells of a draft that is not stored yet where its first facts come from."""

    id: str
    reference: str
    conversation_id: str
    contact_id: str
    status: DraftStatus
    facts: Mapping[str, str]
    asked: Mapping[str, Any] = field(default_factory=dict)
    current: bool = False
    updated_at: datetime = field(default_factory=utc_now)
    sources: Mapping[str, str] | None = None

    @property
    def tag(self) -> str:
        """The short id that buttons carry."""
        return self.id[:SHORT_ID]

    @property
    def is_open(self) -> bool:
        """Whether it is unfinished."""
        return self.status is DraftStatus.OPEN

    @property
    def round(self) -> int:
        """How many messages it has taken in; the questions after each carry it as their buttons' nonce."""
        return int(self.asked.get("round", 0))


def new_reference() -> str:
    """A reference that people can read aloud, such as ``RM-7K3QXW``; unique by the database."""
    return "RM-" + drawn(REFERENCE_LETTERS, 6)


def view(draft: Draft) -> DraftView:
    """The draft as plain values."""
    return DraftView(
        id=draft.id,
        reference=draft.reference,
        conversation_id=draft.conversation_id,
        contact_id=draft.contact_id,
        status=DraftStatus(draft.status),
        facts={name: str(item["value"]) for name, item in draft.fields.items()},
        asked=dict(draft.asked),
        current=draft.current,
        updated_at=draft.updated_at,
    )


def new_draft(conversation_id: str, contact_id: str, known: Mapping[str, tuple[str, str]]) -> DraftView:
    """A draft that is not stored yet, filled with what is known: field to (value, source)."""
    return DraftView(
        id=new_id(),
        reference=new_reference(),
        conversation_id=conversation_id,
        contact_id=contact_id,
        status=DraftStatus.OPEN,
        facts={name: value for name, (value, _) in known.items()},
        sources={name: source for name, (_, source) in known.items()},
    )


def current_draft(session: Session, conversation_id: str, draft_id: str | None = None) -> Draft | None:
    """The draft a turn works on: the one the dialogue names, else the open one that is being filled."""
    if draft_id:
        named = session.get(Draft, draft_id)
        if named is not None and named.conversation_id == conversation_id and named.status != DraftStatus.DROPPED:
            return named
    return session.scalar(
        select(Draft).where(
            Draft.conversation_id == conversation_id, Draft.status == DraftStatus.OPEN, Draft.current.is_(True)
        )
    )


def step_back(
    database: Database, organisation_id: str, conversation_id: str, message: str | None = None
) -> tuple[str, ...]:
    """Forget what the customer answered last (all facts of that one message); returns the fields.

    A ``message`` that took a step back already takes no second one."""
    with database.tenant(organisation_id) as session:
        draft = current_draft(session, conversation_id)
        if draft is not None and message is not None and draft.asked.get("stepped_back") == message:
            return ()
        answered = {n: f for n, f in draft.fields.items() if f["source"] in ANSWERED} if draft else {}
        if draft is None or not answered:
            return ()
        latest = max(fact["at"] for fact in answered.values())
        forgotten = tuple(name for name, fact in answered.items() if fact["at"] == latest)
        draft.fields = {name: fact for name, fact in draft.fields.items() if name not in forgotten}
        draft.asked = {**draft.asked, "pending": None, "tries": 0, "stepped_back": message}
        return forgotten

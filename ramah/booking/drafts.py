"""Drafts in the database: one open draft per conversation, each fact with its source and time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.models import Draft, DraftStatus
from ramah.lib.errors import NotFound
from ramah.messaging.models import Conversation
from ramah.store import Database, utc_now

REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mix up when they read a reference aloud."""

SHORT_ID = 8


@dataclass(frozen=True)
class DraftView:
    """A draft outside its session. ``asked`` holds the step last asked, how often, and small flags."""

    id: str
    reference: str
    conversation_id: str
    contact_id: str
    status: DraftStatus
    facts: Mapping[str, str]
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The short id that buttons carry."""
        return self.id[:SHORT_ID]


def new_reference() -> str:
    """A reference that people can read aloud, such as ``RM-7K3QXW``; unique by the database."""
    return "RM-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))


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
    )


def current_draft(session: Session, conversation_id: str, draft_id: str | None = None) -> Draft | None:
    """The draft a turn works on: the one the dialogue names, else the open one."""
    if draft_id:
        named = session.get(Draft, draft_id)
        if named is not None and named.conversation_id == conversation_id and named.status != DraftStatus.DROPPED:
            return named
    return session.scalar(
        select(Draft).where(Draft.conversation_id == conversation_id, Draft.status == DraftStatus.OPEN)
    )


def find_by_tag(session: Session, conversation_id: str, tag: str) -> Draft | None:
    """The draft that a button was made for."""
    return session.scalar(
        select(Draft).where(Draft.conversation_id == conversation_id, Draft.id.startswith(tag, autoescape=True))
    )


def open_draft(session: Session, conversation: Conversation, known: Mapping[str, tuple[str, str]]) -> Draft:
    """A new draft, filled with what is known: field to (value, source)."""
    draft = Draft(
        reference=new_reference(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        fields={name: _fact(value, source) for name, (value, source) in known.items()},
    )
    session.add(draft)
    session.flush()
    return draft


def save_draft(
    database: Database,
    organisation_id: str,
    draft_id: str,
    facts: Mapping[str, str],
    asked: Mapping[str, Any],
    source: str,
) -> DraftView:
    """Write the facts that changed, with their source; facts no longer there are removed."""
    with database.tenant(organisation_id) as session:
        draft = session.get(Draft, draft_id, with_for_update=True)
        if draft is None:
            raise NotFound(f"no draft {draft_id}")
        if draft.status == DraftStatus.OPEN:
            draft.fields = _merge(draft.fields, facts, source)
            draft.asked = dict(asked)
            draft.updated_at = utc_now()
        return view(draft)


def drop_draft(database: Database, organisation_id: str, conversation_id: str) -> bool:
    """Drop the open draft; False when there was none."""
    with database.tenant(organisation_id) as session:
        draft = current_draft(session, conversation_id)
        if draft is None or draft.status != DraftStatus.OPEN:
            return False
        draft.status, draft.updated_at = DraftStatus.DROPPED, utc_now()
        return True


def _merge(stored: Mapping[str, Any], facts: Mapping[str, str], source: str) -> dict[str, Any]:
    # One moment for all facts of a message, so that "back" forgets them together.
    now = utc_now().isoformat()
    merged = {}
    for name, value in facts.items():
        known = stored.get(name)
        merged[name] = known if known and known["value"] == value else _fact(value, source, now)
    return merged


def _fact(value: str, source: str, at: str | None = None) -> dict[str, str]:
    return {"value": value, "source": source, "at": at or utc_now().isoformat()}


def step_back(database: Database, organisation_id: str, conversation_id: str) -> tuple[str, ...]:
    """Forget what the customer answered last (all facts of that one message); returns the fields."""
    with database.tenant(organisation_id) as session:
        draft = current_draft(session, conversation_id)
        answered = {n: f for n, f in draft.fields.items() if f["source"] in ("said", "tapped")} if draft else {}
        if draft is None or not answered:
            return ()
        latest = max(fact["at"] for fact in answered.values())
        forgotten = tuple(name for name, fact in answered.items() if fact["at"] == latest)
        draft.fields = {name: fact for name, fact in draft.fields.items() if name not in forgotten}
        return forgotten

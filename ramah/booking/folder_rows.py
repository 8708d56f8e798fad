"""Folders in the database: read with one statement, and only what changed is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ramah.booking.drafts import DraftView, view
from ramah.booking.folders import Folders
from ramah.booking.models import Draft, DraftStatus
from ramah.messaging.conversations import locked
from ramah.store import Database, utc_now

MOST_LOOKED_AT = 40
"""How many drafts of a conversation a tap or a quotation can point at."""


def load_folders(session: Session, conversation_id: str, draft_id: str | None = None, *, finished: bool) -> Folders:
    """The unfinished drafts, the one with this id, and with ``finished`` the ended ones as well."""
    rows = select(Draft).where(Draft.conversation_id == conversation_id)
    if not finished:
        rows = rows.where(or_(Draft.status == DraftStatus.OPEN, Draft.id == (draft_id or "")))
    latest = session.scalars(rows.order_by(Draft.created_at.desc(), Draft.id).limit(MOST_LOOKED_AT)).all()
    return Folders(tuple(view(draft) for draft in reversed(latest)))


def save_folders(
    database: Database,
    organisation_id: str,
    before: Folders,
    after: Folders,
    source: str,
    quotes: Mapping[str, dict[str, Any] | None],
) -> None:
    """Write the drafts that changed; facts no longer there are removed. ``quotes`` are prices by draft.

    The marker moves under the conversation's lock, and the old one is put down before the new one is set: the
    database allows one. A draft that ended meanwhile stays as it is."""
    earlier = {draft.id: draft for draft in before.drafts}
    changed = [draft for draft in after.drafts if earlier.get(draft.id) != draft]
    if not changed:
        return
    moved = any(draft.id not in earlier or earlier[draft.id].current != draft.current for draft in changed)
    outlet = _new_outlet(earlier, changed)
    with database.tenant(organisation_id) as session:
        if moved or outlet:
            conversation = locked(session, changed[0].conversation_id)
            conversation.outlet = outlet or conversation.outlet
        for draft in sorted(changed, key=lambda one: one.current):
            row = session.get(Draft, draft.id, with_for_update=True) or _added(session, draft)
            if row.status == DraftStatus.OPEN:
                _write(row, draft, source)
                row.quote = quotes.get(draft.id, row.quote)
                session.flush()


def _new_outlet(earlier: Mapping[str, DraftView], changed: Sequence[DraftView]) -> str | None:
    """The outlet that a draft names since this message; that of the one being filled where several do."""
    named = [
        draft.facts["outlet"]
        for draft in sorted(changed, key=lambda one: one.current)
        if draft.facts.get("outlet") and draft.facts["outlet"] != _outlet(earlier.get(draft.id))
    ]
    return named[-1] if named else None


def _outlet(draft: DraftView | None) -> str | None:
    return draft.facts.get("outlet") if draft else None


def _added(session: Session, draft: DraftView) -> Draft:
    row = Draft(
        id=draft.id,
        reference=draft.reference,
        conversation_id=draft.conversation_id,
        contact_id=draft.contact_id,
        status=DraftStatus.OPEN,
        fields={n: _fact(draft.facts[n], source) for n, source in (draft.sources or {}).items() if n in draft.facts},
    )
    session.add(row)
    return row


def _write(row: Draft, draft: DraftView, source: str) -> None:
    row.fields = _merge(row.fields, draft.facts, source)
    row.asked, row.current, row.status = dict(draft.asked), draft.current, draft.status
    row.stage = draft.asked.get("step")
    row.updated_at = utc_now()


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

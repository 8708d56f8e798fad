"""A conversation's bookings as they were before one of its turns, so that the turn can be tried again.

Drafts keep the last word alone. What the dialogue remembered then gives the facts of the draft in hand; the others are
told by their times. How often a step was asked, and a question that was open beside it, are not known any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.embedded.models import Booking, Subscription
from ramah.booking.facts import NO_LAST_NAME, STEPS
from ramah.booking.heard import Tap
from ramah.booking.made.models import BookingChange
from ramah.booking.models import Draft, DraftStatus
from ramah.integrations.erp.port import BookingSummary

IN_HAND, ASKED = "draft_id", "requested_slot"
SAID = "said"
JUST_BEFORE = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Then:
    """A turn as it began: at which moment, with which message, and what the dialogue remembered (slots by name).

    ``tap`` is the button that was tapped in it."""

    conversation_id: str
    message_id: str
    moment: datetime
    slots: Mapping[str, Any] = field(default_factory=dict)
    tap: Tap | None = None


def rewind_bookings(session: Session, then: Then) -> set[str]:
    """Take back what came since. Returns the ids of bookings that were not made yet. Only for a session whose writes
    are rolled back."""
    _rewind_changes(session, then)
    every = session.scalars(select(Draft).where(Draft.conversation_id == then.conversation_id)).all()
    # What nobody touched since is as it was, with all that it remembers.
    drafts = [one for one in every if one.updated_at >= then.moment or _stepped_back(one, then)]
    later = [draft for draft in drafts if draft.created_at >= then.moment]
    open_then = [draft for draft in drafts if draft not in later]
    undone = {draft.id for draft in later} | {draft.id for draft in open_then if draft.status != DraftStatus.OPEN}
    _unmake(session, undone)
    for draft in later:
        session.delete(draft)
    for draft in open_then:
        _rewind(draft, then)
        draft.current = False
    session.flush()
    _mark_current(session, open_then, then)
    return undone


def _stepped_back(draft: Draft, then: Then) -> bool:
    """A step back is no new answer and leaves the time of the last one."""
    return draft.asked.get("stepped_back") == then.message_id


def _rewind_changes(session: Session, then: Then) -> None:
    """Moved visits go back, the last move first; only the embedded ERP can be told so."""
    changes = select(BookingChange).where(
        BookingChange.conversation_id == then.conversation_id, BookingChange.created_at >= then.moment
    )
    for change in session.scalars(changes.order_by(BookingChange.created_at.desc())):
        booking, before = session.get(Booking, change.booking_id), BookingSummary.model_validate(change.booking)
        if booking is not None:
            booking.starts_at, booking.ends_at = before.starts_at, before.ends_at
            booking.status, booking.status_note = before.status, before.status_note
        session.delete(change)


def _unmake(session: Session, ids: set[str]) -> None:
    for kind in (Booking, Subscription):
        for row in session.scalars(select(kind).where(kind.booking_id.in_(ids))):
            session.delete(row)
        session.flush()


def _rewind(draft: Draft, then: Then) -> None:
    in_hand = then.slots.get(IN_HAND) == draft.id
    draft.fields = _facts_in_hand(draft, then) if in_hand else _facts_by_time(draft, then.moment)
    draft.asked = _asked(draft.asked, then)
    draft.stage = draft.asked.get("step")
    draft.status, draft.document, draft.erp_name, draft.error = DraftStatus.OPEN, None, None, None
    draft.told_pending, draft.attempts, draft.next_try_at, draft.lease_until = False, 0, None, None
    draft.updated_at = _last_change(draft)


def _facts_by_time(draft: Draft, moment: datetime) -> dict[str, Any]:
    return {name: fact for name, fact in draft.fields.items() if datetime.fromisoformat(fact["at"]) < moment}


def _facts_in_hand(draft: Draft, then: Then) -> dict[str, Any]:
    """The slots are a view of the draft, and hold what was corrected since; they lack what is never asked."""
    earlier = _facts_by_time(draft, then.moment)
    facts = {name: fact for name, fact in earlier.items() if name not in STEPS}
    for step in STEPS:
        value, stored = then.slots.get(step), draft.fields.get(step)
        if value is None or (value == NO_LAST_NAME and step != "last_name"):
            continue  # not known then, or not asked of this booking
        # When it was told is not known any more. What was forgotten since was the last answer; what was corrected, any.
        at = (draft.created_at if stored else then.moment - JUST_BEFORE).isoformat()
        facts[step] = stored if stored and stored["value"] == value else {"value": value, "source": SAID, "at": at}
    return facts


def _asked(asked: Mapping[str, Any], then: Then) -> dict[str, Any]:
    messages = list(asked.get("messages", ()))
    before = [one for one in messages if _is_earlier(one, then.message_id)]
    number = int(asked.get("round", 0)) - (len(messages) - len(before))
    step = then.slots.get(ASKED)
    return {
        **{name: value for name, value in asked.items() if name not in ("pending", "bridge", "stepped_back", "llm")},
        "messages": before,
        "last": before[-1] if before else None,
        "round": number,
        "answered": {name: at for name, at in asked.get("answered", {}).items() if at <= number},
        "taps": [key for key in asked.get("taps", ()) if not _is_later(key, number, then.tap)],
        "interrupted": False,
        "step": step if step in STEPS else asked.get("step"),
        "tries": 0,
        "plain": 1,
    }


def _is_earlier(message: str, than: str) -> bool:
    """Messages are numbered as they come; anything else is only known to be another one."""
    return int(message) < int(than) if message.isdecimal() and than.isdecimal() else message != than


def _is_later(key: str, number: int, tap: Tap | None) -> bool:
    step, _, rest = key.partition(":")
    nonce, _, value = rest.partition(":")
    known = Tap("", step, value, nonce)
    return known.round > number or (tap is not None and tap.key == key)


def _last_change(draft: Draft) -> datetime:
    moments = [datetime.fromisoformat(fact["at"]) for fact in draft.fields.values()]
    return max([draft.created_at, *moments])


def _mark_current(session: Session, drafts: Sequence[Draft], then: Then) -> None:
    """The dialogue's own, else the one that was changed last, unless one is marked already."""
    marked = select(Draft.id).where(
        Draft.conversation_id == then.conversation_id, Draft.status == DraftStatus.OPEN, Draft.current
    )
    named = next((one for one in drafts if one.id == then.slots.get(IN_HAND)), None)
    chosen = named or max(drafts, key=lambda one: one.updated_at, default=None)
    if chosen is not None and session.scalar(marked) is None:
        chosen.current = True
        session.flush()

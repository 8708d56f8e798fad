"""The way out of a lock: what the database knows of the booking becomes the dialogue's state again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.conversation import Outcome
from ramah.booking.drafts import DraftView, current_draft, view
from ramah.booking.facts import missing_steps, steps_not_asked
from ramah.booking.models import Draft, DraftStatus
from ramah.booking.summary import summary

SHOWN = ("service", "name", "phone", "car", "place", "date", "time")
"""What a customer recognises a booking by, in the summary's words."""

IN_OTHER_WORDS = {"tries": 1, "pending": None, "bridge": None, "interrupted": False}
"""As after one failed try the question comes with an example and buttons; what was open beside it is let go."""

EMPTY = frozenset({"", "-"})


@dataclass(frozen=True)
class Recovery:
    """Where the booking stands. ``outcome`` is None when none is open; ``noted`` is what is known, in one line."""

    outcome: Outcome | None
    noted: str = ""


def recover(place: Place, draft_id: str | None, message: str | None) -> Recovery:
    """Read the open booking anew, and make its next question one that comes in other words.

    The ``message`` that brought us here counts as taken in: the form, entered again, only asks."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    with place.database.tenant(place.organisation_id) as session:
        draft = _open_draft(session, place.conversation_id, draft_id)
        if draft is None:
            return Recovery(None)
        facts = view(draft).facts
        shape = context.shape(context.catalogue.service(facts.get("service")))
        step = next(iter(missing_steps(facts, shape)), None)
        draft.asked = {**draft.asked, **IN_OTHER_WORDS, "step": step, "last": message}
        known = view(draft)
    return Recovery(Outcome(known, step, not_asked=steps_not_asked(facts, shape)), _noted(known, context))


def _open_draft(session: Session, conversation_id: str, draft_id: str | None) -> Draft | None:
    """The draft being filled; where none is marked as that, the one touched last."""
    named = current_draft(session, conversation_id, draft_id)
    current = named if _is_open(named) else current_draft(session, conversation_id)
    if current is None or not _is_open(current):
        current = session.scalar(
            select(Draft)
            .where(Draft.conversation_id == conversation_id, Draft.status == DraftStatus.OPEN)
            .order_by(Draft.updated_at.desc())
            .limit(1)
        )
        if current is not None:
            current.current = True
    return current


def _is_open(draft: Draft | None) -> bool:
    return draft is not None and draft.status == DraftStatus.OPEN


def _noted(draft: DraftView, context: BookingContext) -> str:
    words = summary(draft, context)
    return ", ".join(words[name] for name in SHOWN if words.get(name, "") not in EMPTY)

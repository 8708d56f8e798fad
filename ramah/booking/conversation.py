"""One booking turn: read what there is, decide, store what changed, and say which step comes next."""

from __future__ import annotations

from dataclasses import replace

from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.deciding import Outcome, decide
from ramah.booking.drafts import DraftView, new_draft
from ramah.booking.facts import missing_steps, steps_not_asked
from ramah.booking.folder_rows import load_folders, save_folders
from ramah.booking.folders import Folders
from ramah.booking.heard import Heard
from ramah.booking.known import KnownCustomer, recall
from ramah.booking.pins import with_pin
from ramah.booking.proposing.answering import SOURCE as PROPOSED
from ramah.booking.proposing.answering import accepted
from ramah.booking.proposing.consulting import consult
from ramah.booking.questions import Asking, Question, ask
from ramah.booking.reading import read
from ramah.booking.summary import price_of
from ramah.booking.understanding import reading_context

__all__ = ["Outcome", "begins_booking", "question_for", "start_over", "take_in"]


def take_in(place: Place, heard: Heard, expected: str | None, draft_id: str | None) -> Outcome:
    """Take in one message while the booking form is active. ``expected`` is the step last asked."""
    context, known, folders = _read_all(place, draft_id, finished=_points_back(heard))
    ended = _ended(folders, draft_id)
    if ended is not None:
        return Outcome(ended, None)
    repeated = _repeated(folders, heard, context)
    if repeated is not None:
        return repeated
    if heard.file is not None:
        heard = with_pin(place, heard)
    after, outcome = decide(folders, heard, expected, context, known)
    outcome = consult(place, heard, folders.current, outcome, context)
    after = after.kept(outcome.draft)
    _save(place, folders, after, context, _source(heard, outcome.draft))
    return outcome


def _source(heard: Heard, draft: DraftView) -> str:
    if accepted(draft.asked):
        return PROPOSED
    return "tapped" if heard.tap else "said"


def question_for(place: Place, step: str, draft_id: str | None) -> Question:
    """The question that asks for a step of the draft in hand."""
    context, known, folders = _read_all(place, draft_id, finished=False)
    draft = folders.current
    if draft is None:
        draft = new_draft(context.conversation.id, context.contact.id, known.facts)
        opened = folders.filling(draft)
        _save(place, folders, opened, context, "known")
        folders = opened
    return ask(step, Asking(draft, context, known, folders))


def start_over(place: Place, message: str | None) -> Outcome:
    """Drop the draft in hand and open an empty one in its place, once for each message."""
    context, known, folders = _read_all(place, None, finished=False)
    current = folders.current
    left = folders.without(current) if current and current.asked.get("begun_by") != message else folders
    if current is None or left is not folders or message is None:
        fresh = new_draft(context.conversation.id, context.contact.id, known.facts)
        fresh = replace(fresh, asked={"begun_by": message, "last": message, "interrupted": True, "round": 1})
        left = left.filling(fresh)
        _save(place, folders, left, context, "known")
    draft = left.current
    assert draft is not None  # noqa: S101 - it was put there
    return _standing(draft, context)


def begins_booking(place: Place, heard: Heard) -> bool:
    """Whether a message outside the form tells enough of a booking to begin one: a service, or two facts.

    Where an unfinished booking is in hand, one fact goes on with it."""
    context, _, folders = _read_all(place, None, finished=False)
    found = read(heard, None, reading_context({}, context)).facts
    return "service" in found or len(found) > 1 or bool(found and folders.current)


def _read_all(place: Place, draft_id: str | None, *, finished: bool) -> tuple[BookingContext, KnownCustomer, Folders]:
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    known = recall(place.database, context.organisation, context.contact)
    with place.database.tenant_reading(place.organisation_id) as session:
        return context, known, load_folders(session, place.conversation_id, draft_id, finished=finished)


def _points_back(heard: Heard) -> bool:
    return heard.tap is not None or heard.replied_to is not None


def _ended(folders: Folders, draft_id: str | None) -> DraftView | None:
    """The draft of the dialogue where it has come to its end already: a turn that was cut off runs again."""
    named = next((draft for draft in folders.drafts if draft.id == draft_id), None)
    if named is None or named.is_open or named.status == "dropped" or folders.current is not None:
        return None
    return named


def _repeated(folders: Folders, heard: Heard, context: BookingContext) -> Outcome | None:
    """How it stands, where this very message was taken in before."""
    draft = folders.current
    if draft is None or heard.message is None or draft.asked.get("last") != heard.message:
        return None
    return replace(_standing(draft, context), interrupted=bool(draft.asked.get("interrupted")))


def _standing(draft: DraftView, context: BookingContext) -> Outcome:
    shape = context.shape(context.catalogue.service(draft.facts.get("service")))
    step = next(iter(missing_steps(draft.facts, shape)), None)
    return Outcome(draft, step, not_asked=steps_not_asked(draft.facts, shape))


def _save(place: Place, before: Folders, after: Folders, context: BookingContext, source: str) -> None:
    draft = after.current
    price = price_of(draft, context) if draft else None
    quotes = {draft.id: price.model_dump() if price else None} if draft else {}
    save_folders(place.database, place.organisation_id, before, after, source, quotes)

"""A complaint, message by message: the ticket exists as soon as something was told; whatever follows enriches it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.context import Place
from ramah.booking.heard import Notice
from ramah.booking.interruptions import ENQUIRIES, is_question
from ramah.channels.content import IncomingKind
from ramah.messaging.models import Conversation, Inbound
from ramah.mood import Mood, MoodLabel, read_mood
from ramah.support.booked import BookedVisit, booked_visits, visit_named
from ramah.support.models import Category, TicketStatus
from ramah.support.tickets import Report, TicketView, add_to_ticket, find_ticket, open_ticket, set_status
from ramah.support.words import category_of, only_announces, tells_what_happened

TEXT, BOOKING, PHOTO = "complaint_text", "complaint_booking", "complaint_photo"
STEPS = (TEXT, BOOKING, PHOTO)
TOLD, NOT_ASKED, NONE, SENT, OTHER = "told", "-", "none", "sent", "other"
REOPEN = "reopen"
FURIOUS = 0.65
"""From this score of anger on nobody is asked anything: a person answers at once."""

PATIENCE = 2
"""How often one thing is asked at most."""

ELSEWHERE = ENQUIRIES | {
    "talk_to_person", "ask_offers", "back_to_assistant", "greet", "who_are_you", "help", "change_language", "stop",
    "opt_in", "not_a_slip",
    "cancel",
}  # fmt: skip
"""Intents that a rule answers in the middle of a complaint. Whatever else is said belongs to the complaint."""

WAYS_OUT = frozenset({"talk_to_person", "stop", "cancel", "change_language", "back_to_assistant"})
ENDS = frozenset({"thanks", "goodbye"})


@dataclass(frozen=True)
class Said:
    """One message: typed, tapped (``step`` and ``value`` of the button), or a file. ``message`` is its inbound row."""

    text: str = ""
    intent: str = "complaint"
    message: int | None = None
    file: int | None = None
    ticket: str | None = None
    step: str | None = None
    value: str | None = None

    @property
    def is_tap(self) -> bool:
        """Whether a button of a complaint was tapped; then ``text`` is no language."""
        return self.intent == "choose_complaint" and self.step is not None


@dataclass(frozen=True)
class Turn:
    """What a message made of the complaint: answered steps, the next one (None: complete), what to say first."""

    ticket: str | None
    answers: Mapping[str, str]
    step: str | None
    notices: tuple[Notice, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    interrupted: bool = False


def begin(place: Place, said: Said) -> Turn:
    """The message that complains. What it tells is a ticket at once; somebody furious is asked nothing."""
    mood = _mood(place, said)
    if not tells_what_happened(said.text) and not is_furious(mood) and not _photos(place, said):
        return Turn(None, {}, TEXT, (Notice("utter_complaint_listening"),), _counted({}, TEXT))
    return _told(place, said, mood, {})


def take_in(
    place: Place,
    said: Said,
    expected: str | None,
    ticket: str | None,
    answers: Mapping[str, str],
    memory: Mapping[str, Any],
) -> Turn:
    """A further message while the complaint is open. ``expected`` is the step last asked."""
    if _is_elsewhere(said, expected):
        return Turn(ticket, answers, expected, memory=memory, interrupted=True)
    if ticket is None:
        return _told(place, said, _mood(place, said), memory)
    if said.intent in ("go_back", "start_over"):
        return _back(place, ticket, answers, memory)
    return _enriched(place, said, expected, ticket, dict(answers), memory)


def withdraw(place: Place, ticket: str | None) -> bool:
    """The customer takes the complaint back; False when nothing was written down yet."""
    if ticket is None:
        return False
    set_status(place.database, place.organisation_id, ticket, TicketStatus.SOLVED)
    return True


@dataclass(frozen=True)
class Late:
    """What a tap on a finished question did: the ticket that it belongs to, and whether that was taken up again."""

    ticket: TicketView | None
    reopened: bool = False


def tapped_late(place: Place, said: Said) -> Late:
    """A button of a complaint that is not being asked any more: the answer is kept, a withdrawn one taken up again."""
    found = find_ticket(place.database, place.organisation_id, place.conversation_id, said.ticket or "")
    if found is None:
        return Late(None)
    if said.step == REOPEN:
        reopened = set_status(place.database, place.organisation_id, found.reference, TicketStatus.REOPENED)
        return Late(reopened, reopened=True)
    visit = _chosen_visit(place, said, said.step) if found.status is not TicketStatus.SOLVED else None
    if visit is None:
        return Late(found)
    report = Report(booking_reference=visit.reference)
    return Late(add_to_ticket(place.database, place.organisation_id, found.reference, report))


def is_furious(mood: Mood) -> bool:
    """Whether somebody is too angry for questions."""
    return mood.label is MoodLabel.ANGER and mood.score >= FURIOUS


def _is_elsewhere(said: Said, expected: str | None) -> bool:
    """A question or request about something else. What describes the complaint never is."""
    if said.is_tap or said.intent not in ELSEWHERE:
        return False
    if said.intent in WAYS_OUT:
        return True
    if category_of(said.text) is not Category.OTHER:
        return False
    return expected != TEXT or is_question(said.text) or not tells_what_happened(said.text)


def _told(place: Place, said: Said, mood: Mood, memory: Mapping[str, Any]) -> Turn:
    """Something was told for the first time: the ticket is opened, and what the words leave open is asked."""
    visits = _visits(place)
    named = visit_named(said.text, visits)
    photos = _photos(place, said)
    report = Report(said.text, mood, said.message, photos, named.reference if named else None)
    ticket = open_ticket(place.database, place.organisation_id, place.conversation_id, report)
    answers = {TEXT: TOLD}
    if named or not visits or ticket.booking_reference:
        answers[BOOKING] = ticket.booking_reference or NOT_ASKED
    if photos or ticket.photos:
        answers[PHOTO] = SENT
    sorry = Notice(f"utter_complaint_sorry_{ticket.category}", _words(ticket))
    if is_furious(mood):
        return _complete(ticket, answers, memory, sorry)
    return _next(ticket.reference, answers, memory, sorry, Notice("utter_complaint_noted", _words(ticket)))


def _enriched(
    place: Place, said: Said, expected: str | None, reference: str, answers: dict[str, str], memory: Mapping[str, Any]
) -> Turn:
    mood, photos = _mood(place, said), _photos(place, said)
    visit = _chosen_visit(place, said, expected)
    ticket = add_to_ticket(
        place.database,
        place.organisation_id,
        reference,
        Report(_description(said, expected), mood, said.message, photos, visit.reference if visit else None),
    )
    if is_furious(mood) or said.intent in ENDS:
        return _complete(ticket, answers, memory)
    if photos:
        answers[PHOTO] = SENT
    if visit:
        answers[BOOKING] = visit.reference
    elif expected == BOOKING and BOOKING not in answers and not photos:
        # Words that name none of them told more of the matter; asking again would not help.
        answers[BOOKING] = OTHER
    if expected == PHOTO and PHOTO not in answers and _has_no_photo(said, memory):
        answers[PHOTO] = NONE
    return _next(reference, answers, memory)


def _back(place: Place, reference: str, answers: Mapping[str, str], memory: Mapping[str, Any]) -> Turn:
    """The last answer is asked again."""
    kept = {step: value for step, value in answers.items() if step == TEXT}
    if not _visits(place):
        kept[BOOKING] = NOT_ASKED
    return _next(reference, kept, {**memory, PHOTO: 0, BOOKING: 0})


def _next(reference: str, answers: Mapping[str, str], memory: Mapping[str, Any], *notices: Notice) -> Turn:
    step = next((one for one in STEPS if one not in answers), None)
    return Turn(reference, answers, step, notices, _counted(memory, step))


def _complete(ticket: TicketView, answers: Mapping[str, str], memory: Mapping[str, Any], *notices: Notice) -> Turn:
    return Turn(ticket.reference, {**dict.fromkeys(STEPS, NOT_ASKED), **answers}, None, notices, memory)


def _counted(memory: Mapping[str, Any], step: str | None) -> dict[str, Any]:
    return {**memory, step: int(memory.get(step, 0)) + 1} if step else dict(memory)


def _chosen_visit(place: Place, said: Said, expected: str | None) -> BookedVisit | None:
    visits = _visits(place)
    if said.is_tap:
        return next((one for one in visits if said.step == BOOKING and one.reference == said.value), None)
    if expected == BOOKING and len(visits) == 1 and said.intent == "affirm":
        return visits[0]
    return visit_named(said.text, visits)


def _description(said: Said, expected: str | None) -> str:
    """What a message tells: taps, bare answers and courtesies tell nothing."""
    silent = said.is_tap or said.intent in {"deny", "affirm", "send_file"} | ENDS
    return "" if (silent and category_of(said.text) is Category.OTHER) or said.is_tap else said.text


def _has_no_photo(said: Said, memory: Mapping[str, Any]) -> bool:
    """A no, or words where a photo was asked for often enough."""
    if said.is_tap or said.intent == "deny":
        return True
    return said.intent != "affirm" and int(memory.get(PHOTO, 0)) >= PATIENCE


def _mood(place: Place, said: Said) -> Mood:
    """The mood beyond the word "complaint" itself, which a calm person must use as well."""
    calm = said.is_tap or only_announces(said.text)
    return read_mood("" if calm else said.text, place.language)


def _photos(place: Place, said: Said) -> tuple[int, ...]:
    """The inbound rows of this conversation with files that this message is or came with."""
    named = [one for one in (said.file, said.message) if one is not None]
    if not named:
        return ()
    with place.database.tenant_reading(place.organisation_id) as session:
        own = select(Inbound.id).where(Inbound.id.in_(named), Inbound.conversation_id == place.conversation_id)
        return tuple(session.scalars(own.where(Inbound.kind == IncomingKind.MEDIA).order_by(Inbound.id)))


def _visits(place: Place) -> list[BookedVisit]:
    with place.database.tenant_reading(place.organisation_id) as session:
        return booked_visits(session, _contact_id(session, place))


def _contact_id(session: Session, place: Place) -> str:
    return session.get_one(Conversation, place.conversation_id).contact_id


def _words(ticket: TicketView) -> dict[str, str]:
    return {"ticket": ticket.reference}

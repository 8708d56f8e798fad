"""One booking turn: take in a message, keep its facts, check them, and say which step comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ramah.booking.checks import check
from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.drafts import DraftView, current_draft, open_draft, save_draft, view
from ramah.booking.facts import CANCEL, FIELDS, GROUPS, NO_LAST_NAME, YES, missing_steps, steps_not_asked
from ramah.booking.heard import Heard, Notice
from ramah.booking.interruptions import ENQUIRIES, interrupts
from ramah.booking.known import KnownCustomer, recall
from ramah.booking.models import DraftStatus
from ramah.booking.oddities import odd_answer
from ramah.booking.questions import Asking, Question, ask
from ramah.booking.reading import Reading, ReadingContext, read
from ramah.booking.taps import TapOutcome, apply_tap
from ramah.messaging.conversations import locked

LONGEST_MESSAGE = 1_000
CHANGED = "utter_changed"
CORRECTED = {"name": "first_name", "time": "appointment_time", "year": "car_year", "plate": "car_plate"}
"""Fields whose bare value is understood beside their name; of a street or a car too little sets it apart."""


@dataclass(frozen=True)
class Outcome:
    """What a turn made of a draft: its view, the next step (None: nothing is missing), what to say first.

    ``not_asked`` are steps that do not apply to this booking. ``interrupted`` means that the message was about
    something else: what it brought is kept, and the same step is asked again after the answer.
    """

    draft: DraftView
    step: str | None
    notices: tuple[Notice, ...] = ()
    not_asked: tuple[str, ...] = ()
    interrupted: bool = False


def take_in(place: Place, heard: Heard, expected: str | None, draft_id: str | None) -> Outcome:
    """Take in one message while the booking form is active. ``expected`` is the step last asked."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    known = recall(place.database, context.organisation, context.contact)
    draft, is_new = _draft(place, draft_id, known)
    if draft.status is not DraftStatus.OPEN:
        return Outcome(draft, None)
    facts, asked, notices = _understand(draft, heard, expected, context, known)
    interrupted = interrupts(heard, draft.facts, facts, expected)
    refusals = check(facts, context)
    if refusals:
        # "Changed" and "that cannot be" about the same answer would contradict each other.
        notices = [notice for notice in notices if notice.response != CHANGED]
        if facts.get("confirmation") == YES:
            # What was confirmed can no longer be; the new answer wants its own confirmation.
            facts.pop("confirmation")
    notices += refusals
    shape = context.shape(context.catalogue.service(facts.get("service")))
    if interrupted:
        kept = save_draft(place.database, place.organisation_id, draft.id, facts, draft.asked, _source(heard))
        return Outcome(kept, expected, interrupted=True)
    step = next(iter(missing_steps(facts, shape)), None)
    asked = _count(asked, draft.facts, facts, expected, step, had_notice=bool(notices) or heard.tap is not None)
    saved = save_draft(place.database, place.organisation_id, draft.id, facts, asked, _source(heard))
    if not notices:
        notices = odd_answer(heard, expected, facts, context)
    if is_new and draft.facts.get("first_name"):
        notices = [_known_details(draft), *notices]
    return Outcome(saved, step, tuple(notices), steps_not_asked(facts, shape))


def question_for(place: Place, step: str, draft_id: str | None) -> Question:
    """The question that asks for a step of the current draft."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    known = recall(place.database, context.organisation, context.contact)
    draft, _ = _draft(place, draft_id, known)
    return ask(step, Asking(draft, context, known))


def _draft(place: Place, draft_id: str | None, known: KnownCustomer) -> tuple[DraftView, bool]:
    with place.database.tenant(place.organisation_id) as session:
        found = current_draft(session, place.conversation_id, draft_id)
        if found is not None:
            return view(found), False
        return view(open_draft(session, locked(session, place.conversation_id), known.facts)), True


def _understand(
    draft: DraftView, heard: Heard, expected: str | None, context: BookingContext, known: KnownCustomer
) -> tuple[dict[str, str], dict[str, Any], list[Notice]]:
    facts, asked = dict(draft.facts), dict(draft.asked)
    if heard.tap is not None:
        notices = _tapped(draft, heard, facts, asked, context, known)
    elif len(heard.text) > LONGEST_MESSAGE:
        notices = [Notice("utter_text_too_long")]
    else:
        reading = _read(heard, _subject(heard, expected), facts, context, known)
        asked = {**asked, "part_of_day": reading.part_of_day or asked.get("part_of_day"), "rivals": reading.rivals}
        notices = _typed(heard, reading, expected, facts)
    return facts, asked, notices


def _subject(heard: Heard, expected: str | None) -> str | None:
    """The step that a message answers: a correction may name it ("namanya Andi"), else it is the one just asked."""
    return CORRECTED.get(heard.entities.get("field", ""), expected) if heard.intent == "correct" else expected


def _tapped(
    draft: DraftView,
    heard: Heard,
    facts: dict[str, str],
    asked: dict[str, Any],
    context: BookingContext,
    known: KnownCustomer,
) -> list[Notice]:
    tap = heard.tap
    assert tap is not None  # noqa: S101 - the caller has looked
    outcome = apply_tap(tap, known, context.catalogue, context.outlets) if tap.draft == draft.tag else None
    if outcome is None:
        return [Notice("utter_button_was_for", {"step": tap.step.replace("_", " ")})]
    return _put(outcome, facts, asked, draft)


def _put(outcome: TapOutcome, facts: dict[str, str], asked: dict[str, Any], draft: DraftView) -> list[Notice]:
    for name in outcome.cleared:
        facts.pop(name, None)
    if outcome.cleared:
        asked.pop("other_car_model", None)
        asked.pop("other_street", None)
    facts.update(outcome.facts)
    asked.update(outcome.flags)
    return [Notice("utter_ask_what_to_change", {"draft": draft.tag})] if outcome.wants_change else []


def _read(
    heard: Heard, expected: str | None, facts: dict[str, str], context: BookingContext, known: KnownCustomer
) -> Reading:
    reading = read(heard, expected, _reading_context(facts, context))
    _complete_known_car(reading, known)
    return reading


def _typed(heard: Heard, reading: Reading, expected: str | None, facts: dict[str, str]) -> list[Notice]:
    news = _wanted_news(reading.facts, facts, heard, expected)
    if expected == "confirmation":
        return _at_confirmation(heard, news, facts)
    if heard.intent == "correct" and not news:
        _clear_named(heard, facts)
    elif expected == "last_name" and heard.intent == "deny" and "last_name" not in news:
        news["last_name"] = NO_LAST_NAME
    replaced = [name for name in news if facts.get(name)]
    facts.update(news)
    return [_changed(replaced)] if replaced and heard.intent == "correct" else []


def _changed(names: list[str]) -> Notice:
    return Notice(CHANGED, {"field": ", ".join(sorted(names))})


def _reading_context(facts: Mapping[str, str], context: BookingContext) -> ReadingContext:
    outlet = context.outlet(facts.get("outlet"))
    return ReadingContext(
        catalogue=context.catalogue,
        outlets=context.outlets,
        country=context.country_of(outlet),
        now=context.local_now(outlet or context.home_country_zone_outlet),
        asks_vehicle=context.shape(None).asks_vehicle,
    )


def _wanted_news(
    found: Mapping[str, str], facts: Mapping[str, str], heard: Heard, expected: str | None
) -> dict[str, str]:
    """New facts, and changed ones where the customer means to change them.

    A service is often mentioned in passing ("after the wash..."), so an answered one changes only on purpose,
    and asking about one does not choose it.
    """
    changing = heard.intent == "correct" or expected == "confirmation" or bool(heard.entities.get("field"))
    return {
        name: value
        for name, value in found.items()
        if facts.get(name) != value and (name != "service" or _means_service(heard, facts, expected, changing=changing))
    }


def _means_service(heard: Heard, facts: Mapping[str, str], expected: str | None, *, changing: bool) -> bool:
    if heard.intent in ENQUIRIES:
        return False
    return "service" not in facts or changing or expected == "service"


def _complete_known_car(reading: Reading, known: KnownCustomer) -> None:
    model = reading.facts.get("car_model")
    same = [car for car in known.vehicles if model and car.model.lower() == model.lower()]
    if len(same) == 1 and "car_plate" not in reading.facts and "car_year" not in reading.facts:
        reading.facts.update({"car_make": same[0].make, "car_year": str(same[0].year), "car_plate": same[0].plate})


def _at_confirmation(heard: Heard, news: dict[str, str], facts: dict[str, str]) -> list[Notice]:
    if news:
        _drop_dependents(news, facts)
        facts.update(news)
        return [_changed(list(news))]
    if heard.intent == "affirm":
        facts["confirmation"] = YES
    elif heard.intent == "cancel":
        facts["confirmation"] = CANCEL
    elif not _clear_named(heard, facts) and heard.intent in ("deny", "correct"):
        return [Notice("utter_ask_what_to_change")]
    return []


def _drop_dependents(news: Mapping[str, str], facts: dict[str, str]) -> None:
    """A new car makes the old plate and year wrong; a new place the old address."""
    if "car_model" in news:
        for name in ("car_make", "car_year", "car_plate", "car_size"):
            facts.pop(name, None)
    if "street" in news:
        for name in ("city", "postcode", "landmark"):
            facts.pop(name, None)


def _clear_named(heard: Heard, facts: dict[str, str]) -> bool:
    names = GROUPS.get(heard.entities.get("field", ""), ())
    for name in names:
        facts.pop(name, None)
    return bool(names)


def _count(
    asked: dict[str, Any],
    before: Mapping[str, str],
    after: Mapping[str, str],
    expected: str | None,
    step: str | None,
    *,
    had_notice: bool,
) -> dict[str, Any]:
    """How often the next step was asked in vain. Any progress, or an explanation just given, starts anew."""
    progress = {name: before.get(name) for name in FIELDS} != {name: after.get(name) for name in FIELDS}
    same = asked.get("step") == step and expected == step
    tries = int(asked.get("tries", 0)) + 1 if same and not progress and not had_notice else 0
    return {**asked, "step": step, "tries": tries}


def _known_details(draft: DraftView) -> Notice:
    names = (draft.facts.get("first_name", ""), draft.facts.get("last_name", ""))
    name = " ".join(part for part in names if part and part != NO_LAST_NAME)
    return Notice("utter_known_details", {"name": name, "phone": draft.facts.get("phone", "-")})


def _source(heard: Heard) -> str:
    return "tapped" if heard.tap else "said"


def begins_booking(place: Place, heard: Heard) -> bool:
    """Whether a message outside the form tells enough of a booking to begin one: a service, or two facts."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    found = read(heard, None, _reading_context({}, context)).facts
    return "service" in found or len(found) > 1

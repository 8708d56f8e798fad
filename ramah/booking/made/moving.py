"""A turn of moving a booking: which one, to what day and hour, and the customer's yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from ramah.booking.catalogue import Catalogue
from ramah.booking.checks import check_moment
from ramah.booking.context import BookingContext, Place
from ramah.booking.heard import Notice
from ramah.booking.made.naming import local_start, outlet_of
from ramah.booking.made.picking import Desk, Picked, may_choose, nothing_to_change, open_desk, pick, refuse, remember
from ramah.booking.made.said import CHOOSE, CHOOSE_CHANGE, ELSEWHERE, Said, Turn, counted, ended
from ramah.booking.made.spoken_moments import SpokenMoments, spoken_moments
from ramah.booking.made.telling import words_of
from ramah.integrations.erp.port import BookingSummary, ServiceItem, TakenTime
from ramah.lib.wording import clock

BOOKING, DAY, HOUR, CONFIRMATION = "moved_booking", "new_date", "new_time", "move_confirmation"
MOVE_STEPS = (BOOKING, DAY, HOUR, CONFIRMATION)
"""The form's slots, in the order in which missing ones are asked."""

YES, OTHER, KEEP = "yes", "other", "keep"
_MOVING_ABOUT = frozenset({"go_back", "start_over", "reschedule"})


def take_in_move(
    place: Place, said: Said, expected: str | None, facts: Mapping[str, str], memory: Mapping[str, Any]
) -> Turn:
    """Take in one message while a booking is being moved. ``expected`` is the step last asked, None at the start."""
    if expected is None or _begins_anew(said):
        facts, memory = {}, {}
    desk = open_desk(place, "booking:move", memory)
    if expected and said.intent == "cancel_booking":
        return Turn(facts, expected, memory=memory, interrupted=True)
    if desk is None:
        return ended(Notice("utter_bookings_unreachable"), handover="reschedule")
    if expected is not None and (said.intent == "cancel" or said.value == KEEP):
        return ended(Notice("utter_change_left"))
    if not facts.get(BOOKING) and not may_choose(said, desk):
        return nothing_to_change(desk)
    if _is_stale(said, facts):
        return Turn(facts, expected, (Notice("utter_change_button_gone"),), memory)
    return _with_booking(said, expected, _gone_back(said, expected, facts), memory, desk)


def _begins_anew(said: Said) -> bool:
    return said.intent == "start_over" or (said.intent == "reschedule" and said.is_tap)


def _is_stale(said: Said, facts: Mapping[str, str]) -> bool:
    """Whether a tapped button belongs to another booking or to a summary that no longer holds."""
    if said.intent != CHOOSE_CHANGE:
        return said.intent == CHOOSE
    if not said.is_tap or not str(facts.get(BOOKING, "")).endswith(said.booking or "-"):
        return True
    return said.step == CONFIRMATION and said.value not in (OTHER, KEEP, chosen_moment(facts))


def chosen_moment(facts: Mapping[str, str]) -> str:
    """The new time as the button of its summary carries it."""
    return f"{facts.get(DAY)}T{facts.get(HOUR)}"


def _gone_back(said: Said, expected: str | None, facts: Mapping[str, str]) -> dict[str, str]:
    """The facts without the last answer, where the customer wants to answer it again."""
    kept = dict(facts)
    if said.intent == "go_back" and expected in MOVE_STEPS:
        for step in MOVE_STEPS[max(MOVE_STEPS.index(expected) - 1, 0) :]:
            kept.pop(step, None)
    return kept


def _with_booking(
    said: Said, expected: str | None, facts: dict[str, str], memory: Mapping[str, Any], desk: Desk
) -> Turn:
    picked = pick(said, None if said.is_tap else facts.get(BOOKING), desk)
    if picked.booking is None:
        return _without_booking(said, expected, facts, memory, picked)
    if refusal := refuse(picked.booking, desk.context):
        return refusal
    before = dict(facts)
    if facts.get(BOOKING) not in (None, picked.booking.booking_id):
        facts = {}
    facts[BOOKING] = picked.booking.booking_id
    memory = remember(memory, picked.booking)
    moments = _moments(said, expected, picked, desk.context, chosen_before=BOOKING in before)
    return _with_moment(said, expected, before, facts, memory, moments, picked.booking, desk.context)


def _without_booking(
    said: Said, expected: str | None, facts: dict[str, str], memory: Mapping[str, Any], picked: Picked
) -> Turn:
    """Which booking is still open; a new time said along with it is kept."""
    if expected and said.intent in ELSEWHERE and not picked.named.was_named:
        return Turn(facts, expected, memory=memory, interrupted=True)
    kept = {**facts, **_wanted(picked.named.moments, None)}
    offered = [one.booking_id for one in picked.named.fitting] if picked.named.was_named else None
    open_again = {**memory, "offered": offered, "booking": None}
    memory = counted(open_again, expected, BOOKING, progress=bool(picked.notices) or said.intent in _MOVING_ABOUT)
    return Turn(kept, BOOKING, picked.notices, memory)


def _moments(
    said: Said, expected: str | None, picked: Picked, context: BookingContext, *, chosen_before: bool
) -> SpokenMoments:
    """What was said of the new time. Once the booking is settled, every date is one that is wanted."""
    if said.is_tap:
        return _tapped(said)
    if not chosen_before or picked.booking is None:
        return picked.named.moments
    now = context.local_now(outlet_of(picked.booking, context))
    kind = {DAY: "day", HOUR: "time"}.get(expected or "")
    return spoken_moments(said.text[:1000], now, (), expected=kind)


def _tapped(said: Said) -> SpokenMoments:
    """A tapped day or hour; payloads come from outside and may hold anything."""
    try:
        if said.step == DAY:
            return SpokenMoments(day=date.fromisoformat(said.value or ""))
        if said.step == HOUR:
            return SpokenMoments(time=time.fromisoformat(said.value or ""))
    except ValueError:
        return SpokenMoments()
    return SpokenMoments()


def _wanted(moments: SpokenMoments, start: datetime | None) -> dict[str, str]:
    """The facts that a wish settles. A length ("an hour later") counts from the present start."""
    if moments.shift is not None and start is not None:
        later = start + moments.shift
        return {DAY: later.date().isoformat(), HOUR: clock(later.time())}
    wanted = {DAY: moments.day and moments.day.isoformat(), HOUR: moments.time and clock(moments.time)}
    return {name: value for name, value in wanted.items() if value}


def _with_moment(
    said: Said,
    expected: str | None,
    before: Mapping[str, str],
    facts: dict[str, str],
    memory: dict[str, Any],
    moments: SpokenMoments,
    booking: BookingSummary,
    context: BookingContext,
) -> Turn:
    start = local_start(booking, context)
    news = _wanted(moments, start)
    _correct(said, expected, facts, news)
    facts.update(news)
    if HOUR in facts and DAY not in facts:
        facts[DAY] = start.date().isoformat()
    if moments.part_of_day:
        memory["part"] = moments.part_of_day
    answered = facts != before or bool(moments.part_of_day) or said.is_tap or said.intent in _MOVING_ABOUT
    if expected and said.intent in ELSEWHERE and not answered:
        return Turn(facts, expected, memory=memory, interrupted=True)
    if expected == CONFIRMATION and not news:
        _confirm(said, facts)
    wanted_hour = facts.get(HOUR)
    notices = _check(facts, booking, context)
    if notices:
        facts.pop(CONFIRMATION, None)
    if notices or DAY in news:
        memory["near"] = wanted_hour if notices else None
    step = next((name for name in MOVE_STEPS if not facts.get(name)), None)
    return Turn(facts, step, tuple(notices), counted(memory, expected, step, progress=answered or bool(notices)))


def _correct(said: Said, expected: str | None, facts: dict[str, str], news: Mapping[str, str]) -> None:
    """Forget what the customer calls wrong and has not replaced."""
    if news:
        facts.pop(CONFIRMATION, None)
        if DAY in news and HOUR not in news:
            facts.pop(HOUR, None)
        return
    at_summary = expected == CONFIRMATION and (said.intent in ("deny", "correct") or said.value == OTHER)
    if said.intent == "correct" or at_summary:
        names = (HOUR,) if said.field == "time" else (DAY, HOUR)
        for name in (*names, CONFIRMATION):
            facts.pop(name, None)


def _confirm(said: Said, facts: dict[str, str]) -> None:
    tapped = said.step == CONFIRMATION and said.value == chosen_moment(facts)
    if facts.get(DAY) and facts.get(HOUR) and (said.intent == "affirm" or tapped):
        facts[CONFIRMATION] = YES


def _check(facts: dict[str, str], booking: BookingSummary, context: BookingContext) -> list[Notice]:
    """Check day and hour against the outlet; what cannot be is removed and explained."""
    outlet = outlet_of(booking, context)
    asked = {
        "service": booking.service_code,
        "place": booking.place,
        "outlet": outlet.code,
        **({"appointment_date": facts[DAY]} if facts.get(DAY) else {}),
        **({"appointment_time": facts[HOUR]} if facts.get(HOUR) else {}),
    }
    notices = check_moment(asked, without_it(booking, context))
    for name, fact in ((DAY, "appointment_date"), (HOUR, "appointment_time")):
        if fact not in asked:
            facts.pop(name, None)
    start = local_start(booking, context)
    if chosen_moment(facts) == f"{start.date().isoformat()}T{clock(start.time())}":
        facts.pop(HOUR)
        notices = [Notice("utter_move_same_time", words_of(booking, context))]
    return notices


def without_it(booking: BookingSummary, context: BookingContext) -> BookingContext:
    """The world as if the booking were not there yet: its own time is free for it, its length is what was booked."""
    taken = context.taken

    def others(outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        return [one for one in taken(outlet_code, day, zone) if one.booking_id != booking.booking_id]

    known = context.catalogue.service(booking.service_code)
    unlisted = ServiceItem(code=booking.service_code, names={}, descriptions={}, minutes=booking.minutes)
    service = (known or unlisted).model_copy(update={"minutes": booking.minutes})
    return replace(context, taken=others, catalogue=Catalogue((service,), context.catalogue.plans))


def new_start(facts: Mapping[str, str], booking: BookingSummary, context: BookingContext) -> datetime:
    """The moment that a complete change asks for, aware, on the outlet's clock."""
    zone = local_start(booking, context).tzinfo
    return datetime.combine(date.fromisoformat(facts[DAY]), time.fromisoformat(facts[HOUR]), tzinfo=zone)

"""What to ask for a step of a change: a response, its variables, the choices that come from data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from ramah.booking.availability import free_starts, hours_text, next_open_days
from ramah.booking.context import BookingContext, Place
from ramah.booking.made.moving import CONFIRMATION, DAY, HOUR, chosen_moment, new_start, without_it
from ramah.booking.made.naming import outlet_of
from ramah.booking.made.picking import Desk, open_desk, remembered_booking
from ramah.booking.made.said import again
from ramah.booking.made.telling import change_choice, choices_of, words_of
from ramah.booking.questions import Question
from ramah.booking.starts import in_part, nearest, spread
from ramah.channels.content import Choice
from ramah.integrations.erp.port import BookingSummary
from ramah.lib.wording import clock, long_date, short_date

DAYS, HOURS, HOURS_NEAR = 5, 8, 4


def ask_change(place: Place, step: str, facts: Mapping[str, str], memory: Mapping[str, Any]) -> Question:
    """The question for a step of moving or calling off, with more help where it was not understood."""
    desk = open_desk(place, "booking:ask", memory)
    if desk is None:
        return Question("utter_bookings_unreachable", {})
    booking = remembered_booking(memory)
    question = _which(step, desk, memory) if booking is None else _about(step, booking, desk.context, facts, memory)
    response, before = again(question.response, memory, step)
    return Question(response, question.variables, question.choices, before)


def _which(step: str, desk: Desk, memory: Mapping[str, Any]) -> Question:
    bookings = desk.owned.changeable(desk.context.now)
    offered = tuple(one for one in bookings if one.booking_id in (memory.get("offered") or ())) or bookings
    return Question(f"utter_ask_{step}", {"count": str(len(offered))}, choices_of(offered, desk.context))


def _about(
    step: str, booking: BookingSummary, context: BookingContext, facts: Mapping[str, str], memory: Mapping[str, Any]
) -> Question:
    words = words_of(booking, context)
    if step == DAY:
        return Question("utter_ask_new_date", words, _days(booking, context))
    if step == HOUR:
        return _hour(booking, context, facts, memory, words)
    if step == CONFIRMATION:
        start = new_start(facts, booking, context)
        new = {"new_date": long_date(start.date(), context.language), "new_time": clock(start.time())}
        return Question("utter_ask_move_confirmation", {**words, **new, "chosen": chosen_moment(facts)})
    return Question(f"utter_ask_{step}", {**words, "reason": str(memory.get("reason") or "")})


def _days(booking: BookingSummary, context: BookingContext) -> tuple[Choice, ...]:
    horizon = context.organisation.booking_horizon_days
    days = next_open_days(outlet_of(booking, context), context.now, DAYS, horizon)
    return tuple(change_choice(booking, DAY, short_date(day, context.language), day.isoformat()) for day in days)


def _hour(
    booking: BookingSummary,
    context: BookingContext,
    facts: Mapping[str, str],
    memory: Mapping[str, Any],
    words: Mapping[str, str],
) -> Question:
    outlet, day = outlet_of(booking, context), date.fromisoformat(facts[DAY])
    starts = [start for start in _free(booking, context, day) if start != booking.starts_at]
    starts = in_part(starts, memory.get("part"))
    near = memory.get("near")
    shown = nearest(starts, time.fromisoformat(near), HOURS_NEAR) if near else spread(starts, HOURS)
    choices = tuple(change_choice(booking, HOUR, clock(one.time()), clock(one.time())) for one in shown)
    new = {"new_date": long_date(day, context.language), "hours": hours_text(outlet, day)}
    return Question("utter_ask_new_time", {**words, **new}, choices)


def _free(booking: BookingSummary, context: BookingContext, day: date) -> list[datetime]:
    outlet, world = outlet_of(booking, context), without_it(booking, context)
    visit = world.visit(world.catalogue.services[0], outlet, booking.place)
    taken = [one for one in world.taken(outlet.code, day, outlet.timezone) if one.place == booking.place]
    return free_starts(outlet, day, visit, taken, context.now)

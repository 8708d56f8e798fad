"""Finding the booking that a change is about, and whether the bot may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.heard import Notice
from ramah.booking.made.naming import Named, name_booking
from ramah.booking.made.owned import Owned, own_bookings, with_tag
from ramah.booking.made.said import Said, Turn, ended
from ramah.booking.made.telling import words_of
from ramah.integrations.erp.port import BookingStatus, BookingSummary
from ramah.integrations.errors import IntegrationError, Unavailable
from ramah.observe import record_incident

CHANGE_HOURS = 2
"""Until how many hours before a visit the bot changes it, where the organisation's profile (``change_hours``) does not
say; later a person decides."""


@dataclass(frozen=True)
class Desk:
    """What a turn about made bookings works with."""

    context: BookingContext
    owned: Owned


@dataclass(frozen=True)
class Picked:
    """The booking that is meant (None while that is open), what the words said, and what must be said."""

    booking: BookingSummary | None
    named: Named
    notices: tuple[Notice, ...] = ()


def open_desk(place: Place, operation: str, memory: Mapping[str, Any] | None = None) -> Desk | None:
    """Read organisation and bookings; None, with an incident, when the ERP does not answer.

    A booking that the dialogue remembers is enough to go on with: what is confirmed now is written later.
    """
    try:
        context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
        try:
            return Desk(context, own_bookings(place.database, context.organisation, context.contact))
        except Unavailable:
            remembered = remembered_booking(memory or {})
            if remembered is None:
                raise
            return Desk(context, Owned((remembered,), is_known=True))
    except IntegrationError as error:
        record_incident(place.database, place.organisation_id, error, operation, place.conversation_id)
        return None


def remembered_booking(memory: Mapping[str, Any]) -> BookingSummary | None:
    """The booking that the dialogue has settled on."""
    return BookingSummary.model_validate(memory["booking"]) if memory.get("booking") else None


def remember(memory: Mapping[str, Any], booking: BookingSummary) -> dict[str, Any]:
    """Keep the booking in the dialogue's memory."""
    return {**memory, "booking": booking.model_dump(mode="json")}


def pick(said: Said, current: str | None, desk: Desk) -> Picked:
    """The booking that a tap, the dialogue's memory or the words mean; the only one there is needs no words."""
    bookings = desk.owned.changeable(desk.context.now)
    nothing_said = Named(bookings)
    if said.is_tap:
        tapped = with_tag(desk.owned.bookings, said.booking)
        return Picked(tapped, nothing_said, () if tapped else (Notice("utter_change_button_gone"),))
    if current is not None:
        own = next((one for one in desk.owned.bookings if one.booking_id == current), None)
        return Picked(own, name_booking(said.text, (own,) if own else (), desk.context))
    named = name_booking(said.text, bookings, desk.context)
    if named.unknown_reference:
        return Picked(None, named, (Notice("utter_reference_not_found", {"reference": named.unknown_reference}),))
    return Picked(named.only, named)


def may_choose(said: Said, desk: Desk) -> bool:
    """Whether there is a booking to change, or a button names one of theirs that may be in another state by now."""
    tapped = with_tag(desk.owned.bookings, said.booking) if said.is_tap else None
    return tapped is not None or bool(desk.owned.changeable(desk.context.now))


def nothing_to_change(desk: Desk) -> Turn:
    """Why there is nothing that could be changed, and the way on."""
    owned, now = desk.owned, desk.context.now
    under_way = next((one for one in owned.bookings if one.status is BookingStatus.IN_PROGRESS), None)
    if under_way is not None:
        notice = Notice("utter_change_under_way", words_of(under_way, desk.context))
        return ended(notice, handover="change_under_way")
    begun = next((one for one in owned.upcoming(now)), None)
    if begun is not None:
        return ended(too_late(begun, desk.context), handover="change_too_late")
    if owned.waiting:
        return ended(Notice("utter_change_still_waiting", {"reference": owned.waiting[0]}), handover="change_waiting")
    return ended(Notice("utter_no_upcoming_bookings" if owned.is_known else "utter_bookings_unknown"))


def refuse(booking: BookingSummary, context: BookingContext) -> Turn | None:
    """Why the bot does not change this booking; None when it may."""
    words = words_of(booking, context)
    if booking.status is BookingStatus.CANCELLED:
        return ended(Notice("utter_already_cancelled", words))
    if booking.status is BookingStatus.IN_PROGRESS:
        return ended(Notice("utter_change_under_way", words), handover="change_under_way")
    if booking.status in (BookingStatus.DONE, BookingStatus.NO_SHOW):
        return ended(Notice("utter_change_over", words))
    if is_too_late(booking, context):
        return ended(too_late(booking, context), handover="change_too_late")
    return None


def is_too_late(booking: BookingSummary, context: BookingContext) -> bool:
    """Whether it begins too soon for the bot to change it."""
    return booking.starts_at - timedelta(hours=change_hours(context.organisation.profile)) < context.now


def change_hours(profile: Mapping[str, object]) -> float:
    """The organisation's own limit, or ours where it gives no sensible one."""
    value = profile.get("change_hours", CHANGE_HOURS)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value >= 0 else CHANGE_HOURS  # type: ignore[arg-type,operator]


def too_late(booking: BookingSummary, context: BookingContext) -> Notice:
    """It begins too soon; a person decides."""
    hours = f"{change_hours(context.organisation.profile):g}"
    return Notice("utter_change_too_late", {**words_of(booking, context), "hours": hours})

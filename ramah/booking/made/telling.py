"""A booking in the words of the customer's language: variables of responses, lines of lists, how far it is."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ramah.booking.catalogue import in_language
from ramah.booking.context import BookingContext
from ramah.booking.heard import Notice
from ramah.booking.made.naming import local_start, outlet_of
from ramah.booking.made.owned import tag_of
from ramah.channels.content import Choice
from ramah.integrations.erp.port import BookingStatus, BookingSummary
from ramah.lib.wording import clock, long_date, short_date

MOST_CHOICES = 9
LONGEST_TITLE = 20
MARKS = {
    BookingStatus.DONE: "✅",
    BookingStatus.CANCELLED: "❌",
    BookingStatus.NO_SHOW: "⚪",
    BookingStatus.BOOKED: "⚪",
}


def words_of(booking: BookingSummary, context: BookingContext) -> dict[str, str]:
    """The variables of every response about one booking."""
    start = local_start(booking, context)
    return {
        "booking": tag_of(booking),
        "reference": booking.reference,
        "service": service_name(booking, context),
        "date": long_date(start.date(), context.language),
        "time": clock(start.timetz()),
        "outlet": outlet_of(booking, context).name,
        "car": _car(booking),
        "note": booking.status_note or "",
        "ready": ready_text(booking, context),
    }


def service_name(booking: BookingSummary, context: BookingContext) -> str:
    """The service as the customer's language calls it."""
    service = context.catalogue.service(booking.service_code)
    return in_language(service.names, context.language) if service else booking.service_name


def ready_text(booking: BookingSummary, context: BookingContext) -> str:
    """When the work is or was finished: the hour, with the day where that is not the visit's own."""
    if booking.ready_at is None:
        return ""
    start = local_start(booking, context)
    ready = booking.ready_at.astimezone(start.tzinfo)
    hour = clock(ready.timetz())
    return hour if ready.date() == start.date() else f"{short_date(ready.date(), context.language)} {hour}"


def lines(bookings: Iterable[BookingSummary], context: BookingContext) -> str:
    """One line a booking: ``• *Cuci Premium*, Sab, 28 Nov 10:00 · Avanza B 1234 XYZ (RM-7K3QXW)``."""
    return "\n".join(f"{_mark(one, context)} {line(one, context)}" for one in bookings)


def line(booking: BookingSummary, context: BookingContext) -> str:
    """The booking on one line."""
    start = local_start(booking, context)
    when = f"{short_date(start.date(), context.language)} {clock(start.timetz())}"
    car = f" · {_car(booking)}" if booking.vehicle else ""
    return f"*{service_name(booking, context)}*, {when}{car} ({booking.reference})"


def choices_of(bookings: Iterable[BookingSummary], context: BookingContext) -> tuple[Choice, ...]:
    """A button a booking: its day and hour, with service and car below."""
    return tuple(_choice(one, context) for one in list(bookings)[:MOST_CHOICES])


def status_notices(booking: BookingSummary, context: BookingContext) -> list[Notice]:
    """What the ERP says of one booking; a visit that should have begun and of which nothing is known says so."""
    notices = [Notice(_status_response(booking, context), words_of(booking, context))]
    if booking.status_note and booking.status in (BookingStatus.IN_PROGRESS, BookingStatus.DONE):
        notices.append(Notice("utter_status_note", words_of(booking, context)))
    return notices


def _status_response(booking: BookingSummary, context: BookingContext) -> str:
    if booking.status is BookingStatus.BOOKED:
        return "utter_status_no_news" if booking.starts_at <= context.now else f"utter_status_booked_{booking.place}"
    ready = booking.status in (BookingStatus.IN_PROGRESS, BookingStatus.DONE) and booking.ready_at is not None
    return f"utter_status_{booking.status}{'_ready' if ready else ''}"


def _mark(booking: BookingSummary, context: BookingContext) -> str:
    return "•" if booking.is_upcoming(context.now) else MARKS.get(booking.status, "•")


def _car(booking: BookingSummary) -> str:
    return f"{booking.vehicle.model} {booking.vehicle.plate}" if booking.vehicle else ""


def _choice(booking: BookingSummary, context: BookingContext) -> Choice:
    start = local_start(booking, context)
    payload = json.dumps({"booking": tag_of(booking)}, separators=(",", ":"))
    below = " · ".join(filter(None, (service_name(booking, context), _car(booking), booking.reference)))
    title = f"{short_date(start.date(), context.language)} {clock(start.timetz())}"
    return Choice(title=title[:LONGEST_TITLE], payload=f"/choose_booking{payload}", description=below)


def change_choice(booking: BookingSummary, step: str, title: str, value: str) -> Choice:
    """A button of a question about a change."""
    payload = json.dumps({"booking": tag_of(booking), "step": step, "value": value}, separators=(",", ":"))
    return Choice(title=title, payload=f"/choose_change{payload}")

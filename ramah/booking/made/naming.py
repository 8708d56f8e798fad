"""Which of a customer's bookings their words mean: its number, car, plate, service, outlet, day, time or place in the
list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ramah.booking.availability import zone_of
from ramah.booking.catalogue import normal
from ramah.booking.context import BookingContext
from ramah.booking.extract.vehicle import find_vehicle
from ramah.booking.made.spoken_moments import SpokenMoments, spoken_moments
from ramah.integrations.erp.port import BookingSummary
from ramah.people import Outlet

LONGEST_READ = 1_000
_REFERENCE = re.compile(r"\bRM\s?-\s?([A-Z0-9]{6})\b|\bRM\s?(?=[A-Z0-9]*[A-Z])([A-Z0-9]{6})\b", re.IGNORECASE)
_ORDER = (
    re.compile(r"\b(pertama|kesatu|first|1st|no(mor)? ?1|terdekat|paling dekat|nearest|next one)\b", re.IGNORECASE),
    re.compile(r"\b(kedua|second|2nd|no(mor)? ?2)\b", re.IGNORECASE),
    re.compile(r"\b(ketiga|third|3rd|no(mor)? ?3)\b", re.IGNORECASE),
)
_LAST = re.compile(r"\b(terakhir|paling akhir|last one|the last)\b", re.IGNORECASE)

Bookings = tuple[BookingSummary, ...]


@dataclass(frozen=True)
class Named:
    """Bookings that the words may mean (all of them where nothing was named), the dates and times that were said,
    and a booking number that is none of theirs."""

    fitting: Bookings
    was_named: bool = False
    moments: SpokenMoments = field(default_factory=SpokenMoments)
    unknown_reference: str | None = None

    @property
    def only(self) -> BookingSummary | None:
        """The one that is meant, where that is sure."""
        return self.fitting[0] if len(self.fitting) == 1 and self.unknown_reference is None else None


def name_booking(text: str, bookings: Bookings, context: BookingContext) -> Named:
    """Narrow the bookings down by all that a message says of them; what fits none of them is not about that."""
    text = text[:LONGEST_READ]
    reference = _reference(text)
    if reference is not None:
        same = tuple(one for one in bookings if _plain(one.reference) == _plain(reference))
        return Named(same or bookings, bool(same), _moments(text, bookings, context), None if same else reference)
    moments = _moments(text, bookings, context)
    fitting, was_named = bookings, False
    for narrow in (_by_literal_reference, _by_car, _by_service, _by_outlet):
        kept = narrow(text, fitting, context)
        if kept:
            fitting, was_named = kept, True
    for kept in (_on_day(fitting, moments, context), _by_order(text, fitting)):
        if kept:
            fitting, was_named = kept, True
    return Named(fitting, was_named, moments)


def outlet_of(booking: BookingSummary, context: BookingContext) -> Outlet:
    """The outlet of a booking; another one of the organisation where staff have closed it since."""
    return context.outlet(booking.outlet_code) or context.home_country_zone_outlet


def local_start(booking: BookingSummary, context: BookingContext) -> datetime:
    """When it begins, on the clock of its outlet."""
    return booking.starts_at.astimezone(zone_of(outlet_of(booking, context)))


def _moments(text: str, bookings: Bookings, context: BookingContext) -> SpokenMoments:
    outlet = outlet_of(bookings[0], context) if bookings else context.home_country_zone_outlet
    starts = [local_start(one, context) for one in bookings]
    return spoken_moments(text, context.local_now(outlet), starts)


def _reference(text: str) -> str | None:
    found = _REFERENCE.search(text)
    return f"RM-{(found[1] or found[2]).upper()}" if found else None


def _plain(text: str) -> str:
    return "".join(re.findall(r"[A-Z0-9]", text.upper()))


def _by_literal_reference(text: str, bookings: Bookings, _: BookingContext) -> Bookings:
    """Staff give numbers of another form."""
    return tuple(one for one in bookings if _plain(one.reference) in _plain(text))


def _by_car(text: str, bookings: Bookings, context: BookingContext) -> Bookings:
    words, letters = f" {normal(text)} ", _plain(text)
    found = find_vehicle(text, this_year=context.now.year)
    model = (found.model or "").lower() if found else ""
    return tuple(
        one
        for one in bookings
        if one.vehicle
        and (
            _plain(one.vehicle.plate) in letters
            or f" {normal(one.vehicle.model)} " in words
            or (model and model == one.vehicle.model.lower())
        )
    )


def _by_service(text: str, bookings: Bookings, context: BookingContext) -> Bookings:
    named = {item.code for item in context.catalogue.find_services(text)}
    return tuple(one for one in bookings if one.service_code in named)


def _by_outlet(text: str, bookings: Bookings, context: BookingContext) -> Bookings:
    words = f" {normal(text)} "
    return tuple(
        one
        for one in bookings
        if any(f" {normal(name)} " in words for name in (outlet_of(one, context).city, outlet_of(one, context).name))
    )


def _on_day(bookings: Bookings, moments: SpokenMoments, context: BookingContext) -> Bookings:
    if moments.of_day is None and moments.of_time is None:
        return ()
    return tuple(
        one
        for one in bookings
        if moments.of_day in (None, local_start(one, context).date())
        and moments.of_time in (None, local_start(one, context).time())
    )


def _by_order(text: str, bookings: Sequence[BookingSummary]) -> Bookings:
    if _LAST.search(text):
        return tuple(bookings[-1:])
    for place, pattern in enumerate(_ORDER):
        if pattern.search(text):
            return tuple(bookings[place : place + 1])
    return ()

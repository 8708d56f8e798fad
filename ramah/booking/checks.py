"""Checks of the facts against the world: outlets, hours, holidays, capacity. A fact that fails is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from rapidfuzz import fuzz

from ramah.booking.availability import (
    GRID_MINUTES,
    closed_reason,
    free_starts,
    hours_text,
    is_free,
    is_open_for,
    zone_of,
)
from ramah.booking.context import BookingContext
from ramah.booking.enquiry import week_text
from ramah.booking.facts import GROUPS, HOME, ONE_TIME, OUTLET
from ramah.booking.heard import Notice
from ramah.lib.wording import clock, long_date
from ramah.people import Outlet

SAME_CITY = 90
Check = Callable[[dict[str, str], BookingContext], list[Notice]]


def check(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    """Complete what follows from other facts and remove what cannot be. Returns what to tell the customer."""
    notices: list[Notice] = []
    for one in CHECKS:
        notices += one(facts, context)
    return notices


def _choose_for_them(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    """Where there is only one answer, nothing is asked."""
    service = context.catalogue.service(facts.get("service"))
    shape = context.shape(service)
    notices = []
    if service and not shape.offers_subscription:
        facts["booking_kind"] = ONE_TIME
    if facts.get("booking_kind") == ONE_TIME:
        facts.pop("plan", None)
    if service and not shape.home:
        if facts.get("place") == HOME:
            notices.append(
                Notice("utter_service_only_at_outlet", {"service": service.names.get(context.language, service.code)})
            )
        facts["place"] = OUTLET
    elif service and not shape.outlet:
        facts["place"] = HOME
    if facts.get("place") == OUTLET and len(context.outlets) == 1:
        facts["outlet"] = context.outlets[0].code
    if facts.get("place") == OUTLET:
        for name in GROUPS["address"]:
            facts.pop(name, None)
    elif facts.get("street") and "place" not in facts and shape.home:
        facts["place"] = HOME
    return notices


def _outlet_of_home(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    """Home service comes from the outlet that serves the city."""
    if facts.get("place") != HOME:
        return []
    facts.pop("outlet", None)
    if "city" not in facts:
        return []
    outlet = serving_outlet(context.outlets, facts["city"])
    if outlet is not None:
        facts["outlet"] = outlet.code
        return []
    areas = ", ".join(sorted({str(area) for o in context.outlets for area in o.areas}))
    notice = Notice("utter_city_not_served", {"city": facts.pop("city"), "areas": areas})
    facts.pop("postcode", None)
    return [notice]


def serving_outlet(outlets: tuple[Outlet, ...], city: str) -> Outlet | None:
    """The outlet whose crew goes to this city."""
    wanted = _plain(city)
    for outlet in outlets:
        if outlet.crews and any(
            fuzz.ratio(_plain(str(area)), wanted) >= SAME_CITY for area in (*outlet.areas, outlet.city)
        ):
            return outlet
    return None


def _plain(city: str) -> str:
    lowered = city.lower()
    for word in ("kota ", "kabupaten ", "kab. ", "kab ", "adm. ", "administrasi "):
        lowered = lowered.removeprefix(word)
    return lowered.strip()


def _date(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    if "appointment_date" not in facts:
        return []
    outlet = context.outlet(facts.get("outlet"))
    day = date.fromisoformat(facts["appointment_date"])
    today = context.local_now(outlet or context.home_country_zone_outlet).date()
    text = long_date(day, context.language)
    horizon = context.organisation.booking_horizon_days
    notice = None
    if day < today:
        notice = Notice("utter_date_passed", {"date": text})
    elif day > today + timedelta(days=horizon):
        notice = Notice("utter_too_far_ahead", {"days": str(horizon)})
    elif outlet is not None and (reason := closed_reason(outlet, day)) is not None:
        notice = _closed(outlet, text, reason, context.language)
    if notice is None:
        return []
    facts.pop("appointment_date")
    facts.pop("appointment_time", None)
    return [notice]


def _closed(outlet: Outlet, day: str, reason: str, language: str) -> Notice:
    if reason:
        return Notice("utter_holiday", {"outlet": outlet.name, "date": day, "holiday": reason})
    return Notice("utter_closed_that_day", {"outlet": outlet.name, "date": day, "hours": week_text(outlet, language)})


def _time(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    outlet = context.outlet(facts.get("outlet"))
    service = context.catalogue.service(facts.get("service"))
    if outlet is None or service is None or "appointment_date" not in facts:
        return []
    day = date.fromisoformat(facts["appointment_date"])
    visit = context.visit(service, outlet, facts.get("place", OUTLET))
    taken = [t for t in context.taken(outlet.code, day, outlet.timezone) if t.place == facts.get("place", OUTLET)]
    words = {"date": long_date(day, context.language), "outlet": outlet.name, "hours": hours_text(outlet, day)}
    if not free_starts(outlet, day, visit, taken, context.now):
        facts.pop("appointment_date")
        facts.pop("appointment_time", None)
        return [Notice("utter_date_full", {**words, "day": day.isoformat()})]
    if "appointment_time" not in facts:
        return []
    starts = datetime.combine(day, time.fromisoformat(facts["appointment_time"]), tzinfo=zone_of(outlet))
    words["time"] = clock(starts.time())
    refusal = None
    if starts <= context.now:
        refusal = "utter_time_passed"
    elif starts.minute % GRID_MINUTES or not is_open_for(outlet, starts, visit.minutes):
        refusal = "utter_closed_then"
    elif not is_free(starts, visit, taken):
        refusal = "utter_time_taken"
    if refusal is None:
        return []
    facts.pop("appointment_time")
    return [Notice(refusal, words)]


CHECKS: tuple[Check, ...] = (_choose_for_them, _outlet_of_home, _date, _time)
MOMENT_CHECKS: tuple[Check, ...] = (_date, _time)


def check_moment(facts: dict[str, str], context: BookingContext) -> list[Notice]:
    """The same for date and time alone, where service, outlet and place are settled."""
    return [notice for one in MOMENT_CHECKS for notice in one(facts, context)]

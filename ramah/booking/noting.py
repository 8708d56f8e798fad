"""What a message brought beside its answer is said back, so that nobody wonders whether it was heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ramah.booking.catalogue import in_language, price_text
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import ADDRESS_EXTRAS
from ramah.booking.field_names import value_name
from ramah.booking.heard import Heard, Notice
from ramah.booking.summary import full_name, place_text
from ramah.integrations.erp.document import VehicleSize
from ramah.lib.wording import short_date

NOTED, PRICED, PRICED_FROM = "utter_noted", "utter_noted_with_price", "utter_noted_with_price_from"

Shown = Callable[[DraftView, BookingContext], str]


def noted(
    before: DraftView, after: DraftView, heard: Heard, expected: str | None, context: BookingContext
) -> list[Notice]:
    """What was told without having been asked, new or other than before, part by part, and the price of a service that
    was named so."""
    if heard.tap is not None or heard.pin is not None:
        return []
    gained = {name for name, value in after.facts.items() if before.facts.get(name) != value}
    told = [part for part in PARTS if gained.intersection(part) and expected not in part]
    words = " · ".join(filter(None, (PARTS[part](after, context) for part in told)))
    if not words:
        return []
    return [_priced(words, after, context) if SERVICE in told else Notice(NOTED, {"noted": words})]


def _priced(words: str, draft: DraftView, context: BookingContext) -> Notice:
    """With the price of one visit; the lowest, while the size of the car on which it depends is not known."""
    service = context.catalogue.service(draft.facts.get("service"))
    country = context.country_of(context.outlet(draft.facts.get("outlet")))
    size = draft.facts.get("car_size")
    price = context.catalogue.price(service, country, size) if service else None
    # A plan's discount would make another price of it; the summary tells that one.
    if price is None or "plan" in draft.facts:
        return Notice(NOTED, {"noted": words})
    is_exact = size is not None or price.size is VehicleSize.ANY
    return Notice(PRICED if is_exact else PRICED_FROM, {"noted": words, "price": price_text(price, context.language)})


def _service(draft: DraftView, context: BookingContext) -> str:
    service = context.catalogue.service(draft.facts.get("service"))
    return f"*{in_language(service.names, context.language)}*" if service else ""


def _plan(draft: DraftView, context: BookingContext) -> str:
    plan = context.catalogue.plan(draft.facts.get("plan"))
    return in_language(plan.names, context.language) if plan else ""


def _name(draft: DraftView, _: BookingContext) -> str:
    return full_name(draft)


def _phone(draft: DraftView, _: BookingContext) -> str:
    return draft.facts.get("phone", "")


def _car(draft: DraftView, _: BookingContext) -> str:
    names = ("car_make", "car_model", "car_year", "car_colour", "car_plate")
    return " ".join(draft.facts[name] for name in names if draft.facts.get(name))


def _place(draft: DraftView, context: BookingContext) -> str:
    where = place_text(draft, context)
    return where or draft.facts.get("city") or value_name(draft.facts.get("place", ""), context.language) or ""


def _moment(draft: DraftView, context: BookingContext) -> str:
    day, clock = draft.facts.get("appointment_date"), draft.facts.get("appointment_time", "")
    return " ".join(filter(None, (short_date(date.fromisoformat(day), context.language) if day else "", clock)))


SERVICE = ("service",)
PARTS: Mapping[tuple[str, ...], Shown] = {
    SERVICE: _service,
    ("plan",): _plan,
    ("first_name", "last_name"): _name,
    ("phone",): _phone,
    ("car_make", "car_model", "car_year", "car_colour", "car_plate"): _car,
    ("place", "outlet", "street", "city", "postcode", *ADDRESS_EXTRAS): _place,
    ("appointment_date", "appointment_time"): _moment,
}
"""What belongs together, and how it is said back."""

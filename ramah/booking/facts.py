"""The facts of a booking, the steps that ask for them, and which step comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STEPS = (
    "service",
    "booking_kind",
    "plan",
    "first_name",
    "last_name",
    "phone",
    "car_model",
    "car_year",
    "car_plate",
    "place",
    "outlet",
    "street",
    "city",
    "postcode",
    "appointment_date",
    "appointment_time",
    "confirmation",
)
"""The form's slots, in the order in which missing ones are asked."""

PIN = ("latitude", "longitude")
ADDRESS_EXTRAS = ("unit", "neighbourhood", "district", "landmark", *PIN)
EXTRA_FIELDS = ("car_make", "car_size", "car_colour", *ADDRESS_EXTRAS, "notes")
"""Kept when they are said, never asked."""

FIELDS = (*STEPS, *EXTRA_FIELDS)

ONE_TIME, SUBSCRIPTION = "one_time", "subscription"
HOME, OUTLET = "home", "outlet"
YES, CHANGE, CANCEL = "yes", "change", "cancel"
NO_LAST_NAME = "-"
"""People with a single name are common in Indonesia; this says so, so that it is asked once."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "service": ("service",),
    "kind": ("booking_kind", "plan"),
    "plan": ("booking_kind", "plan"),
    "name": ("first_name", "last_name"),
    "phone": ("phone",),
    "car": ("car_make", "car_model", "car_year", "car_plate", "car_size", "car_colour"),
    "year": ("car_year",),
    "plate": ("car_plate",),
    "place": ("place", "outlet", "street", "city", "postcode", *ADDRESS_EXTRAS),
    "outlet": ("outlet",),
    "address": ("street", "city", "postcode", *ADDRESS_EXTRAS),
    "city": ("city", "postcode"),
    "postcode": ("postcode",),
    "date": ("appointment_date", "appointment_time"),
    "time": ("appointment_time",),
}
"""What people call the thing they want to change (entity ``field``), and the facts behind it."""


PERSON = ("first_name", "last_name", "phone")
"""What is true of the customer in every booking."""


@dataclass(frozen=True)
class Shape:
    """What an organisation and the chosen service ask for."""

    asks_vehicle: bool = True
    offers_subscription: bool = True
    home: bool = True
    outlet: bool = True


def missing_steps(facts: Mapping[str, str], shape: Shape) -> list[str]:
    """Steps that still need an answer, in order; empty once all are answered or the customer has called it off."""
    if facts.get("confirmation") == CANCEL:
        return []
    return [step for step in STEPS if _is_asked(step, facts, shape) and not facts.get(step)]


def steps_not_asked(facts: Mapping[str, str], shape: Shape) -> tuple[str, ...]:
    """Steps that do not apply to this booking."""
    return tuple(step for step in STEPS if not _is_asked(step, facts, shape))


def _is_asked(step: str, facts: Mapping[str, str], shape: Shape) -> bool:
    if step == "plan":
        return facts.get("booking_kind") == SUBSCRIPTION
    if step.startswith("car_"):
        return shape.asks_vehicle
    if step in ("street", "city", "postcode"):
        return facts.get("place") == HOME
    # For home service the outlet follows from the city.
    return step != "outlet" or facts.get("place") == OUTLET

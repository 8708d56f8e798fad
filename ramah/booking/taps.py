"""Taps: what a button's value does to the facts of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from enum import StrEnum

from ramah.booking.catalogue import Catalogue
from ramah.booking.drafts import DraftView
from ramah.booking.facts import (
    ADDRESS_EXTRAS,
    CANCEL,
    CHANGE,
    GROUPS,
    HOME,
    NO_LAST_NAME,
    ONE_TIME,
    OUTLET,
    STEPS,
    SUBSCRIPTION,
    YES,
)
from ramah.booking.heard import Tap
from ramah.booking.known import KnownCustomer
from ramah.people import Outlet

OTHER = "other"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "booking_kind": (ONE_TIME, SUBSCRIPTION),
    "last_name": ("none",),
    "place": (HOME, OUTLET),
    "confirmation": (YES, CANCEL),
}
"""The values of the buttons that stand in the responses; the other steps' come from data."""

TOGETHER: Mapping[str, tuple[str, ...]] = {"car_model": ("car_plate",), "plan": ("booking_kind",)}
"""Facts that a tap on a step sets beside it."""

MOMENTS: Mapping[str, Callable[[str], date | time]] = {
    "appointment_date": date.fromisoformat,
    "appointment_time": time.fromisoformat,
}


FOLDER, KEEP = "folder", "keep"
"""Steps of buttons that ask nothing of a booking: about the folders themselves, and "leave it as it is"."""

PROPOSAL = "proposal"
"""The step of a yes to proposed facts; its value is the number of the proposal."""

MOST_REMEMBERED = 60
"""Taps that are known again when they come twice."""


class Freshness(StrEnum):
    """How a tap stands to its draft: worth taking, here before, or overtaken by what came since."""

    FRESH = "fresh"
    DOUBLE = "double"
    STALE = "stale"


def freshness(tap: Tap, draft: DraftView) -> Freshness:
    """Whether a tap says something new of its draft.

    It is overtaken when its step was answered after its question was asked; a tap on the summary, when anything was.
    A tap that would change nothing is as good as one that came before."""
    if tap.key in draft.asked.get("taps", ()):
        return Freshness.DOUBLE
    if tap.step == PROPOSAL:
        return _freshness_of_proposal(tap, draft)
    answered: Mapping[str, int] = draft.asked.get("answered", {})
    if tap.step == "confirmation":
        latest = max(answered.values(), default=0)
    elif tap.step == "change":
        latest = max((answered.get(name, 0) for name in GROUPS.get(tap.value, ())), default=0)
    else:
        latest = max(answered.get(name, 0) for name in (tap.step, *TOGETHER.get(tap.step, ())))
    answers_something = tap.step != "confirmation" and tap.step in STEPS and not draft.facts.get(tap.step)
    if latest <= tap.round or answers_something or tap.value == CHANGE:
        return Freshness.FRESH
    same = draft.facts.get("car_plate" if tap.step == "car_model" else tap.step) == tap.value
    return Freshness.DOUBLE if same else Freshness.STALE


def proposed_by(tap: Tap, draft: DraftView) -> Mapping[str, str]:
    """The facts that a yes is about; empty where the draft remembers no such proposal."""
    proposed: Mapping[str, Mapping[str, str]] = draft.asked.get("proposed", {})
    return proposed.get(tap.value, {}) if tap.step == PROPOSAL else {}


def _freshness_of_proposal(tap: Tap, draft: DraftView) -> Freshness:
    facts, answered = proposed_by(tap, draft), draft.asked.get("answered", {})
    latest = max((answered.get(name, 0) for name in facts), default=0)
    if latest <= tap.round or not any(draft.facts.get(name) for name in facts):
        return Freshness.FRESH
    same = all(draft.facts.get(name) == value for name, value in facts.items())
    return Freshness.DOUBLE if same else Freshness.STALE


class TapOutcome:
    """Facts to set, facts to ask again, and flags to remember."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}
        self.cleared: set[str] = set()
        self.flags: dict[str, bool] = {}
        self.wants_change = False


def apply_tap(
    tap: Tap, known: KnownCustomer, catalogue: Catalogue, outlets: tuple[Outlet, ...], cities: Sequence[str] = ()
) -> TapOutcome | None:
    """What a tap means, or None when its value is not one that we ever offered. ``cities`` are those of a name
    that several places have."""
    outcome = TapOutcome()
    if tap.step == "change":
        outcome.cleared = set(GROUPS.get(tap.value, ()))
        return outcome if outcome.cleared else None
    if tap.step == "confirmation" and tap.value == CHANGE:
        outcome.wants_change = True
        return outcome
    if tap.value == OTHER and tap.step in ("car_model", "street"):
        outcome.flags[f"other_{tap.step}"] = True
        return outcome
    if tap.step == "city":
        outcome.facts = {"city": tap.value} if tap.value in cities else {}
        return outcome if outcome.facts else None
    outcome.facts = _facts_of(tap, known)
    if tap.step == "street":
        outcome.cleared = set(ADDRESS_EXTRAS)
    return outcome if outcome.facts and is_offered(tap, catalogue, outlets) else None


def _facts_of(tap: Tap, known: KnownCustomer) -> dict[str, str]:
    if tap.step == "car_model":
        return _known_car(tap.value, known)
    if tap.step == "street":
        return _known_address(tap.value, known)
    if tap.step == "last_name":
        return {"last_name": NO_LAST_NAME}
    if tap.step == "plan":
        return {"plan": tap.value, "booking_kind": SUBSCRIPTION}
    if tap.step == "outlet":
        return {"outlet": tap.value, "place": OUTLET}
    return {tap.step: tap.value} if tap.step in STEPS else {}


def _known_car(plate: str, known: KnownCustomer) -> dict[str, str]:
    for car in known.vehicles:
        if car.plate == plate:
            return {
                "car_make": car.make,
                "car_model": car.model,
                "car_year": str(car.year),
                "car_plate": car.plate,
                "car_size": car.size.value,
            }
    return {}


def _known_address(number: str, known: KnownCustomer) -> dict[str, str]:
    if not number.isdecimal() or int(number) >= len(known.addresses):
        return {}
    address = known.addresses[int(number)]
    facts: Mapping[str, str | None] = {
        "street": address.street,
        "city": address.city,
        "postcode": address.postcode,
        "landmark": address.landmark,
        "unit": address.unit,
        "neighbourhood": address.neighbourhood,
        "district": address.district,
        "latitude": _degrees(address.latitude),
        "longitude": _degrees(address.longitude),
    }
    return {name: value for name, value in facts.items() if value}


def _degrees(value: float | None) -> str | None:
    return None if value is None else f"{value:.6f}"


def is_offered(tap: Tap, catalogue: Catalogue, outlets: tuple[Outlet, ...]) -> bool:
    """Whether a value is one that we ever offer: payloads come from outside and may hold anything."""
    if tap.step in CHOICES:
        return tap.value in CHOICES[tap.step]
    if tap.step == "service":
        return catalogue.service(tap.value) is not None
    if tap.step == "plan":
        return catalogue.plan(tap.value) is not None
    if tap.step == "outlet":
        return any(outlet.code == tap.value for outlet in outlets)
    if tap.step in MOMENTS:
        return _reads_back(MOMENTS[tap.step], tap.value)
    return tap.step in ("car_model", "street")


def _reads_back(parse: Callable[[str], date | time], value: str) -> bool:
    try:
        return parse(value).isoformat() in (value, f"{value}:00")
    except ValueError:
        return False

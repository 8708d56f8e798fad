"""Reads a typed message: every extractor takes its part of the text, the next sees what is left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import cast

from ramah.booking.catalogue import Catalogue, normal
from ramah.booking.context import Country
from ramah.booking.corrections import bare_name, puts_name_right, without_taken_back
from ramah.booking.extract.choice import STEPS as CHOICE_STEPS
from ramah.booking.extract.choice import find_choice
from ramah.booking.extract.moment import find_dates, find_times
from ramah.booking.extract.person import find_name
from ramah.booking.extract.phone import find_phone
from ramah.booking.extract.place import FoundAddress, find_address
from ramah.booking.facts import HOME, OUTLET, SUBSCRIPTION
from ramah.booking.heard import Heard
from ramah.booking.interruptions import ENQUIRIES, is_question, refers_back
from ramah.booking.slips import vehicle_meant
from ramah.people import Outlet

LONGEST_READ = 1_000
"""Characters that are searched for facts; nobody needs more, and nobody should be able to keep us busy."""

LONGEST_FACT = 140
"""Characters of one fact, as the booking document takes them; what is longer was not understood."""

_OUTLET_WORD = re.compile(r"\b(outlet|cabang|cawangan|branch|bengkel|workshop|shop|toko|kedai)\b", re.IGNORECASE)

_UNSEEN = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of writing; kept in a name or street they would garble the page around it."""

CAR_EXPECTATIONS = {"car_model": "car", "car_year": "year", "car_plate": "plate"}


@dataclass(frozen=True)
class ReadingContext:
    """What the reader may lean on. ``now`` is aware, in the zone of the visit."""

    catalogue: Catalogue
    outlets: tuple[Outlet, ...]
    country: Country
    now: datetime
    asks_vehicle: bool = True
    opens: time = time(8)
    closes: time = time(20)


@dataclass
class Reading:
    """Facts found in one message, services and cities that it named ambiguously, a part of the day without a time."""

    facts: dict[str, str] = field(default_factory=dict)
    rivals: list[str] = field(default_factory=list)
    cities: list[str] = field(default_factory=list)
    part_of_day: str | None = None


class _Rest:
    """The text not yet taken. Taken parts become spaces, so that offsets stay true."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, spans: Iterable[tuple[int, int]]) -> None:
        for start, end in spans:
            self.text = self.text[:start] + " " * (end - start) + self.text[end:]


def read(heard: Heard, expected: str | None, context: ReadingContext) -> Reading:
    """All facts that a typed message holds. ``expected`` is the step that was just asked, or None."""
    reading = Reading()
    rest = _Rest(without_taken_back(_UNSEEN.sub("", heard.text[:LONGEST_READ])))
    _take_phone(rest, reading, context)
    if (expected == "last_name" and _is_plain_name(rest.text)) or puts_name_right(heard):
        # A bare answer is the name that was asked for, though a car, a colour or a town may have it too.
        _take_name(heard, rest, reading, expected)
        if reading.facts and not any(sign.isdigit() for sign in rest.text):
            return reading
    if context.asks_vehicle:
        _take_vehicle(rest, reading, expected, context)
    # "Jl Senen 5" is an address and no Monday, when an address was asked.
    asked_address = expected in ("street", "city", "postcode")
    for take in (_take_address, _take_moment) if asked_address else (_take_moment, _take_address):
        take(rest, reading, expected, context)
    if heard.intent in ENQUIRIES and expected == "street" and not _is_address(heard.text, context):
        reading.facts.pop("street", None)
    _take_service(heard, rest, reading, expected, context)
    _take_rhythm(heard, reading, context)
    _take_choice(heard, reading, expected, context)
    _take_place(heard, rest, reading, expected, context)
    _take_name(heard, rest, reading, expected)
    reading.facts = {name: value for name, value in reading.facts.items() if len(value) <= LONGEST_FACT}
    return reading


def _take_phone(rest: _Rest, reading: Reading, context: ReadingContext) -> None:
    found = next(filter(None, (find_phone(rest.text, country) for country in _countries(context))), None)
    if found:
        reading.facts["phone"] = found.e164
        rest.take([(found.start, found.end)])


def _take_vehicle(rest: _Rest, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    found = vehicle_meant(
        rest.text,
        expected=CAR_EXPECTATIONS.get(expected or ""),  # type: ignore[arg-type]  # the values are its literals
        this_year=context.now.year,
    )
    if found is None:
        return
    values = {
        "car_make": found.make,
        "car_model": found.model,
        "car_year": str(found.year) if found.year else None,
        "car_plate": found.plate,
        "car_colour": found.colour,
        "car_size": found.size,
    }
    reading.facts.update({name: value for name, value in values.items() if value})
    rest.take(found.spans)


def _take_moment(rest: _Rest, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    # Both look at the same text: "nanti malam" is a date and a time at once.
    dates = find_dates(rest.text, context.now, expected=expected == "appointment_date")
    times = find_times(
        rest.text,
        context.now,
        expected=expected == "appointment_time",
        opens=context.opens,
        closes=context.closes,
    )
    if dates:
        reading.facts["appointment_date"] = dates[-1].value.isoformat()
    exact = [item for item in times if not item.only_part]
    if exact:
        reading.facts["appointment_time"] = exact[-1].value.strftime("%H:%M")
    parts = [item.part_of_day for item in times if item.only_part and item.part_of_day]
    reading.part_of_day = parts[-1] if parts else None
    rest.take([(found.start, found.end) for found in dates] + [(found.start, found.end) for found in times])


def _take_address(rest: _Rest, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    wanted = expected if expected in ("street", "city", "postcode") else None
    found = _address(rest.text, wanted, context)
    if found is None:
        return
    # A city alone is said for many reasons ("the Bandung outlet"); it is an address only with more of it.
    if wanted or found.street or found.postcode:
        values = {
            "street": found.street,
            "city": found.city,
            "postcode": found.postcode,
            "landmark": found.landmark,
            "unit": found.unit,
            "neighbourhood": found.neighbourhood,
            "district": found.district,
        }
        reading.facts.update({name: value for name, value in values.items() if value})
        reading.cities = list(dict.fromkeys(candidate.city for candidate in found.candidates))
        rest.take(found.spans)


def _address(text: str, wanted: str | None, context: ReadingContext) -> FoundAddress | None:
    """The address as read in the customer's country, or in another where only that one knows the town."""
    # A postcode is asked once the town is known, and with it the country.
    countries = _countries(context)[: 1 if wanted == "postcode" else None]
    readings = [
        find_address(text, country, expected=wanted)  # type: ignore[arg-type]  # the steps are its literals
        for country in countries
    ]
    return max(readings, key=_certainty)


def _certainty(found: FoundAddress | None) -> tuple[bool, bool, int]:
    """How well a country's gazetteer understands an address; of equals the first is taken. "Subang Jaya 47500" is no
    Subang: who knows the postcode beside the town, and more of the town's words, is right."""
    if found is None or not found.city:
        return False, False, 0
    return True, found.postcode is not None, len(found.city)


def _take_service(heard: Heard, rest: _Rest, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    found = context.catalogue.find_services(rest.text, expected=expected == "service")
    if len(found) == 1:
        reading.facts["service"] = found[0].code
    elif not found and refers_back(heard):
        _take_service(Heard(text=heard.enquired), _Rest(heard.enquired), reading, expected, context)
        return
    reading.rivals = [item.code for item in found] if len(found) > 1 else []


def _take_rhythm(heard: Heard, reading: Reading, context: ReadingContext) -> None:
    plan = context.catalogue.find_plan(heard.text, heard.entities.get("plan"))
    if plan is not None:
        reading.facts["plan"] = plan.code
        reading.facts["booking_kind"] = SUBSCRIPTION
    elif heard.entities.get("kind"):
        reading.facts["booking_kind"] = heard.entities["kind"]
    elif heard.intent == "subscribe_service":
        reading.facts["booking_kind"] = SUBSCRIPTION


def _take_choice(heard: Heard, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    """The choice that was asked for, in a spelling that the word lists of the examples do not hold."""
    if expected not in CHOICE_STEPS or expected in reading.facts or expected in heard.entities or heard.tap:
        return
    chosen = find_choice(heard.text, expected)
    if expected == "booking_kind" and chosen is None and (rhythm := find_choice(heard.text, "plan")):
        expected, chosen = "plan", rhythm
    if chosen is None or (expected == "plan" and context.catalogue.plan(chosen) is None):
        return
    reading.facts[expected] = chosen
    if expected == "plan":
        reading.facts["booking_kind"] = SUBSCRIPTION


def _is_address(text: str, context: ReadingContext) -> bool:
    """Whether words are an address by themselves: asked for a street, "wher r u guys" would else be taken for one."""
    found = find_address(text, context.country)
    return any(sign.isdigit() for sign in text) or (found is not None and found.street is not None)


def _is_plain_name(text: str) -> bool:
    found = find_name(text, expected="last")
    return found is not None and not found.certain and not text[: found.start].strip() + text[found.end :].strip(" .!")


def _take_place(heard: Heard, rest: _Rest, reading: Reading, expected: str | None, context: ReadingContext) -> None:
    if heard.intent == "ask_location" and is_question(heard.text):
        # "Where are your outlets?" chooses none yet.
        return
    if heard.entities.get("place"):
        reading.facts["place"] = heard.entities["place"]
    outlet = _named_outlet(rest.text, context)
    if outlet is None or "street" in reading.facts or "postcode" in reading.facts:
        return
    if reading.facts.get("place") == HOME:
        reading.facts.setdefault("city", outlet.city)
        return
    says_outlet = reading.facts.get("place") == OUTLET or _OUTLET_WORD.search(heard.text)
    if expected in ("outlet", "place") or says_outlet:
        reading.facts["outlet"], reading.facts["place"] = outlet.code, OUTLET


def _named_outlet(text: str, context: ReadingContext) -> Outlet | None:
    words = f" {normal(text)} "
    named = [
        outlet
        for outlet in context.outlets
        if any(f" {normal(name)} " in words for name in (outlet.city, outlet.name, outlet.code))
    ]
    if not named:
        # "KL", "Jaksel", "sby": the gazetteer knows the short names of cities.
        cities = {city.lower() for country in _countries(context) for city in _cities(text, country)}
        named = [outlet for outlet in context.outlets if any(outlet.city.lower() in city for city in cities)]
    return named[0] if len(named) == 1 else None


def _cities(text: str, country: Country) -> list[str]:
    found = find_address(text, country, expected="city")
    return [found.city] if found and found.city else []


def _countries(context: ReadingContext) -> list[Country]:
    """The countries with outlets, the customer's own first."""
    served = {cast("Country", outlet.country) for outlet in context.outlets}
    return sorted(served, key=lambda country: (country != context.country, country))


def _take_name(heard: Heard, rest: _Rest, reading: Reading, expected: str | None) -> None:
    if puts_name_right(heard) and expected != "last_name":
        found = find_name(bare_name(rest.text), expected="full")
    elif expected == "first_name":
        found = find_name(rest.text, expected="full")
    elif expected == "last_name":
        found = find_name(rest.text, expected="last")
    else:
        found = find_name(rest.text)
    if found is None or ("service" in reading.facts and not found.certain):
        return
    if expected == "last_name" and not found.certain:
        reading.facts["last_name"] = " ".join(part for part in (found.first, found.last) if part)
        return
    reading.facts["first_name"] = found.first
    if found.last:
        reading.facts["last_name"] = found.last

"""What one typed message makes of the facts of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ramah.booking.context import BookingContext
from ramah.booking.corrections import clear_named, corrects, drop_dependents
from ramah.booking.drafts import DraftView
from ramah.booking.extract.person import has_one_name
from ramah.booking.extract.place import place_of_pin
from ramah.booking.facts import CANCEL, HOME, NO_LAST_NAME, OUTLET, YES
from ramah.booking.heard import Heard, Notice, Pin
from ramah.booking.interruptions import ENQUIRIES, asks_something_else
from ramah.booking.known import KnownCustomer
from ramah.booking.notes import find_note, with_note
from ramah.booking.reading import Reading, ReadingContext, read

LONGEST_MESSAGE = 1_000
CHANGED = "utter_changed"
MOMENT = ("appointment_date", "appointment_time")
CORRECTED = {"name": "first_name", "time": "appointment_time", "year": "car_year", "plate": "car_plate"}
"""Fields whose bare value is understood beside their name; of a street or a car too little sets it apart."""

Understood = tuple[dict[str, str], dict[str, Any], list[Notice]]


def understand(
    draft: DraftView, heard: Heard, expected: str | None, context: BookingContext, known: KnownCustomer
) -> Understood:
    """The draft's facts and what is remembered after a typed message or a pin, and what to say of it."""
    facts, asked = dict(draft.facts), dict(draft.asked)
    if heard.pin is not None:
        return facts, asked, _take_pin(heard.pin, facts, context)
    if len(heard.text) > LONGEST_MESSAGE:
        return facts, asked, [Notice("utter_text_too_long")]
    reading = read(heard, subject(heard, expected), reading_context(facts, context))
    _complete_known_car(reading, known)
    asked["part_of_day"] = reading.part_of_day or asked.get("part_of_day")
    asked["rivals"], asked["cities"] = reading.rivals, reading.cities or asked.get("cities") or []
    notices = _typed(heard, reading, expected, facts)
    if "city" in facts:
        asked["cities"] = []
    return facts, asked, notices + _note(heard, facts)


def subject(heard: Heard, expected: str | None) -> str | None:
    """The step that a message answers: a correction may name it ("namanya Andi"), else it is the one just asked."""
    return CORRECTED.get(heard.entities.get("field", ""), expected) if corrects(heard) else expected


def reading_context(facts: Mapping[str, str], context: BookingContext) -> ReadingContext:
    """What the reader may lean on for these facts."""
    outlet = context.outlet(facts.get("outlet"))
    return ReadingContext(
        catalogue=context.catalogue,
        outlets=context.outlets,
        country=context.country_of(outlet) if outlet else context.country_by(facts.get("phone")),
        now=context.local_now(outlet or context.home_country_zone_outlet),
        asks_vehicle=context.shape(None).asks_vehicle,
    )


def _note(heard: Heard, facts: dict[str, str]) -> list[Notice]:
    note = find_note(heard)
    if note is None or note in facts.get("notes", ""):
        return []
    facts["notes"] = with_note(facts, note)
    return [Notice("utter_note_kept", {"note": note})]


def _take_pin(pin: Pin, facts: dict[str, str], context: BookingContext) -> list[Notice]:
    """A shared location is where the home service goes; the map's own words for it are read as an address."""
    if facts.get("place") == OUTLET and "outlet" in facts:
        return [Notice("utter_pin_not_needed")]
    facts["latitude"], facts["longitude"] = f"{pin.latitude:.6f}", f"{pin.longitude:.6f}"
    facts["place"] = HOME
    if pin.text:
        written = read(Heard(text=pin.text), "street", reading_context(facts, context)).facts
        for name in ("street", "city", "postcode", "district", "neighbourhood"):
            if name in written:
                facts.setdefault(name, written[name])
    nearest = place_of_pin(pin.latitude, pin.longitude)
    if nearest is not None:
        facts.setdefault("city", nearest.city)
    return [Notice("utter_pin_kept")]


def _typed(heard: Heard, reading: Reading, expected: str | None, facts: dict[str, str]) -> list[Notice]:
    news = _wanted_news(reading.facts, facts, heard, expected)
    if expected == "confirmation":
        return _at_confirmation(heard, reading, news, facts)
    if heard.intent == "correct" and not news:
        clear_named(heard, facts, reading.facts)
    elif expected == "last_name" and "last_name" not in news and (heard.intent == "deny" or has_one_name(heard.text)):
        news["last_name"] = NO_LAST_NAME
    _come_home(news, facts, heard)
    replaced = [name for name in news if facts.get(name)]
    drop_dependents(news, reading.facts, facts, heard)
    facts.update(news)
    return [_changed(replaced)] if replaced and corrects(heard) else []


def _come_home(news: dict[str, str], facts: dict[str, str], heard: Heard) -> None:
    """Who corrects the address of a visit to the outlet wants the visit at that address."""
    if corrects(heard) and "street" in news and facts.get("place") == OUTLET and news.get("place", HOME) == HOME:
        news["place"] = HOME
        facts.pop("outlet", None)


def _changed(names: list[str]) -> Notice:
    return Notice(CHANGED, {"field": ", ".join(sorted(names))})


def _wanted_news(
    found: Mapping[str, str], facts: Mapping[str, str], heard: Heard, expected: str | None
) -> dict[str, str]:
    """New facts, and changed ones where the customer means to change them.

    A service is often mentioned in passing ("after the wash..."), so an answered one changes only on purpose,
    and asking about one does not choose it. Nor does asking whether we are open on Sunday, or will have rain, move
    the visit there.
    """
    changing = corrects(heard) or expected == "confirmation" or bool(heard.entities.get("field"))
    return {
        name: value
        for name, value in found.items()
        if facts.get(name) != value
        and (name != "service" or _means_service(heard, facts, expected, changing=changing))
        and (name not in MOMENT or _means_moment(heard, expected))
    }


def _means_moment(heard: Heard, expected: str | None) -> bool:
    return expected in MOMENT or not (heard.intent in ENQUIRIES or asks_something_else(heard))


def _means_service(heard: Heard, facts: Mapping[str, str], expected: str | None, *, changing: bool) -> bool:
    if heard.intent in ENQUIRIES:
        return False
    return "service" not in facts or changing or expected == "service"


def _complete_known_car(reading: Reading, known: KnownCustomer) -> None:
    """A car that was here lately needs no more than its name; of an older one the rest is asked."""
    model = reading.facts.get("car_model")
    same = [car for car in known.vehicles if model and car.model.lower() == model.lower()]
    if len(same) != 1 or same[0].plate in known.old_plates:
        return
    if "car_plate" not in reading.facts and "car_year" not in reading.facts:
        reading.facts.update({"car_make": same[0].make, "car_year": str(same[0].year), "car_plate": same[0].plate})


def _at_confirmation(heard: Heard, reading: Reading, news: dict[str, str], facts: dict[str, str]) -> list[Notice]:
    if news:
        _come_home(news, facts, heard)
        drop_dependents(news, reading.facts, facts, heard)
        facts.update(news)
        return [_changed(list(news))]
    if heard.intent == "affirm":
        facts["confirmation"] = YES
    elif heard.intent == "cancel":
        facts["confirmation"] = CANCEL
    elif not clear_named(heard, facts, reading.facts) and heard.intent in ("deny", "correct"):
        return [Notice("utter_ask_what_to_change")]
    return []

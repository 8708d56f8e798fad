"""What to ask for a step: a response name, its variables, and the choices that come from data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ramah.booking.availability import free_starts, hours_text, next_open_days
from ramah.booking.catalogue import in_language, price_text
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import HOME, OUTLET
from ramah.booking.folders import Folders
from ramah.booking.heard import Tap
from ramah.booking.known import KnownCustomer
from ramah.booking.labels import labels, resume_words, tap_words
from ramah.booking.moving import GO_ON
from ramah.booking.starts import MOST_CHOICES, in_part, nearest, spread
from ramah.booking.summary import summary
from ramah.booking.taps import FOLDER, PROPOSAL
from ramah.channels.content import Choice
from ramah.lib.wording import clock, long_date, short_date

DAYS = 5
"""Days offered."""

PATIENCE = 2
"""Failed tries of one step after which a person is offered with the question."""

MOST_EQUAL = 2
"""How often a question is asked in the same way before it is asked in another."""

BRIDGES: Mapping[str, str] = {"resume": "utter_resume", "pause": "utter_resume_summary"}
"""What leads back to a question after something else was answered, at once or after a long pause."""


@dataclass(frozen=True)
class Question:
    """One question: responses to utter before it, the response, its variables and data choices."""

    response: str
    variables: Mapping[str, str]
    choices: tuple[Choice, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asking:
    """What a question is made from."""

    draft: DraftView
    context: BookingContext
    known: KnownCustomer
    folders: Folders

    @property
    def language(self) -> str:
        """The customer's language."""
        return self.context.language

    def choice(self, step: str, title: str, value: str, description: str | None = None) -> Choice:
        """A button that says which draft and step it was made for."""
        return self.choice_of(self.draft, step, title, value, description)

    def choice_of(self, draft: DraftView, step: str, title: str, value: str, description: str | None = None) -> Choice:
        """The same for another draft."""
        words = {"draft": draft.tag, "step": step, "value": value, "nonce": str(self.draft.round)}
        payload = json.dumps(words, separators=(",", ":"))
        return Choice(title=title, payload=f"/choose{payload}", description=description)


Maker = Callable[[Asking], Question]


def ask(step: str, asking: Asking) -> Question:
    """The question for a step, with more help each time it was not understood.

    A question beside the step (is a late tap meant, what shall change, which booking) comes first."""
    asked = asking.draft.asked
    pending = asked.get("pending")
    if pending:
        return _pending(pending, asking)
    question = MAKERS[step](asking) if step in MAKERS else Question(f"utter_ask_{step}", _words(asking))
    before = (BRIDGES[asked["bridge"]],) if asked.get("bridge") in BRIDGES else ()
    tries = int(asked.get("tries", 0)) if asked.get("step") == step else 0
    if tries >= PATIENCE:
        before = (*before, "utter_offer_person")
    variables = {**resume_words(asking.draft, asking.context), **question.variables}
    response = f"utter_ask_{step}_again" if _needs_help(asked, tries) else question.response
    return Question(response, variables, question.choices, before)


def _needs_help(asked: Mapping[str, Any], tries: int) -> bool:
    """Example and buttons after a try in vain; in turns with the plain question, so that no wording comes thrice."""
    if tries:
        return tries % 3 != 0
    return (int(asked.get("plain", 1)) - 1) // MOST_EQUAL % 2 == 1


def _pending(pending: Mapping[str, str], asking: Asking) -> Question:
    words = _words(asking)
    kind = pending["kind"]
    if kind == "stale":
        tap = Tap(pending["draft"], pending["step"], pending["value"], pending["nonce"])
        owner = asking.folders.tagged(tap.draft) or asking.draft
        more = tap_words(tap, owner, asking.context, asking.known)
        return Question("utter_ask_stale_tap", {**words, **more, "stale_nonce": f"{tap.nonce}+{asking.draft.round}"})
    if kind == "pause":
        return Question("utter_ask_after_pause", {**words, **resume_words(asking.draft, asking.context)})
    if kind == "which":
        return Question("utter_ask_which_draft", words, folder_choices(asking))
    if kind == PROPOSAL:
        tap = Tap(asking.draft.tag, PROPOSAL, pending["number"])
        named = tap_words(tap, asking.draft, asking.context, asking.known)
        return Question("utter_ask_proposal", {**words, **named, "number": pending["number"]})
    return Question("utter_ask_what_to_change", words)


def folder_choices(asking: Asking) -> tuple[Choice, ...]:
    """A button for each unfinished booking."""
    named = labels(asking.folders, asking.context)
    return tuple(
        asking.choice_of(draft, FOLDER, named[draft.id], GO_ON, draft.facts.get("car_plate"))
        for draft in asking.folders.open[-MOST_CHOICES:]
    )


def _folder(asking: Asking) -> str:
    """Which booking a question is about, where there are several: the beginning of its wording."""
    if not asking.folders.parked:
        return ""
    return f"[{labels(asking.folders, asking.context).get(asking.draft.id, asking.draft.reference)}] "


def _words(asking: Asking) -> dict[str, str]:
    facts = asking.draft.facts
    service = asking.context.catalogue.service(facts.get("service"))
    size = facts.get("car_size")
    country = asking.context.country_of(asking.context.outlet(facts.get("outlet")))
    price = asking.context.catalogue.price(service, country, size) if service else None
    return {
        "draft": asking.draft.tag,
        "nonce": str(asking.draft.round),
        "folder": _folder(asking),
        "service": in_language(service.names, asking.language) if service else "",
        "price": price_text(price, asking.language),
        "first_name": facts.get("first_name", ""),
        "car": " ".join(facts[name] for name in ("car_make", "car_model") if name in facts),
        "street": facts.get("street", ""),
        "city": facts.get("city", ""),
        "count": str(len(asking.context.catalogue.services)),
    }


def _service(asking: Asking) -> Question:
    context, language = asking.context, asking.language
    choices = []
    rivals = asking.draft.asked.get("rivals") or []
    offered = [item for item in context.catalogue.services if not rivals or item.code in rivals]
    for item in offered[:MOST_CHOICES]:
        price = context.catalogue.price(item, context.country, asking.draft.facts.get("car_size"))
        name = in_language(item.names, language)
        choices.append(asking.choice("service", name, item.code, price_text(price, language)))
    return Question("utter_ask_service", {**_words(asking), "count": str(len(offered))}, tuple(choices))


def _plan(asking: Asking) -> Question:
    choices = [
        asking.choice(
            "plan",
            in_language(plan.names, asking.language),
            plan.code,
            f"-{plan.discount_percent}%" if plan.discount_percent else None,
        )
        for plan in asking.context.catalogue.plans[:MOST_CHOICES]
    ]
    return Question("utter_ask_plan", _words(asking), tuple(choices))


def _car_model(asking: Asking) -> Question:
    cars = asking.known.vehicles[:MOST_CHOICES]
    if not cars or asking.draft.asked.get("other_car_model"):
        return Question("utter_ask_car_model", _words(asking))
    choices = tuple(asking.choice("car_model", car.model, car.plate, car.plate) for car in cars)
    return Question("utter_offer_known_cars", _words(asking), choices)


def _street(asking: Asking) -> Question:
    addresses = asking.known.addresses[:MOST_CHOICES]
    if not addresses or asking.draft.asked.get("other_street"):
        return Question("utter_ask_street", _words(asking))
    choices = tuple(
        asking.choice("street", place.street, str(number), f"{place.city} {place.postcode}")
        for number, place in enumerate(addresses)
    )
    return Question("utter_offer_known_addresses", _words(asking), choices)


def _outlet(asking: Asking) -> Question:
    outlets = [outlet for outlet in asking.context.outlets if outlet.bays]
    home = asking.context.country
    nearest_first = sorted(outlets, key=lambda outlet: (outlet.country != home, outlet.name))
    choices = tuple(
        asking.choice("outlet", outlet.city, outlet.code, outlet.street) for outlet in nearest_first[:MOST_CHOICES]
    )
    return Question("utter_ask_outlet", _words(asking), choices)


def _date(asking: Asking) -> Question:
    context = asking.context
    outlet = context.outlet(asking.draft.facts.get("outlet")) or context.home_country_zone_outlet
    full = asking.draft.asked.get("full_days") or ()
    days = next_open_days(outlet, context.now, DAYS + len(full), context.organisation.booking_horizon_days)
    days = [day for day in days if day.isoformat() not in full][:DAYS]
    choices = tuple(
        asking.choice("appointment_date", short_date(day, asking.language), day.isoformat()) for day in days
    )
    return Question("utter_ask_appointment_date", {**_words(asking), "outlet": outlet.name}, choices)


def _time(asking: Asking) -> Question:
    context, facts = asking.context, asking.draft.facts
    outlet = context.outlet(facts.get("outlet")) or context.home_country_zone_outlet
    service = context.catalogue.service(facts.get("service"))
    day = date.fromisoformat(facts["appointment_date"])
    words = {**_words(asking), "date": long_date(day, asking.language), "hours": hours_text(outlet, day)}
    if service is None:
        return Question("utter_ask_appointment_time", words)
    place = facts.get("place", OUTLET)
    taken = [item for item in context.taken(outlet.code, day, outlet.timezone) if item.place == place]
    starts = free_starts(outlet, day, context.visit(service, outlet, place), taken, context.now)
    near = asking.draft.asked.get("near")
    if near:
        return _near(starts, time.fromisoformat(near), words, asking)
    starts = in_part(starts, asking.draft.asked.get("part_of_day"))
    return Question("utter_ask_appointment_time", words, _times(spread(starts), asking))


def _near(starts: list[datetime], refused: time, words: Mapping[str, str], asking: Asking) -> Question:
    """After a time that cannot be: the free ones around it, in words and as buttons."""
    offered = nearest(starts, refused)
    shown = {**words, "times": ", ".join(clock(start.time()) for start in offered)}
    return Question("utter_offer_nearest_times", shown, _times(offered, asking))


def _times(starts: Iterable[datetime], asking: Asking) -> tuple[Choice, ...]:
    return tuple(asking.choice("appointment_time", clock(start.time()), clock(start.time())) for start in starts)


def _city(asking: Asking) -> Question:
    """Where a place's name has several cities, they are offered."""
    cities = asking.draft.asked.get("cities") or []
    choices = tuple(asking.choice("city", city, city) for city in cities[:MOST_CHOICES])
    return Question("utter_ask_which_city" if choices else "utter_ask_city", _words(asking), choices)


def _confirmation(asking: Asking) -> Question:
    facts = asking.draft.facts
    where = HOME if facts.get("place") == HOME else OUTLET
    variables = {**_words(asking), **summary(asking.draft, asking.context)}
    return Question(f"utter_summary_{facts.get('booking_kind', 'one_time')}_{where}", variables)


MAKERS: Mapping[str, Maker] = {
    "service": _service,
    "plan": _plan,
    "car_model": _car_model,
    "street": _street,
    "city": _city,
    "outlet": _outlet,
    "appointment_date": _date,
    "appointment_time": _time,
    "confirmation": _confirmation,
}

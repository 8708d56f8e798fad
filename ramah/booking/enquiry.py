"""Answers about services, prices, areas, hours and places, as variables of the responses that tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from babel.dates import get_day_names
from babel.units import format_unit
from sqlalchemy import select

from ramah.booking.availability import closed_reason, hours_text, is_open_for, open_spans
from ramah.booking.catalogue import CURRENCIES, in_language, normal, price_text
from ramah.booking.context import BookingContext, Place, load_context
from ramah.booking.drafts import current_draft
from ramah.integrations.erp.port import ServiceItem
from ramah.lib.wording import clock, locale_of, money
from ramah.messaging.models import Conversation
from ramah.people import Contact, Organisation, Outlet

MONDAY_FIRST = range(7)


@dataclass(frozen=True)
class Answer:
    """A response and its variables."""

    response: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class ServiceAnswer:
    """Services that a question names, and the one a running booking has chosen."""

    named: tuple[ServiceItem, ...]
    chosen: ServiceItem | None


def load(place: Place) -> BookingContext:
    """The organisation's snapshot for an answer."""
    return load_context(place.database, place.organisation_id, place.conversation_id, place.language)


def business_words(place: Place) -> dict[str, str]:
    """Variables of greetings: assistant, business, first name of a known customer. One query."""
    with place.database.tenant_reading(place.organisation_id) as session:
        assistant, business, first_name = session.execute(
            select(Organisation.assistant_name, Organisation.name, Contact.first_name)
            .select_from(Conversation)
            .join(Organisation, Organisation.id == Conversation.organisation_id)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(Conversation.id == place.conversation_id)
        ).one()
    return {"assistant": assistant, "business": business, "first_name": first_name or ""}


def services_list(context: BookingContext) -> str:
    """One line a service: name, price from, how long."""
    return "\n".join(service_line(item, context) for item in context.catalogue.services)


def service_line(item: ServiceItem, context: BookingContext) -> str:
    """``• *Cuci Premium* - Rp95.000 (60 mnt)``."""
    price = context.catalogue.price(item, context.country, None)
    minutes = format_unit(item.minutes, "duration-minute", length="short", locale=locale_of(context.language))
    return f"• *{in_language(item.names, context.language)}* - {price_text(price, context.language)} ({minutes})"


def services_named(place: Place, context: BookingContext, text: str) -> ServiceAnswer:
    """Which services a question is about."""
    named = tuple(context.catalogue.find_services(text))
    with place.database.tenant_reading(place.organisation_id) as session:
        draft = current_draft(session, place.conversation_id)
        code = draft.fields.get("service", {}).get("value") if draft else None
    return ServiceAnswer(named, context.catalogue.service(code))


def price_range(item: ServiceItem, context: BookingContext) -> str:
    """``Rp60.000 - Rp110.000`` over car sizes, or one price."""
    currency = CURRENCIES[context.country]
    amounts = sorted({price.amount_minor for price in item.prices if price.currency == currency})
    if not amounts:
        return "-"
    texts = [money(amount, currency, context.language) for amount in (amounts[0], amounts[-1])]
    return texts[0] if texts[0] == texts[1] else " - ".join(texts)


def areas_list(context: BookingContext) -> str:
    """One line an outlet with home service: where its crew goes."""
    return "\n".join(
        f"• *{outlet.city}*: {', '.join(str(area) for area in outlet.areas)}"
        for outlet in context.outlets
        if outlet.crews and outlet.areas
    )


def locations_list(context: BookingContext, outlets: Iterable[Outlet]) -> str:
    """One line an outlet: name, street, map link."""
    return "\n".join(f"• *{one.name}*: {one.street}, {one.city}\n  {map_link(one)}" for one in outlets)


def map_link(outlet: Outlet) -> str:
    """Where the outlet is on a map: its own link, else a search for its address."""
    address = f"{outlet.name}, {outlet.street}, {outlet.city}"
    return outlet.map_url or f"https://maps.google.com/?q={quote(address)}"


def outlets_meant(text: str, context: BookingContext) -> tuple[Outlet, ...]:
    """The outlets that a question names by city or name ("outlet KL"), else all, the customer's country first."""
    words = f" {normal(text)} "
    named = tuple(one for one in context.outlets if any(f" {name} " in words for name in _names_of(one)))
    return named or tuple(sorted(context.outlets, key=lambda one: (one.country != context.country, one.name)))


def _names_of(outlet: Outlet) -> set[str]:
    """Its name, code and city, the city's initials too where it has several words."""
    city = normal(outlet.city)
    initials = {"".join(word[0] for word in city.split())} if " " in city else set()
    return {normal(outlet.name), normal(outlet.code), city, *initials}


def hours_answer(outlets: Sequence[Outlet], context: BookingContext) -> Answer:
    """Today first and whether it is open right now, then the week."""
    if len(outlets) != 1:
        today = "\n".join(f"{_light(one, context)} *{one.name}*: {_today(one, context)}" for one in outlets)
        return Answer("utter_hours", {"today": today, "list": hours_list(outlets, context.language)})
    outlet = outlets[0]
    words = {
        "outlet": outlet.name,
        "today": _today(outlet, context),
        "list": week_text(outlet, context.language),
        "holiday": closed_reason(outlet, context.local_now(outlet).date()) or "",
    }
    if is_open_for(outlet, context.now, 0):
        return Answer("utter_hours_open", words)
    if words["holiday"]:
        return Answer("utter_hours_holiday", words)
    open_today = bool(open_spans(outlet, context.local_now(outlet).date()))
    return Answer("utter_hours_closed" if open_today else "utter_hours_closed_today", words)


def hours_list(outlets: Iterable[Outlet], language: str) -> str:
    """One line an outlet: ``Sen-Kam 08:00-20:00; Jum 08:00-12:00, 15:00-20:00``."""
    return "\n".join(f"• *{outlet.name}*: {week_text(outlet, language)}" for outlet in outlets)


def _light(outlet: Outlet, context: BookingContext) -> str:
    return "🟢" if is_open_for(outlet, context.now, 0) else "🔴"


def _today(outlet: Outlet, context: BookingContext) -> str:
    day = context.local_now(outlet).date()
    reason = closed_reason(outlet, day)
    return f"- ({reason})" if reason else hours_text(outlet, day)


def week_text(outlet: Outlet, language: str) -> str:
    """The opening hours of a week; neighbouring days with the same hours are one span."""
    names = get_day_names("abbreviated", locale=locale_of(language))
    spans: list[tuple[int, int, str]] = []
    for weekday in MONDAY_FIRST:
        hours = _day_text(outlet, weekday)
        if spans and spans[-1][2] == hours:
            spans[-1] = (spans[-1][0], weekday, hours)
        else:
            spans.append((weekday, weekday, hours))
    return "; ".join(f"{_days(names[first], names[last])} {hours}" for first, last, hours in spans if hours)


def _day_text(outlet: Outlet, weekday: int) -> str:
    todays = [hours for hours in outlet.hours if hours.weekday == weekday]
    return ", ".join(f"{clock(hours.opens)}-{clock(hours.closes)}" for hours in todays)


def _days(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"

"""The quote: what a booking costs, and its facts as the customer reads them back."""

from __future__ import annotations

from datetime import date

from ramah.booking.catalogue import in_language, with_discount
from ramah.booking.context import BookingContext
from ramah.booking.drafts import DraftView
from ramah.booking.facts import HOME, NO_LAST_NAME
from ramah.integrations.erp.document import PricePart
from ramah.lib.wording import long_date, money


def full_name(draft: DraftView) -> str:
    """First and last name as one."""
    names = (draft.facts.get("first_name"), draft.facts.get("last_name"))
    return " ".join(name for name in names if name and name != NO_LAST_NAME)


def place_text(draft: DraftView, context: BookingContext) -> str:
    """The address on one line, or the outlet's name and street."""
    facts = draft.facts
    if facts.get("place") == HOME:
        line = ", ".join(facts[name] for name in ("street", "city", "postcode") if facts.get(name))
        return f"{line} ({facts['landmark']})" if facts.get("landmark") else line
    outlet = context.outlet(facts.get("outlet"))
    return f"{outlet.name}, {outlet.street}" if outlet else ""


def price_of(draft: DraftView, context: BookingContext) -> PricePart | None:
    """The price of one visit after the plan's discount, or None where the catalogue has none."""
    service = context.catalogue.service(draft.facts.get("service"))
    if service is None:
        return None
    country = context.country_of(context.outlet(draft.facts.get("outlet")))
    price = context.catalogue.price(service, country, draft.facts.get("car_size", "medium"))
    if price is None:
        return None
    plan = context.catalogue.plan(draft.facts.get("plan"))
    amount = with_discount(price.amount_minor, plan.discount_percent if plan else 0)
    return PricePart(currency=price.currency, amount_minor=amount)


def summary(draft: DraftView, context: BookingContext) -> dict[str, str]:
    """All variables of the ``utter_summary_*`` and confirmation responses."""
    facts, language = draft.facts, context.language
    service = context.catalogue.service(facts.get("service"))
    plan = context.catalogue.plan(facts.get("plan"))
    price = price_of(draft, context)
    day = facts.get("appointment_date")
    return {
        "reference": draft.reference,
        "service": in_language(service.names, language) if service else "",
        "duration": str(service.minutes) if service else "",
        "name": full_name(draft),
        "phone": facts.get("phone", ""),
        "car": " ".join(facts[part] for part in ("car_make", "car_model", "car_year") if facts.get(part)) or "-",
        "plate": facts.get("car_plate", "-"),
        "place": place_text(draft, context),
        "date": long_date(date.fromisoformat(day), language) if day else "",
        "time": facts.get("appointment_time", ""),
        "plan": in_language(plan.names, language) if plan else "",
        "price": money(price.amount_minor, price.currency, language) if price else "-",
    }

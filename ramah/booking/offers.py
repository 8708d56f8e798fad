"""Offers: which are valid for a customer today, how they are told, and when one may be made unasked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ramah.booking.availability import zone_of
from ramah.booking.catalogue import CURRENCIES, in_language
from ramah.booking.context import BookingContext, Place
from ramah.booking.embedded.offers import Offer
from ramah.channels.content import Choice
from ramah.lib.wording import money, short_date
from ramah.messaging.models import HandledBy
from ramah.mood import Mood, MoodLabel

MOST_OFFERS = 3
LONGEST_TITLE = 20
NEED_UNKNOWN = frozenset({None, "greeting", "identified"})
"""Stages of a talk in which nobody knows yet what the customer wants."""

COMPLAINT = "complaint"
"""The stage of a talk with an open ticket, whatever stage the booking has."""


@dataclass(frozen=True)
class ToldOffers:
    """Offers as variables of the response that tells them, and the buttons that book them."""

    lines: str
    choices: tuple[Choice, ...]


def may_offer(mood: Mood, stage: str | None, handled_by: str) -> bool:
    """Whether the assistant may speak of an offer unasked.

    Never to somebody upset, afraid or pressed for time, never before the need is known, never during a complaint, and
    never in a conversation that people have.
    """
    if handled_by != HandledBy.BOT or stage in NEED_UNKNOWN or stage == COMPLAINT:
        return False
    return mood.label in (MoodLabel.JOY, MoodLabel.NEUTRAL) and not mood.urgent


def valid_offers(place: Place, context: BookingContext) -> list[Offer]:
    """The offers that hold today where this customer is, in display order."""
    today = context.now.astimezone(zone_of(context.home_country_zone_outlet)).date()
    statement = select(Offer).where(Offer.active, Offer.valid_from <= today, Offer.valid_until >= today)
    with place.database.tenant_reading(place.organisation_id) as session:
        found = session.scalars(statement.order_by(Offer.position, Offer.code)).all()
        session.expunge_all()
    return [offer for offer in found if _reaches(offer, context)]


def about_service(offers: Sequence[Offer], code: str | None) -> list[Offer]:
    """The offers for a service, or all where none is for it or no service was named."""
    fitting = [offer for offer in offers if code is not None and offer.service_code in (code, None)]
    return fitting or list(offers)


def told(offers: Iterable[Offer], context: BookingContext) -> ToldOffers:
    """The offers in the customer's language: what, how much less, until when."""
    shown = list(offers)[:MOST_OFFERS]
    bookable = [offer for offer in shown if context.catalogue.service(offer.service_code) is not None]
    return ToldOffers(
        "\n".join(_line(offer, context) for offer in shown), tuple(_choice(offer, context) for offer in bookable)
    )


def _reaches(offer: Offer, context: BookingContext) -> bool:
    """Whether an offer is for the country where the customer probably is."""
    if offer.currency is not None and offer.currency != CURRENCIES[context.country]:
        return False
    here = {outlet.code for outlet in context.outlets if outlet.country == context.country}
    return offer.outlets is None or bool(here & set(offer.outlets))


def _line(offer: Offer, context: BookingContext) -> str:
    """``• *Promo Hujan* (-20%): cuci premium lebih hemat. s/d Sen, 30 Nov`` without words of any one language."""
    name, text = in_language(offer.names, context.language), in_language(offer.descriptions, context.language)
    less = _less(offer, context.language)
    where = f" · {', '.join(_cities(offer, context))}" if offer.outlets else ""
    return f"• *{name}*{f' ({less})' if less else ''}: {text}\n  📅 → {_day(offer.valid_until, context)}{where}"


def _less(offer: Offer, language: str) -> str:
    if offer.discount_percent:
        return f"-{offer.discount_percent}%"
    if offer.amount_minor and offer.currency:
        return f"-{money(offer.amount_minor, offer.currency, language)}"
    return ""


def _day(day: date, context: BookingContext) -> str:
    return short_date(day, context.language)


def _cities(offer: Offer, context: BookingContext) -> list[str]:
    found = [context.outlet(str(code)) for code in offer.outlets or []]
    return [outlet.city for outlet in found if outlet is not None]


def _choice(offer: Offer, context: BookingContext) -> Choice:
    """A button that begins a booking of the service that the offer is for."""
    payload = json.dumps({"service": offer.service_code}, separators=(",", ":"))
    service = context.catalogue.service(offer.service_code)
    title = in_language(service.names, context.language) if service else offer.code
    name = in_language(offer.names, context.language)
    return Choice(title=title[:LONGEST_TITLE], payload=f"/book_service{payload}", description=name)

"""Offers in a talk: the answer when somebody asks for them, and whether the moment is right to mention them unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ramah.booking.context import Place, load_context
from ramah.booking.offers import COMPLAINT, about_service, may_offer, told, valid_offers
from ramah.channels.content import Choice
from ramah.mood import read_mood
from ramah.support.tickets import open_tickets


@dataclass(frozen=True)
class OffersAnswer:
    """A response with its variables and buttons."""

    response: str
    variables: Mapping[str, str]
    choices: tuple[Choice, ...] = ()


def answer_offers(place: Place, text: str) -> OffersAnswer:
    """What there is today. Somebody upset, or with an open complaint, gets the facts and no buttons to buy."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    offers = valid_offers(place, context)
    if not offers:
        return OffersAnswer("utter_no_offers", {})
    named = context.catalogue.find_services(text)
    found = told(about_service(offers, named[0].code if named else None), context)
    if read_mood(text, context.language).upset or _complains(place):
        return OffersAnswer("utter_offers_only", {"list": found.lines})
    return OffersAnswer("utter_offers", {"list": found.lines}, found.choices)


def is_moment_for_offers(place: Place, text: str) -> bool:
    """Whether somebody cheerful may be told unasked that there are offers: there are, and nothing speaks against it."""
    context = load_context(place.database, place.organisation_id, place.conversation_id, place.language)
    conversation = context.conversation
    stage = COMPLAINT if _complains(place) else conversation.stage
    mood = read_mood(text, context.language)
    return may_offer(mood, stage, conversation.handled_by) and bool(valid_offers(place, context))


def _complains(place: Place) -> bool:
    with place.database.tenant_reading(place.organisation_id) as session:
        return bool(open_tickets(session, place.conversation_id))

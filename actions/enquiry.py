"""The enquiry skill: services, prices, what is included, areas, hours, places."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wiring import place_of
from ramah.booking import enquiry
from ramah.booking.catalogue import in_language
from ramah.booking.context import BookingContext
from ramah.integrations.erp.port import ServiceItem

Domain = dict[str, Any]


class Answer(Action, ABC):  # type: ignore[misc]  # the SDK is untyped
    """One answer from the organisation's own data. Subclasses give its name and words."""

    action = ""

    def name(self) -> str:
        """The action's name in the domain."""
        return self.action

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Answer; outside a form, offer what one can do next."""
        replies = await asyncio.to_thread(self._replies, tracker)
        for reply in replies:
            dispatcher.utter_message(**reply)
        if not tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_enquiry_next")
        return []

    def _replies(self, tracker: Tracker) -> list[dict[str, Any]]:
        return [self.reply(enquiry.load(place_of(tracker)), tracker)]

    @abstractmethod
    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """The response with its variables."""


class ShowServices(Answer):
    """All services with their prices."""

    action = "action_show_services"

    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """The list."""
        return {"response": "utter_services", "list": enquiry.services_list(context)}


class ShowAreas(Answer):
    """Where home service goes."""

    action = "action_show_areas"

    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """The list."""
        return {"response": "utter_areas", "list": enquiry.areas_list(context)}


class ShowHours(Answer):
    """When outlets are open."""

    action = "action_show_hours"

    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """Today, the present moment, and the week."""
        answer = enquiry.hours_answer(enquiry.outlets_meant(slots.text(tracker), context), context)
        return {"response": answer.response, **answer.variables}


class ShowLocations(Answer):
    """Where outlets are."""

    action = "action_show_locations"

    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """The list."""
        outlets = enquiry.outlets_meant(slots.text(tracker), context)
        return {"response": "utter_locations", "list": enquiry.locations_list(context, outlets)}


class AboutServices(Answer):
    """An answer about the services that the question names, or the one of the running booking."""

    def _replies(self, tracker: Tracker) -> list[dict[str, Any]]:
        place = place_of(tracker)
        context = enquiry.load(place)
        answer = enquiry.services_named(place, context, slots.text(tracker))
        items = answer.named or ((answer.chosen,) if answer.chosen else ())
        if not items:
            return [self.reply(context, tracker)]
        return [self.about(item, context) for item in items[:3]]

    def reply(self, context: BookingContext, tracker: Tracker) -> dict[str, Any]:
        """The list, where no service was named."""
        return {"response": "utter_services", "list": enquiry.services_list(context)}

    @abstractmethod
    def about(self, item: ServiceItem, context: BookingContext) -> dict[str, Any]:
        """The response about one service."""


class ShowPrice(AboutServices):
    """What a service costs."""

    action = "action_show_price"

    def about(self, item: ServiceItem, context: BookingContext) -> dict[str, Any]:
        """The price, over car sizes."""
        name = in_language(item.names, context.language)
        return {"response": "utter_price", "service": name, "prices": enquiry.price_range(item, context)}


class ShowIncluded(AboutServices):
    """What a service includes."""

    action = "action_show_included"

    def about(self, item: ServiceItem, context: BookingContext) -> dict[str, Any]:
        """The description."""
        name = in_language(item.names, context.language)
        description = in_language(item.descriptions, context.language)
        return {"response": "utter_included", "service": name, "description": description}

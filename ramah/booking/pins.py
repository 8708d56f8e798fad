"""Shared locations: the pin behind a message that stands for one."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from ramah.booking.context import Place
from ramah.booking.heard import Heard, Pin
from ramah.channels.content import Place as SharedPlace
from ramah.messaging.models import Inbound

LONGEST_WORDS = 200


def with_pin(place: Place, heard: Heard) -> Heard:
    """The message with the location that it brought; unchanged where it brought a file, or nothing that can be read."""
    if heard.file is None or not heard.file.isdecimal():
        return heard
    with place.database.tenant_reading(place.organisation_id) as session:
        inbound = session.get(Inbound, int(heard.file))
        stored = inbound.place if inbound and inbound.conversation_id == place.conversation_id else None
    if not stored:
        return heard
    try:
        shared = SharedPlace.model_validate(stored)
    except ValidationError:
        return heard
    words = ", ".join(part for part in (shared.name, shared.address) if part)
    return replace(heard, text="", pin=Pin(shared.latitude, shared.longitude, words[:LONGEST_WORDS]))

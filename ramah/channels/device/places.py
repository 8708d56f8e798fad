"""Shared places, as gateways write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from ramah.channels.content import Place
from ramah.channels.device.fields import OptionalText, Tolerant


class Location(Tolerant):
    """A place, degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    name: OptionalText = None
    address: OptionalText = None


def place_of(given: Mapping[str, Any] | None) -> Place | None:
    """A place by ``latitude`` and ``longitude``; None when there is none, or none on this earth."""
    try:
        return Place(**Location.model_validate(given).model_dump()) if given else None
    except ValidationError:
        return None


def place_in_degrees(given: Mapping[str, Any] | None) -> Place | None:
    """A place in WhatsApp's own words, ``degreesLatitude`` and ``degreesLongitude``."""
    if not given:
        return None
    words = {name: given.get(name) for name in ("name", "address")}
    return place_of({"latitude": given.get("degreesLatitude"), "longitude": given.get("degreesLongitude"), **words})


def words_of(place: Place) -> str:
    """A place as one reads it."""
    named = ", ".join(part for part in (place.name, place.address) if part)
    return named or f"{place.latitude}, {place.longitude}"

"""Answers of the Graph API as models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ramah.channels.whatsapp.fields import OptionalNumber, OptionalText, Tolerant
from ramah.channels.whatsapp.payloads import ErrorItem


class AcceptedMessage(Tolerant):
    """One of ``messages[]`` in the answer to a send."""

    id: Annotated[str, Field(min_length=1)]


class Accepted(Tolerant):
    """The answer to a send: accepted, not yet delivered."""

    messages: Annotated[list[AcceptedMessage], Field(min_length=1)]


class Refusal(Tolerant):
    """The answer of the API when it refuses."""

    error: ErrorItem


class Uploaded(Tolerant):
    """The answer to an upload."""

    id: Annotated[str, Field(min_length=1)]


class MediaDetails(Tolerant):
    """Where a file lies for five minutes, and what it is."""

    url: Annotated[str, Field(min_length=1)]
    mime_type: OptionalText = None
    file_size: OptionalNumber = None


class NumberDetails(Tolerant):
    """Our own number, as Graph describes it."""

    id: Annotated[str, Field(min_length=1)]
    display_phone_number: OptionalText = None
    verified_name: OptionalText = None
    quality_rating: OptionalText = None

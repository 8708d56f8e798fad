"""What Meta's products have in common: the proof of a webhook, tolerant models, and answers read within bounds.

Source: Meta, "Webhooks: Getting started" and "Validating payloads".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict

from ramah.channels.errors import SignatureError
from ramah.lib.signatures import is_signed, same_text

SIGNATURE_HEADER = "x-hub-signature-256"
SIGNATURE_PREFIX = "sha256="


def verify_signature(app_secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise SignatureError unless Meta signed exactly these bytes with the app's secret. Header names are lower-case.

    The older SHA-1 header proves nothing and is not looked at."""
    header = headers.get(SIGNATURE_HEADER)
    if header is None:
        raise SignatureError(f"the header {SIGNATURE_HEADER} is missing")
    given = header.removeprefix(SIGNATURE_PREFIX)
    if given == header or not is_signed(app_secret, body, given):
        raise SignatureError("the signature does not belong to this body")


def answer_challenge(verify_token: str, params: Mapping[str, str]) -> str | None:
    """What to answer (as plain text) when Meta proves the webhook address; None means 403."""
    proven = bool(verify_token) and same_text(verify_token, params.get("hub.verify_token", ""))
    if params.get("hub.mode") != "subscribe" or not proven:
        return None
    return params.get("hub.challenge")


def text_or_none(value: object) -> str | None:
    """Ids arrive as strings, sometimes as integers; anything else is as good as absent."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def object_or_none(value: object) -> object:
    """An object, else None."""
    return value if isinstance(value, dict) else None


def objects(value: object) -> list[object]:
    """The objects of a list; nothing of what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def true_or_none(value: object) -> bool | None:
    """A truth value, else None."""
    return value if isinstance(value, bool) else None


OptionalText = Annotated[str | None, BeforeValidator(text_or_none)]
OptionalTruth = Annotated[bool | None, BeforeValidator(true_or_none)]


class Tolerant(BaseModel):
    """Base of all models of what Meta says: unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class BodyTooLarge(Exception):
    """The body is larger than the caller wants it."""


def read_body(response: httpx.Response, most_bytes: int, seconds: float) -> bytes:
    """The body of a streamed answer.

    Raises BodyTooLarge above ``most_bytes``, httpx.ReadTimeout when it takes longer than ``seconds`` (httpx's own
    read time-out counts from one piece to the next and never ends for a server that drips), and httpx.RequestError.
    """
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > most_bytes:
        raise BodyTooLarge
    deadline = time.monotonic() + seconds
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > most_bytes:
            raise BodyTooLarge
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(f"the body took longer than {seconds:g} seconds")
    return bytes(body)

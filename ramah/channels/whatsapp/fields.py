"""Fields of Meta's objects: unknown ones are ignored, odd values of optional ones become None."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _text_or_none(value: object) -> str | None:
    """Ids arrive as strings, sometimes as integers; anything else is as good as absent."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _number_or_none(value: object) -> int | None:
    """Sizes and quantities arrive as integers, sometimes as strings; anything else is as good as absent."""
    text = _text_or_none(value)
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdigit() else None


def _hex_or_none(value: object) -> str | None:
    """A sha256 in lower-case hexadecimal; webhooks carry it in base64, the API in hexadecimal."""
    text = _text_or_none(value) or ""
    if _HEX_DIGEST.fullmatch(text):
        return text.lower()
    try:
        digest = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return digest.hex() if len(digest) == _DIGEST_BYTES else None


def object_or_none(value: object) -> object:
    """An object, else None."""
    return value if isinstance(value, dict) else None


def objects(value: object) -> list[object]:
    """The objects of a list; nothing of what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def moment_or_none(value: object) -> datetime | None:
    """Unix seconds, as a string in messages and an integer elsewhere."""
    text = _text_or_none(value)
    try:
        return None if text is None else datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


_DIGEST_BYTES = 32
_HEX_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
OptionalText = Annotated[str | None, BeforeValidator(_text_or_none)]
OptionalNumber = Annotated[int | None, BeforeValidator(_number_or_none)]
Digest = Annotated[str | None, BeforeValidator(_hex_or_none)]
Moment = Annotated[datetime | None, BeforeValidator(moment_or_none)]


class Tolerant(BaseModel):
    """Base of all models of what Meta says."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

"""Fields of what gateways say: unknown ones are ignored, odd values of optional ones become None."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_MILLISECONDS_FROM = 100_000_000_000
"""As seconds this would be the year 5138; gateways that write larger numbers count milliseconds."""


def text_or_none(value: object) -> str | None:
    """Ids arrive as strings, sometimes as integers; anything else is as good as absent."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def number_or_none(value: object) -> int | None:
    """Sizes arrive as integers, as strings, or as the two halves that JavaScript makes of a long integer."""
    if isinstance(value, dict):
        value = value.get("low")
    text = text_or_none(value)
    return int(text) if text and len(text) < 16 and text.isascii() and text.isdigit() else None


def flag(value: object) -> bool:
    """True only for true."""
    return value is True


def object_or_none(value: object) -> object:
    """An object, else None."""
    return value if isinstance(value, dict) else None


def objects(value: object) -> list[object]:
    """The objects of a list, or the one that came alone; nothing of anything else."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """The texts of a list; nothing of what is no list."""
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def moment_or_none(value: object) -> datetime | None:
    """Seconds or milliseconds since 1970, as number or text, or ISO 8601; without a zone it is UTC."""
    if isinstance(value, dict):
        value = value.get("low")
    try:
        if isinstance(value, str) and not _is_number(value):
            return _aware(datetime.fromisoformat(value))
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
        seconds = number / 1000 if number > _MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


OptionalText = Annotated[str | None, BeforeValidator(text_or_none)]
OptionalNumber = Annotated[int | None, BeforeValidator(number_or_none)]
Moment = Annotated[datetime | None, BeforeValidator(moment_or_none)]
Flag = Annotated[bool, BeforeValidator(flag)]
Object = Annotated[dict[str, object] | None, BeforeValidator(object_or_none)]
Texts = Annotated[list[str], BeforeValidator(texts)]


class Tolerant(BaseModel):
    """Base of all models of what a gateway says."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

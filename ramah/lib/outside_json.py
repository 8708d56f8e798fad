"""JSON from outside, as any database takes it."""

from __future__ import annotations

import hashlib
import json
import math
from typing import NoReturn

MOST_DEPTH = 64
MOST_DIGITS = 40


def read_outside_json(body: bytes) -> object:
    """What a body says: finite numbers, no null characters and no half surrogate pairs (both
    legal as a JSON escape), no bottomless nesting.

    Raises ValueError or RecursionError for what is no JSON."""
    read: object = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_bounded)
    return _mended(read, MOST_DEPTH)


def stable_id(raw: object) -> str:
    """The same id for the same object, for a message that came without a usable one."""
    return "unidentified:" + hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float | str:
    """``1e999`` is legal JSON, yet an infinity that no JSON column takes; it stays as it was written."""
    number = float(text)
    return number if math.isfinite(number) else text


def _bounded(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS else text


def _storable(text: str) -> str:
    """Without the null character, which PostgreSQL takes in no text, and without halves of a surrogate pair."""
    whole = text.replace("\x00", "")
    return whole if whole.isascii() else whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mended(value: object, depth: int) -> object:
    if isinstance(value, str):
        return _storable(value)
    if not isinstance(value, list | dict):
        return value
    if not depth:
        return None
    if isinstance(value, list):
        return [_mended(item, depth - 1) for item in value]
    return {_mended(key, depth): _mended(item, depth - 1) for key, item in value.items()}

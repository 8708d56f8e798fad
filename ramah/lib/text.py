"""Texts from outside."""

from __future__ import annotations

from typing import Any


def without_nulls(value: Any) -> Any:
    """The same value without null bytes in any text, however deep: PostgreSQL refuses them, SQLite cuts there."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {without_nulls(key): without_nulls(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nulls(item) for item in value]
    return value

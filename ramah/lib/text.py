"""Texts from outside."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


def without_nulls(value: Any) -> Any:
    """The same value without null bytes in any text, however deep: PostgreSQL refuses them, SQLite cuts there."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {without_nulls(key): without_nulls(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nulls(item) for item in value]
    return value


def storable(model: Model) -> Model:
    """The same model without null bytes in any text. Raises ValidationError where a text needed them."""
    if "\\u0000" not in model.model_dump_json():
        return model
    return type(model).model_validate(without_nulls(model.model_dump()))

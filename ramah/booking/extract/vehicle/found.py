"""What the vehicle extractor hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Size = Literal["small", "medium", "large"]


@dataclass(frozen=True)
class FoundVehicle:
    """What a message says about a car; at least one field is set. ``spans`` are the parts of the text that say it."""

    make: str | None
    model: str | None
    year: int | None
    plate: str | None
    colour: str | None
    size: Size | None
    spans: tuple[tuple[int, int], ...]

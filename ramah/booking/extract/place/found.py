"""What the address extractor hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Country = Literal["ID", "MY"]


@dataclass(frozen=True)
class FoundAddress:
    """What a message says about an address; at least one field is set. ``spans`` are the parts that say it.

    ``city`` may be derived from a district or a postcode; it then has no span of its own.
    """

    street: str | None
    city: str | None
    postcode: str | None
    landmark: str | None
    spans: tuple[tuple[int, int], ...]

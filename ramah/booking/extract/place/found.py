"""What the address extractor hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Country = Literal["ID", "MY"]


@dataclass(frozen=True)
class Candidate:
    """One of the places that a name may mean: ``label`` is for a button, ``city`` for the address.

    ``postcode_prefix`` is what the postcodes there begin with, as far as known.
    """

    label: str
    city: str
    postcode_prefix: str | None = None
    province: str | None = None


@dataclass(frozen=True)
class FoundAddress:
    """What a message says about an address; at least one field is set. ``spans`` are the parts that say it.

    ``city`` may be derived from a district or a postcode; it then has no span of its own. ``street`` is all of the
    street as typed; ``number``, ``unit`` (block, lot, floor, RT/RW) and ``neighbourhood`` repeat parts of it.
    ``district`` is a kecamatan, mukim or daerah, ``province`` a Malaysian state too.
    ``candidates`` are the cities that the named place may lie in, at most nine, where nothing decides between them;
    ``city`` is then None. ``doubtful_postcode`` says that the postcode belongs to another city than the one named.
    """

    street: str | None
    city: str | None
    postcode: str | None
    landmark: str | None
    spans: tuple[tuple[int, int], ...]
    number: str | None = None
    unit: str | None = None
    neighbourhood: str | None = None
    district: str | None = None
    province: str | None = None
    candidates: tuple[Candidate, ...] = ()
    doubtful_postcode: bool = False

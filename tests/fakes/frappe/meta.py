"""Document types of the fake site: their fields, names and rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Field:
    """One field. ``link`` names the doctype the value must exist in; ``raw`` = "Ignore XSS Filter", or type Code;
    ``on_submit`` = "Allow on Submit"."""

    name: str
    kind: Literal["Data", "Int", "Float", "Check", "Currency", "Date", "Datetime", "Text", "Table"] = "Data"
    required: bool = False
    unique: bool = False
    link: str | None = None
    raw: bool = False
    child: str | None = None
    default: object = None
    on_submit: bool = False


@dataclass(frozen=True)
class DocType:
    """A doctype. ``naming`` is ``series`` with a ``prefix``, ``hash`` or ``field:<fieldname>``."""

    name: str
    fields: tuple[Field, ...]
    naming: str = "hash"
    prefix: str = ""
    submittable: bool = False
    suffix_duplicates: bool = False
    by_name: dict[str, Field] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update((one.name, one) for one in self.fields)


STANDARD = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")

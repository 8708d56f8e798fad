"""Which response a bubble is: every response of the assistant as a pattern, so that a reader knows what was said.

It is what a person does who has talked with the assistant before; nothing but the shown words is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

DATA = Path(__file__).resolve().parents[2] / "data"
LANGUAGES = ("id", "ms", "en")
LEAST_WORDING = 8
"""Letters of a template's own; what has fewer could be anything."""
SHAPES = {"date": r".*?\d{4}", "time": r"\d\d[.:]\d\d"}
"""Variables that look alike everywhere; a date holds a comma, which may also end it."""
_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Said:
    """A response that a bubble holds: its name, the language it was said in, and the variables that it showed."""

    name: str
    language: str
    variables: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Template:
    name: str
    language: str
    pattern: re.Pattern[str]
    weight: int


class Phrasebook:
    """All responses of all languages."""

    def __init__(self, templates: list[_Template]) -> None:
        self._templates = sorted(templates, key=lambda template: -template.weight)

    def read(self, text: str, language: str | None = None) -> Said | None:
        """What a bubble says: the template with the most words of its own that fits; ``language`` wins a tie."""
        flat = " ".join(text.split())
        fitting = [(one, found) for one in self._templates if (found := one.pattern.fullmatch(flat))]
        fitting = fitting or [(one, found) for one in self._templates if (found := one.pattern.search(flat))]
        if not fitting:
            return None
        best, found = max(fitting, key=lambda pair: (pair[0].weight, pair[0].language == language))
        variables = {name.rstrip("_0123456789"): value for name, value in found.groupdict().items()}
        return Said(best.name, best.language, variables)

    def languages_of(self, text: str) -> frozenset[str]:
        """The languages in which some response says just this; none where no response does."""
        flat = " ".join(text.split())
        return frozenset(one.language for one in self._templates if one.pattern.fullmatch(flat))


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    """The phrasebook of the project's YAML."""
    return Phrasebook([template for path in sorted(DATA.glob("*/responses.*.yml")) for template in _templates(path)])


def _templates(path: Path) -> list[_Template]:
    language = path.name.split(".")[1]
    responses = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["responses"] or {}
    made = (
        _template(name, language, str(variation.get("text", "")))
        for name, variations in responses.items()
        for variation in variations
    )
    return [template for template in made if template.weight >= LEAST_WORDING]


def _template(name: str, language: str, text: str) -> _Template:
    parts = _VARIABLE.split(" ".join(text.split()))
    # Odd parts are names of variables; one that stands twice needs two group names.
    pattern = "".join(_group(part, index) if index % 2 else re.escape(part) for index, part in enumerate(parts))
    weight = sum(len(re.sub(r"\W", "", part)) for part in parts[::2])
    return _Template(name, language, re.compile(pattern), weight)


def _group(variable: str, index: int) -> str:
    return f"(?P<{variable}__{index}>{SHAPES.get(variable, '.*?')})"

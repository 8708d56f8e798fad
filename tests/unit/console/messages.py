"""Every word of the interface, as it stands in the templates and in the console's code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

CONSOLE = Path(__file__).parents[3] / "console"
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2)}
OPTIONS = {"trimmed": "false", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


@dataclass(frozen=True)
class Message:
    """English words and where they stand. Of a singular and a plural only the latter is translated."""

    words: str
    place: str


def messages_used() -> list[Message]:
    """All of them, in the order of the files."""
    templates = sorted((CONSOLE / "templates").rglob("*.html"))
    return [message for path in [*templates, *sorted(CONSOLE.rglob("*.py"))] for message in _in(path)]


def _in(path: Path) -> Iterator[Message]:
    found: list[tuple[int, Any]]
    with path.open("rb") as file:
        if path.suffix == ".py":
            found = [(line, words) for line, _, words, _ in extract_python(file, KEYWORDS, [], {})]
        else:
            found = [(line, words) for line, _, words, _ in babel_extract(file, list(KEYWORDS), [], OPTIONS)]
    for line, words in found:
        texts = [str(one) for one in (words if isinstance(words, tuple) else (words,)) if one]
        if texts:
            yield Message(texts[-1], f"{path.relative_to(CONSOLE.parent)}:{line}")

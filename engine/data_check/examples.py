"""The examples of an NLU file, each with its place and its annotated words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.components.language_model import shortened
from engine.importer_files import line_of

_ANNOTATION = re.compile(r"\[(?P<surface>[^\]]*)\](?:\((?P<entity>[^)]+)\)|(?P<json>\{[^}]+\}))")
_NO_WORD = re.compile(r"[^\w\s]|_")
_LETTER = re.compile(r"\w")


@dataclass(frozen=True)
class Annotation:
    """A marked word: what stands there, as which entity, and whether it is glued to a letter beside it."""

    surface: str
    entity: str
    value: str | None
    is_glued: bool


@dataclass(frozen=True)
class Example:
    """One example of an intent.

    Attributes:
        raw: The line as it is written, with its annotations.
        text: What a customer would write.
        unmarked: The text with the annotated words left out.
    """

    path: str
    line: int
    language: str
    intent: str
    raw: str
    text: str
    unmarked: str
    annotations: tuple[Annotation, ...]

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"

    @property
    def normalised(self) -> str:
        """The text without capitals, punctuation, drawn-out letters and more than one space.

        A text of signs only, such as an emoji, stays as it is.
        """
        words = _NO_WORD.sub(" ", self.text.lower()).split()
        return " ".join(shortened(word) for word in words) or self.text.strip()


def examples_of(path: str, language: str, blocks: Sequence[Mapping[str, Any]]) -> Iterator[Example]:
    """The examples of a file's intents, in order."""
    for block in blocks:
        if "intent" not in block or not isinstance(block.get("examples"), str):
            continue
        first = (line_of(block, "examples") or 0) + 1
        for offset, line in enumerate(block["examples"].splitlines()):
            if line.strip().startswith("- "):
                yield example_of(path, first + offset, language, str(block["intent"]), line.strip()[2:])


def example_of(path: str, line: int, language: str, intent: str, raw: str) -> Example:
    """One example from its line, without the dash."""
    annotations = tuple(_annotation(raw, match) for match in _ANNOTATION.finditer(raw))
    text = _ANNOTATION.sub(lambda match: match["surface"], raw)
    return Example(path, line, language, intent, raw, text, _ANNOTATION.sub(" \N{BULLET} ", raw), annotations)


def _annotation(raw: str, match: re.Match[str]) -> Annotation:
    before, after = raw[max(match.start() - 1, 0) : match.start()], raw[match.end() : match.end() + 1]
    glued = bool(_LETTER.match(before) or _LETTER.match(after))
    if match["entity"]:
        return Annotation(match["surface"], match["entity"], None, glued)
    body = json.loads(match["json"])
    return Annotation(match["surface"], str(body.get("entity")), body.get("value"), glued)

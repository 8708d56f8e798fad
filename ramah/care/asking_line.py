"""Finds the line that a bubble was made from: ``data/<skill>/responses.id.yml:<response>:25``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node

PROJECT = Path(__file__).resolve().parents[2]
SHORTEST = 6
"""Letters of its own that a wording must have: "{service}" alone fits everything."""

_HOLE = re.compile(r"\\\{\w+\\\}")


def line_that_says(text: str, language: str | None) -> str | None:
    """The file, response and line whose wording fits ``text``, or None where nothing does.

    The wording that has most of its own words wins: one that is nearly all variables fits everything."""
    fitting = [line for line in _lines(language or "id") if line[2].fullmatch(text.strip())]
    best = max(fitting, key=lambda line: line[1], default=None)
    return best[0] if best else None


@lru_cache(maxsize=3)
def _lines(language: str) -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    found = []
    for path in sorted((PROJECT / "data").glob(f"*/responses.{language}.yml")):
        name = path.relative_to(PROJECT).as_posix()
        for response, wording, line in _wordings(path):
            pattern = _HOLE.sub(".*?", re.escape(wording.strip().replace("{{", "{").replace("}}", "}")))
            own = len(_HOLE.sub("", re.escape(wording)))
            if own >= SHORTEST:
                found.append((f"{name}:{response}:{line}", own, re.compile(pattern, re.DOTALL)))
    return tuple(found)


def _wordings(path: Path) -> Iterator[tuple[str, str, int]]:
    """Each wording of a file with its response and its line."""
    root = YAML(typ="safe", pure=True).compose(path)
    responses = dict(_pairs(root)).get("responses")
    for response, variations in _pairs(responses):
        for variation in variations.value:
            text = dict(_pairs(variation)).get("text")
            if text is not None:
                yield response, text.value, text.start_mark.line + 1


def _pairs(node: Node | None) -> list[tuple[str, Node]]:
    return [(key.value, value) for key, value in node.value] if isinstance(node, MappingNode) else []

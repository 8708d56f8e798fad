"""Messages about the matter itself, without a mood: what the skills' examples for the intents say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from ramah.mood import MoodLabel
from ramah.mood.lexicon import lexicon
from ramah.mood.reading import settle
from ramah.mood.weighing import weigh
from ramah.mood.words import parse
from scripts.progress import ROOT

MOVED = frozenset({"complaint", "out_of_scope"})
"""Intents that people have with a mood as often as without."""

_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def plain_messages(language: str) -> Iterator[str]:
    """The skills' examples in a language (id, ms, en), without those in which the lexicon reads a mood.

    Some of them have one: "hurray, book me another" is still a booking."""
    for path in sorted((ROOT / "data").glob(f"*/nlu.{language}.yml")):
        for text in _examples(path):
            if _by_lexicon(text, language) is MoodLabel.NEUTRAL:
                yield text


def _examples(path: Path) -> Iterator[str]:
    for block in YAML(typ="safe", pure=True).load(path)["nlu"]:
        if "intent" in block and block["intent"] not in MOVED:
            for line in block["examples"].splitlines():
                yield _ANNOTATED.sub(r"\1", line.removeprefix("- ").strip())


def _by_lexicon(text: str, language: str) -> MoodLabel:
    known = lexicon()
    return settle(weigh(parse(text, known), language, known)).label

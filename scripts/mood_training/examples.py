"""Our own sentences: a mood, whether somebody presses for time, and what they write; tab-separated, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.progress import ROOT

LANGUAGES = ("id", "ms", "en")
TRAINED_ON = Path(__file__).parent / "examples"
HELD_OUT = ROOT / "tests" / "unit" / "mood" / "held_out"
"""Sentences that training never reads: the tests and `benchmarks.mood --own` measure on them."""


@dataclass(frozen=True)
class Example:
    """What somebody writes, its mood, and whether it presses for time."""

    text: str
    mood: str
    urgent: bool


def read_examples(folder: Path, language: str) -> list[Example]:
    """The sentences of a language (id, ms, en) in a folder."""
    lines = (folder / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line]
    return [Example(text, mood, urgent == "yes") for mood, urgent, text in rows]

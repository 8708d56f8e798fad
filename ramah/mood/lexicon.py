"""The words and signs that carry a mood, read once from the tab-separated files beside this one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

EVERY_LANGUAGE = "*"
_RUN = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True)
class Entry:
    """A phrase in its plain spelling: what it says (a mood, ``urgent``, or ``none``), how strongly, in which languages.

    ``none`` takes its words out of the reading: "berapa lama" asks, it does not complain."""

    words: tuple[str, ...]
    says: str
    weight: float
    languages: frozenset[str]

    def counts_in(self, language: str | None) -> bool:
        """Whether the phrase means this in a language; of an unknown language it may."""
        return language is None or EVERY_LANGUAGE in self.languages or language in self.languages


@dataclass(frozen=True)
class Lexicon:
    """Everything that the reading looks up. ``entries`` by their first word, the longest first."""

    entries: dict[str, tuple[Entry, ...]]
    spelling: dict[str, tuple[str, ...]]
    groups: dict[str, frozenset[str]]
    signs: dict[str, tuple[str, float]]
    sign_pattern: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon of this package."""
    spelling = {
        _squeeze(variant): tuple(_squeeze(word) for word in plain.split())
        for plain, variants in _rows("spelling.tsv")
        for variant in variants.split()
    }
    groups = {
        name: frozenset(w for word in words.split() for w in _plain(word, spelling))
        for name, words in _rows("modifiers.tsv")
    }
    signs = {sign: (says, float(weight)) for says, weight, listed in _rows("signs.tsv") for sign in listed.split()}
    longest_first = sorted(signs, key=len, reverse=True)
    return Lexicon(
        entries=_entries(spelling),
        spelling=spelling,
        groups=groups,
        signs=signs,
        sign_pattern=re.compile("|".join(re.escape(sign) for sign in longest_first)),
    )


def _entries(spelling: dict[str, tuple[str, ...]]) -> dict[str, tuple[Entry, ...]]:
    by_first: dict[str, list[Entry]] = {}
    for says, weight, languages, phrases in _rows("phrases.tsv"):
        for phrase in phrases.split(","):
            words = _plain(phrase.strip(), spelling)
            entry = Entry(words, says, float(weight), frozenset(languages.split()))
            by_first.setdefault(words[0], []).append(entry)
    return {first: tuple(sorted(found, key=lambda entry: -len(entry.words))) for first, found in by_first.items()}


def _plain(phrase: str, spelling: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A phrase as a message's words become: one spelling, no doubled letters."""
    squeezed = (_squeeze(word) for word in phrase.split())
    return tuple(plain for word in squeezed for plain in spelling.get(word, (word,)))


def _squeeze(word: str) -> str:
    return _RUN.sub(r"\1", word)


def _rows(name: str) -> list[list[str]]:
    text = resources.files("ramah.mood").joinpath("data", name).read_text(encoding="utf-8")
    kept = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [[cell.strip() for cell in line.split("\t")] for line in kept]

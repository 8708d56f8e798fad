"""Words of a message with their offsets, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_JOINERS = "'’‘ʼ`-./"
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[a-zA-Z/!][^<>]*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Word:
    """A run of letters, digits and inner apostrophes, hyphens, dots or slashes; ``key`` is its lower-case form."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return self.text.lower().replace("’", "'").replace("‘", "'").replace("ʼ", "'").replace("`", "'")

    @property
    def capital(self) -> bool:
        """Capital first letter, but not shouted in full."""
        return self.text[:1].isupper() and not (len(self.text) > 1 and self.text.isupper())


def is_letter(character: str) -> bool:
    """Letters and the marks on them, of every script."""
    return unicodedata.category(character)[0] in "LM"


def split_words(text: str) -> list[Word]:
    """The words of ``text``. An apostrophe, hyphen, dot or slash counts only between two word characters."""
    found: list[Word] = []
    start: int | None = None
    for position in range(len(text) + 1):
        if position < len(text) and _continues(text, position, start is not None):
            start = position if start is None else start
        elif start is not None:
            found.append(Word(text[start:position], start, position))
            start = None
    return found


def _continues(text: str, position: int, inside: bool) -> bool:
    character = text[position]
    if is_letter(character) or character.isdigit():
        return True
    following = text[position + 1 : position + 2]
    joined = bool(following) and (is_letter(following) or following.isdigit())
    return inside and character in _JOINERS and joined


def blank(text: str, spans: Collection[tuple[int, int]]) -> str:
    """``text`` of the same length with the spans replaced by spaces."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def without_markup(text: str) -> str:
    """``text`` of the same length with HTML tags (and what stands in a script) replaced by spaces."""
    return blank(text, [match.span() for match in _TAG.finditer(text)])


def tidy_spans(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, empty ones dropped, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)

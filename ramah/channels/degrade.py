"""Simpler forms of a message for channels that cannot show the richer one."""

from __future__ import annotations

import re

from ramah.channels.content import Choice, Outgoing

NUMBER = re.compile(r"\s*(\d{1,3})\s*[.)]?\s*")
# Best place first: between paragraphs, lines, then words.
_SEPARATORS = ("\n\n", "\n", " ")


def numbered(message: Outgoing) -> Outgoing:
    """The same message with its choices written into the text as ``1. ...`` lines, and kept as ``numbered``."""
    if not message.choices:
        return message
    lines = "\n".join(_line(number, choice) for number, choice in enumerate(message.choices, start=1))
    text = f"{message.text.rstrip()}\n\n{lines}" if message.text.strip() else lines
    return message.model_copy(update={"text": text, "choices": (), "list_label": None, "numbered": message.choices})


def numbered_choice(choices: tuple[Choice, ...], typed: str) -> Choice | None:
    """The choice that a person means who answers a numbered list with ``2``, ``2.`` or ``2)``; else None."""
    match = NUMBER.fullmatch(typed)
    if match is None:
        return None
    number = int(match.group(1))
    return choices[number - 1] if 1 <= number <= len(choices) else None


def split_text(text: str, limit: int) -> list[str]:
    """Cut text into pieces of at most ``limit`` characters, between paragraphs, lines or words where possible.

    White space at the cuts and at both ends is dropped; nothing else is. Blank text has no pieces.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    pieces = []
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def closing_text(text: str, limit: int) -> str:
    """The end of a text, at most ``limit`` characters and as long as a cut at a paragraph (else a line, else a word)
    leaves it: what may stand beside choices when the rest goes before them."""
    stripped = text.strip()
    if len(stripped) <= limit:
        return stripped
    window = stripped[-limit:]
    place = next((window.find(separator) for separator in _SEPARATORS if separator in window), 0)
    return window[place:].strip()


def _line(number: int, choice: Choice) -> str:
    described = f"{choice.title} – {choice.description}" if choice.description else choice.title
    return f"{number}. {' '.join(described.split())}".rstrip()


def _cut(text: str, limit: int) -> int:
    """Where to cut: at the last good separator that leaves a piece of a fair size, else at the limit."""
    window = text[: limit + 1]
    for separator in _SEPARATORS:
        place = window.rfind(separator)
        if place > limit // 2:
            return place
    place = max(window.rfind(separator) for separator in _SEPARATORS)
    return place if place > 0 else limit

"""Titles before a name (Pak, Encik, Datuk Seri, Dr.) and words of address after it."""

from __future__ import annotations

from collections.abc import Sequence

from ramah.booking.extract.data import rows, word_group
from ramah.booking.extract.words import Word

_SHOWN = {row[0]: row[1] for row in rows("titles.tsv")}
_NEEDS_COMPANY = word_group("titles_with_name_only")
"""Also syllables of names or particles: titles only where something follows on the same line."""
_ONLY_AFTER = {
    "seri": {"datuk", "dato", "dato'", "paduka"},
    "paduka": {"datin"},
    "sri": {"datuk", "dato", "dato'", "tan", "puan"},
}
_ADDRESSES_AFTER = word_group("address_after_name")
_PARTICLES = word_group("particles")


def take_titles(words: Sequence[Word]) -> tuple[str | None, int]:
    """The titles at the head of ``words`` as they are written, and how many words they take."""
    shown: list[str] = []
    position = 0
    while position < len(words):
        title = _title_at(words, position)
        if title is None:
            break
        shown.append(title[0])
        position += title[1]
    return (" ".join(shown) or None), position


def has_rank(titles: Sequence[Word]) -> bool:
    """A title that only a name follows; "kak" and "pak" also address the reader ("ini kak, bagus")."""
    return any(word.key not in _ADDRESSES_AFTER - {"encik", "puan"} for word in titles)


def _title_at(words: Sequence[Word], position: int) -> tuple[str, int] | None:
    key = words[position].key.rstrip(".")
    following = words[position + 1].key if position + 1 < len(words) else None
    if key in ("tan", "puan") and following == "sri":
        return (f"{key.capitalize()} Sri", 2) if position + 2 < len(words) else None
    if key == "sri" or key in ("seri", "paduka"):
        before = words[position - 1].key if position else ""
        return (key.capitalize(), 1) if before in _ONLY_AFTER[key] else None
    if key not in _SHOWN or (key in _NEEDS_COMPANY and following is None):
        return None
    return _SHOWN[key], 1


def drop_tail(words: Sequence[Word]) -> list[Word]:
    """``words`` without the particles and words of address that close a message ("budi aja kak")."""
    kept = list(words)
    while len(kept) > 1 and kept[-1].key in _PARTICLES | _ADDRESSES_AFTER:
        kept.pop()
    return [] if len(kept) == 1 and kept[0].key in _PARTICLES else kept


def is_tail(word: Word) -> bool:
    """A particle or word of address that may follow a name."""
    return word.key in _PARTICLES | _ADDRESSES_AFTER

"""Word lists that the extractors read, once and lazily. Sources and licences: NOTICE.md."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[str, ...]:
    """Lines of the data file ``name`` without comments (``#``) and blank lines."""
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    kept = (line.strip(" \r") for line in text.splitlines())
    return tuple(line for line in kept if line and not line.startswith("#"))


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of the tab-separated data file ``name``."""
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines(name))


@cache
def word_set(name: str) -> frozenset[str]:
    """Every word of the data file ``name``, whatever the lines."""
    return frozenset(word for line in lines(name) for word in line.split())


@cache
def word_group(group: str) -> frozenset[str]:
    """The words of a group of word_groups.tsv.

    :raises KeyError: there is no such group.
    """
    found = frozenset(word for row in rows("word_groups.tsv") if row[0] == group for word in row[1].split())
    if not found:
        raise KeyError(group)
    return found


def any_of(group: str) -> str:
    """A regular expression for any word of a group, longest first."""
    return "|".join(re.escape(word) for word in sorted(word_group(group), key=lambda word: (-len(word), word)))


@cache
def ordinary_words() -> frozenset[str]:
    """Everyday words of Indonesian, Malay and English: none of them is by itself a name, a car or a town."""
    return word_set("ordinary_words.txt")


@cache
def name_kinds() -> dict[str, str]:
    """Known personal names (lower case) with their kinds: g given, l last, c Chinese given, s Chinese surname."""
    listed = {row[0]: row[1] for row in rows("names.tsv")}
    added = dict.fromkeys(word_set("chinese_names.txt"), "c") | dict.fromkeys(word_set("common_names.txt"), "g")
    return added | listed

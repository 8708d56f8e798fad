"""Reads the words of a name from a place in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ramah.booking.extract.person import lexicon
from ramah.booking.extract.person.casing import CONNECTORS, SMALL_WORDS, clean_word
from ramah.booking.extract.person.introductions import AFTERWARDS, FILLERS
from ramah.booking.extract.person.titles import drop_tail, has_rank, is_tail, take_titles
from ramah.booking.extract.words import Word, is_letter, split_words

_MOST_WORDS = 7
_LONGEST_RUN = 400
"""Characters that are looked at behind an introduction."""
_SHORT_FORM = 4
"""A dot after so few letters closes an abbreviation ("Moh. Ali"), not a sentence."""


class Trust(Enum):
    """How strongly the text says that a name stands here."""

    STRONG = "announced"
    WEAK = "after a pronoun"
    BARE = "asked for"


@dataclass(frozen=True)
class NameWords:
    """The words of a name, its title, and where the text of both stands."""

    words: tuple[Word, ...]
    title: str | None
    start: int
    end: int


def read_name(text: str, start: int, end: int, trust: Trust) -> NameWords | None:
    """The name that begins at ``start``, or None when these are other words."""
    run = _run(text, start, end)
    if trust is Trust.BARE:
        run = _after_fillers(run)
    title, taken = take_titles(run)
    body = run[taken:]
    words = drop_tail(_name_part(body, trust))
    if not words or not _is_name(text, words, body, trust, has_rank(run[:taken])):
        return None
    first = run[0] if title else words[0]
    return NameWords(tuple(words), title, first.start, words[-1].end)


def _run(text: str, start: int, end: int) -> list[Word]:
    """Words that follow each other with nothing but blanks (or an abbreviation's dot) between."""
    run: list[Word] = []
    end = min(end, start + _LONGEST_RUN)
    for word in split_words(_unglue(text[start:end])):
        word = Word(word.text, word.start + start, word.end + start)
        if run and not _is_soft_gap(run[-1], text[run[-1].end : word.start]):
            break
        if not run and text[start : word.start].strip(" \t\n\r\"'“‘(*_:=-–.\u200b\u200e\u200f\ufeff"):
            break
        run.append(word)
    return run


def _unglue(text: str) -> str:
    """Dots, and slashes but those of a/l, between words become blanks: "budi.mau" is two words."""
    text = re.sub(r"(?<=\w\w)\.(?=\w)", " ", text)
    return re.sub(r"(?<![asd])/|/(?![lpo]\b)", " ", text, flags=re.IGNORECASE)


def _is_soft_gap(before: Word, gap: str) -> bool:
    if not gap.strip(" \t\u00a0"):
        return True
    short = len(before.text) <= _SHORT_FORM
    return (short and gap.strip(" \t\u00a0") == ".") or (before.key == "dato" and gap.strip() in ("'", "’"))


def _after_fillers(run: Sequence[Word]) -> list[Word]:
    position = 0
    while (
        position < len(run) and run[position].key in FILLERS and not lexicon.is_balinese(run[position : position + 2])
    ):
        position += 1
    return list(run[position:])


def _name_part(body: Sequence[Word], trust: Trust) -> list[Word]:
    part: list[Word] = []
    for place, word in enumerate(body[:_MOST_WORDS]):
        article = not part and lexicon.is_balinese(body[place : place + 2])
        if not article and not _may_continue(word, part, trust):
            break
        part.append(word)
    while part and part[-1].key in CONNECTORS | SMALL_WORDS - {"la"}:
        part.pop()
    return part


def _may_continue(word: Word, part: Sequence[Word], trust: Trust) -> bool:
    if not all(is_letter(letter) or letter in "'’‘ʼ`.-/" for letter in word.text):
        return False
    if word.key in CONNECTORS or (part and word.key in SMALL_WORDS):
        return True
    if (part and part[-1].key == "anak" and word.key in ("lelaki", "perempuan")) or (part and is_tail(word)):
        return True
    if not lexicon.is_spoken(word.text):
        return False
    if lexicon.is_stop(word.key):
        return _is_name_all_the_same(word, part, trust)
    return (
        not part or word.capital or (trust is Trust.STRONG and word.text.isupper()) or not lexicon.is_everyday(word.key)
    )


def _is_name_all_the_same(word: Word, part: Sequence[Word], trust: Trust) -> bool:
    """Stop words that are names where they stand: "Tan Yee Min", "nama saya Selamat"."""
    if not word.capital:
        return False
    if part and lexicon.is_syllable(word.key):
        return lexicon.is_surname(part[0].key)
    return trust is Trust.STRONG and not part and lexicon.is_given_name(word.key)


def _is_name(text: str, words: Sequence[Word], body: Sequence[Word], trust: Trust, titled: bool) -> bool:
    if not clean_word(words[0].text) or lexicon.is_other_thing(" ".join(word.key for word in words)):
        return False
    if lexicon.is_other_thing(words[0].key):
        return False
    if len(words) == 1 and len(words[0].text) == 1 and words[0].text.isascii():
        return False
    if trust is Trust.STRONG:
        return not words[0].key.endswith("nya") or lexicon.is_known(words[0].key)
    if _is_question(text, body[-1].end):
        return False
    if trust is Trust.BARE:
        return _is_bare_name(text, words, body)
    return _is_weak_name(words[0], titled) or lexicon.is_balinese(words[:2])


def _is_weak_name(word: Word, titled: bool) -> bool:
    if word.capital:
        return not lexicon.is_everyday(word.key)
    if titled and lexicon.is_given_name(word.key):
        return True
    return (
        lexicon.is_known(word.key)
        and len(word.key) > 1
        and not (lexicon.is_ambiguous(word.key) or lexicon.is_syllable(word.key))
    )


def _is_bare_name(text: str, words: Sequence[Word], body: Sequence[Word]) -> bool:
    first = words[0]
    if first.key == "anak" and take_titles(words[1:])[1]:
        return False
    if lexicon.is_everyday(first.key) and not (len(words) > 1 and first.key in CONNECTORS | SMALL_WORDS):
        return False
    if lexicon.is_seldom(first.key) and not (first.capital and len(words) > 1):
        return False
    rest = [word for word in body[len(words) :] if not is_tail(word)]
    if not rest or not is_letter(rest[0].text[0]) or AFTERWARDS.match(text, words[-1].end):
        return True
    return lexicon.is_known(first.key) and not lexicon.is_ambiguous(first.key)


def _is_question(text: str, position: int) -> bool:
    return text[position : position + 3].lstrip().startswith(("?", "？"))

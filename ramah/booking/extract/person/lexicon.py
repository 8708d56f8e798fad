"""What is known about single words: personal name, everyday word, town, car."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ramah.booking.extract.data import name_kinds, ordinary_words, word_group, word_set
from ramah.booking.extract.place.gazetteer import is_city
from ramah.booking.extract.vehicle.catalogue import is_model
from ramah.booking.extract.words import Word

_LAUGHTER = re.compile(r"(?:(?:ha|he|hi|hu|wk|xi|ah|ka){2,}h?|(.)\1*|[hwk]{3,}|a{2,}h*)")

_DRAWN_OUT = re.compile(r"(.)\1{2,}|(?<!^)(.)\2$")
_CONTRACTED = re.compile(r"[a-z]'(?:re|ve|ll|m|t)$")


@cache
def stop_words() -> frozenset[str]:
    """Words that no name holds."""
    return word_set("stop_words.txt")


def is_stop(key: str) -> bool:
    """A word that ends a name: function words, greetings, services, time, laughter."""
    if key in stop_words():
        return True
    sounds = _LAUGHTER.fullmatch(key) is not None or _DRAWN_OUT.sub(r"\1\2", key) in stop_words()
    return (len(key) > 2 and sounds and not is_known(key)) or _CONTRACTED.search(key) is not None


def is_spoken(word: str) -> bool:
    """Can be said: short forms typed small without a vowel ("wr", "btw") are no names, but Ng and initials."""
    return not re.fullmatch(r"[b-df-hj-np-tv-xz]{2,}", word) or is_known(word)


def is_known(key: str) -> bool:
    """A personal name of the lists; every part of a hyphenated or dotted one counts."""
    return key in name_kinds() or (len(key.rstrip(".")) == 1 and key.isalpha())


def is_syllable(key: str) -> bool:
    """Known only as a syllable of Chinese names, so weak evidence in lower case."""
    return bool(name_kinds().get(key)) and set(name_kinds()[key]) <= {"c", "s"}


def is_given_name(key: str) -> bool:
    """A listed name that is more than a syllable."""
    return is_known(key) and not is_syllable(key) and len(key) > 2


def is_everyday(key: str) -> bool:
    """An ordinary word that is not on the name lists."""
    return (key in ordinary_words() or (key.endswith("nya") and len(key) > 5)) and not is_known(key)


def is_seldom(key: str) -> bool:
    """An everyday word that is heard now and then, or an answer by hand ("ralat", "undo")."""
    return (key in word_set("seldom_words.txt") or key in word_set("answers.txt")) and not is_known(key)


def is_ambiguous(key: str) -> bool:
    """A name that is also an ordinary word (Bagus, Indah, Rose)."""
    return key in ordinary_words() and is_known(key)


def is_other_thing(phrase: str) -> bool:
    """A town or a car."""
    return not is_known(phrase) and (is_city(phrase) or is_model(phrase))


def is_chinese_order(keys: list[str]) -> bool:
    """Surname first, as in Tan Wei Ming."""
    kinds = [name_kinds().get(key, "") for key in keys]
    return len(keys) == 3 and "s" in kinds[0] and all("c" in kind for kind in kinds[1:])


def is_balinese(words: Sequence[Word]) -> bool:
    """The article of a Balinese name with its birth name ("I Made")."""
    return len(words) == 2 and words[0].key in ("i", "ni") and words[1].key in word_group("balinese_names")


def is_surname(key: str) -> bool:
    """A Chinese surname."""
    return "s" in name_kinds().get(key, "")

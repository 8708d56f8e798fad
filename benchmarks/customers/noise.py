"""How hurried people misspell: neighbouring keys, dropped vowels, doubled or swapped letters, short forms."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST = 4
"""Shorter words carry too little to survive a slip."""


def _neighbours() -> Mapping[str, str]:
    pairs = {}
    for row in ROWS:
        for index, letter in enumerate(row):
            pairs[letter] = row[max(0, index - 1) : index] + row[index + 1 : index + 2]
    return pairs


NEIGHBOURS = _neighbours()


def misspell(text: str, dice: random.Random, rate: float, slang: Mapping[str, str]) -> str:
    """The text with about ``rate`` slips a word. Only plain lower-case words change; facts are added afterwards."""
    return re.sub(r"[a-z]+", lambda found: _word(found.group(), dice, rate, slang), text)


def _word(word: str, dice: random.Random, rate: float, slang: Mapping[str, str]) -> str:
    if word in slang and dice.random() < 2 * rate:
        return slang[word]
    if len(word) < SHORTEST or dice.random() >= rate:
        return word
    return dice.choice((_neighbour, _without_vowel, _doubled, _swapped))(word, dice)


def _neighbour(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word))
    return word[:place] + dice.choice(NEIGHBOURS[word[place]]) + word[place + 1 :]


def _without_vowel(word: str, dice: random.Random) -> str:
    vowels = [index for index in range(1, len(word)) if word[index] in "aeiou"]
    if not vowels:
        return word
    place = dice.choice(vowels)
    return word[:place] + word[place + 1 :]


def _doubled(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word))
    return word[:place] + word[place] + word[place:]


def _swapped(word: str, dice: random.Random) -> str:
    place = dice.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

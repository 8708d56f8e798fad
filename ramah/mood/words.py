"""A message as clauses of plain words: small letters, one spelling, no letters drawn out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from ramah.mood.lexicon import Lexicon

LONGEST = 600
"""Characters that are read; of a longer message the end counts, where people say what they want."""

_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*2?|\d+|[.!?,;\n…]+")
_RUN = re.compile(r"([^\W\d_])\1+")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SHOUTED = 6


@dataclass
class Clause:
    """A run of words up to a mark. ``drawn`` are the positions of words whose letters were drawn out."""

    words: list[str] = field(default_factory=list)
    drawn: set[int] = field(default_factory=set)
    ending: str = ""


@dataclass(frozen=True)
class Message:
    """A message's clauses, its signs (emoji and the like), and whether it is shouted in capitals."""

    clauses: list[Clause]
    signs: list[str]
    shouted: bool


def squeeze(word: str) -> str:
    """The word without doubled letters: ``lamaaa`` and ``lama`` become one, and so do "happy" and "hapy"."""
    return _RUN.sub(r"\1", word)


def parse(text: str, lexicon: Lexicon) -> Message:
    """Split a message. Signs are taken out first, for ``:(`` is no punctuation."""
    text = unicodedata.normalize("NFKC", text[-LONGEST:])
    signs = lexicon.sign_pattern.findall(text)
    bare = lexicon.sign_pattern.sub(" ", text) if signs else text
    clauses = [Clause()]
    for part in _PART.findall(bare):
        if part[0].isalnum():
            _add(clauses[-1], part, lexicon)
        else:
            clauses[-1].ending = part
            clauses.append(Clause())
    return Message([clause for clause in clauses if clause.words or clause.ending], signs, _shouted(bare))


def _add(clause: Clause, part: str, lexicon: Lexicon) -> None:
    if _DRAWN_OUT.search(part):
        clause.drawn.add(len(clause.words))
    if len(part) > 1 and part[-1] == "2":
        part = part[:-1]
    word = squeeze(part.lower().replace("’", "'"))
    clause.words.extend(lexicon.spelling.get(word, (word,)))


def _shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return len(letters) >= _SHOUTED and capitals >= 0.8 * len(letters)

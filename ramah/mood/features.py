"""What the trained model sees of a message: words, pairs, denied words, letter groups, signs, the lexicon's weights.

Features come in blocks. Within a block each feature counts once, and the block is as long as a vector of length one, so
that a long review does not outshout a short message. The last block holds what stands for itself and is not scaled."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ramah.mood.lexicon import Lexicon, lexicon
from ramah.mood.weighing import weigh
from ramah.mood.words import Message, parse

GRAM_SIZES = (3, 4, 5)
DENIED_WITHIN = 3
LEVELS = (0.25, 0.4, 0.7, 1.1, 1.6)
LONGEST_GRAMMED = 24
"""Letters of a word from which groups are made; nobody writes a longer word but by leaning on the keyboard."""

SELF_STANDING = 0.5
"""What one feature of the last block counts; a block of words counts 1 in all."""

_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")

Block = tuple[float, Sequence[str]]


def blocks_of_text(text: str, language: str | None = None) -> tuple[Block, ...]:
    """The blocks of a message of which nothing is known yet."""
    known = lexicon()
    message = parse(text, known)
    return blocks_of(text, message, known, weigh(message, language, known))


def blocks_of(text: str, message: Message, known: Lexicon, weights: Mapping[str, float]) -> tuple[Block, ...]:
    """The blocks of a message: what each feature in it counts, and the features.

    ``message`` is the text as ``words.parse`` splits it, ``weights`` what the lexicon makes of it."""
    words = [word for clause in message.clauses for word in clause.words]
    worded = dict.fromkeys(_worded(words, known))
    grams = dict.fromkeys(itertools.chain.from_iterable(map(_grams, words)))
    alone = dict.fromkeys(_self_standing(text, message, weights))
    return (_scaled(worded), _scaled(grams), (SELF_STANDING, tuple(alone)))


def _scaled(features: Mapping[str, None]) -> Block:
    return (1.0 / math.sqrt(len(features)) if features else 0.0, tuple(features))


def _worded(words: Sequence[str], known: Lexicon) -> Iterator[str]:
    denying = known.groups["not"]
    denied_until = -1
    for position, word in enumerate(words):
        yield f"w:{word}"
        if position <= denied_until:
            yield f"n:{word}"
        if word in denying:
            denied_until = position + DENIED_WITHIN
    bounded = ["<", *words, ">"] if words else []
    yield from (f"p:{first} {second}" for first, second in itertools.pairwise(bounded))


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[str, ...]:
    padded = f" {word[:LONGEST_GRAMMED]} "
    return tuple(padded[start : start + size] for size in GRAM_SIZES for start in range(len(padded) - size + 1))


def _self_standing(text: str, message: Message, weights: Mapping[str, float]) -> Iterator[str]:
    yield from (f"e:{sign}" for sign in _EMOJI.findall(text))
    for clause in message.clauses:
        marks = {"!" if "!" in clause.ending else "", "?" if "?" in clause.ending else ""}
        yield from (f"m:{mark * min(clause.ending.count(mark), 3)}" for mark in sorted(marks) if mark)
        if clause.drawn:
            yield "m:drawn"
    if message.shouted:
        yield "m:shouted"
    for says, weight in weights.items():
        yield from (f"l:{says}:{level}" for level in LEVELS if weight >= level)
    if not any(weight >= LEVELS[0] for weight in weights.values()):
        yield "l:none"

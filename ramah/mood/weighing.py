"""Weighs a message's words and signs by the lexicon.

A word counts more when it is strengthened ("banget"), drawn out or shouted, less when weakened ("agak"). A praise that
is denied is a complaint, a complaint that is denied is nothing; what follows a "but" outweighs what came before."""

from __future__ import annotations

from ramah.mood.lexicon import Entry, Lexicon
from ramah.mood.moods import MoodLabel
from ramah.mood.words import Clause, Message

DENIED_WITHIN = 3
STRENGTHENED, WEAKENED, DRAWN_OUT, SHOUTED, EXCLAIMED, ASKED, OUTWEIGHED = 1.5, 0.7, 1.7, 1.3, 1.15, 0.4, 0.67
INSISTENT_QUESTION = 0.25
DENIED_PRAISE = 0.8
_ENDINGS = ("nya", "lah", "kah", "pun", "la", "ni")

URGENT = "urgent"

Weights = dict[str, float]


def weigh(message: Message, language: str | None, known: Lexicon) -> Weights:
    """What the words and signs say for each mood and for urgency; about one clear word is 0.6."""
    weights: Weights = {}
    for clause in message.clauses:
        _weigh_clause(clause, language, known, weights)
    _weigh_signs(message, known, weights)
    if message.shouted:
        return {says: weight if says == URGENT else weight * SHOUTED for says, weight in weights.items()}
    return weights


def _weigh_clause(clause: Clause, language: str | None, known: Lexicon, weights: Weights) -> None:
    position = 0
    while position < len(clause.words):
        if clause.words[position] in known.groups["but"]:
            _outweigh(weights)
        found = _match(clause.words, position, language, known)
        if found is None:
            position += 1
            continue
        _count(found, position, clause, known, weights)
        position += len(found.words)
    if "?" in clause.ending and len(clause.ending) > 1:
        weights[MoodLabel.ANGER] = weights.get(MoodLabel.ANGER, 0.0) + INSISTENT_QUESTION


def _match(words: list[str], position: int, language: str | None, known: Lexicon) -> Entry | None:
    word = words[position]
    for first in (word, _stem(word)):
        for entry in known.entries.get(first, ()):
            fits = entry.words[1:] == tuple(words[position + 1 : position + len(entry.words)])
            if fits and entry.counts_in(language):
                return entry
    return None


def _stem(word: str) -> str:
    """The word without a particle that is written on its end: ``lambatnya``, ``cepatlah``."""
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 3), word)


def _count(entry: Entry, position: int, clause: Clause, known: Lexicon, weights: Weights) -> None:
    if entry.says == "none":
        return
    weight = entry.weight * _emphasis(entry, position, clause, known)
    says = entry.says
    if _is_denied(entry, position, clause, known):
        if says != MoodLabel.JOY:
            return
        says, weight = MoodLabel.ANGER, weight * DENIED_PRAISE
    elif says == MoodLabel.JOY and "?" in clause.ending:
        weight *= ASKED
    weights[says] = weights.get(says, 0.0) + weight


def _emphasis(entry: Entry, position: int, clause: Clause, known: Lexicon) -> float:
    end = position + len(entry.words)
    near = {*clause.words[max(0, position - 2) : position], *clause.words[end : end + 2]}
    emphasis = 1.0
    if near & known.groups["strong"]:
        emphasis *= STRENGTHENED
    if near & known.groups["weak"]:
        emphasis *= WEAKENED
    if any(index in clause.drawn for index in range(position, end)):
        emphasis *= DRAWN_OUT
    if "!" in clause.ending:
        emphasis *= EXCLAIMED
    return emphasis


def _is_denied(entry: Entry, position: int, clause: Clause, known: Lexicon) -> bool:
    """Whether a "not" stands shortly before it."""
    before = clause.words[max(0, position - DENIED_WITHIN) : position]
    return any(word in known.groups["not"] for word in before)


def _outweigh(weights: Weights) -> None:
    for says in weights:
        if says != URGENT:
            weights[says] *= OUTWEIGHED


def _weigh_signs(message: Message, known: Lexicon, weights: Weights) -> None:
    for sign in set(message.signs):
        says, weight = known.signs[sign]
        if says != "none":
            repeated = 1.0 + 0.2 * min(message.signs.count(sign) - 1, 3)
            weights[says] = weights.get(says, 0.0) + weight * repeated

"""Telling Indonesian, Malay and English apart in short chat messages."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SMOOTHING = 0.5
GRAM_WEIGHT = 0.25
LARGEST_VOTE = 3.0
DISTINCTIVE_SHARE = 0.85
DISTINCTIVE_EXAMPLES = 2
DISTINCTIVE_WORDS = 2
KNOWN_SHARE = 0.5
CERTAIN_PROBABILITY = 0.9
LONGEST_CODE = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELONGATION = re.compile(r"(.)\1{2,}")

Counts = dict[str, list[int]]


@dataclass(frozen=True)
class Guess:
    """The likeliest language of a text.

    Attributes:
        name: The language.
        probability: How likely it is among the known languages, 0 to 1.
        certain: Whether the evidence is good enough to change the conversation's language: several words
            that only this language uses, and a clear lead.
        words: How many words only this language uses, when most of those that one alone uses are its.
    """

    name: str
    probability: float
    certain: bool
    words: int = 0


def shortened(word: str) -> str:
    """The word with letters that were drawn out for feeling written once (haiii -> hai)."""
    return _ELONGATION.sub(r"\1", word)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case and shortened; pieces with digits, addresses and links are left out."""
    return [shortened(word) for piece in text.lower().split() if _is_speech(piece) for word in _WORD.findall(piece)]


def _is_speech(piece: str) -> bool:
    return not any(sign.isdigit() for sign in piece) and "@" not in piece and "://" not in piece


class LanguageModel:
    """Naive Bayes over words, with character n-grams for the words it has never seen.

    Args:
        languages: The languages, in the order of the counts.
        words: In how many examples of each language a word stands.
        grams: The same for character n-grams.
    """

    def __init__(self, languages: Sequence[str], words: Counts, grams: Counts) -> None:
        self.languages = list(languages)
        self._words = words
        self._grams = grams
        self._word_totals = [sum(column) for column in zip(*words.values(), strict=True)] or [0] * len(languages)
        self._gram_totals = [sum(column) for column in zip(*grams.values(), strict=True)] or [0] * len(languages)

    @classmethod
    def trained_on(cls, examples: Iterable[tuple[str, str]]) -> LanguageModel:
        """Learn from pairs of text and language."""
        pairs = sorted(set(examples))
        languages = sorted({language for _, language in pairs})
        words = {language: Counter[str]() for language in languages}
        grams = {language: Counter[str]() for language in languages}
        for text, language in pairs:
            distinct = set(words_of(text))
            words[language].update(distinct)
            grams[language].update(gram for word in distinct for gram in _grams_of(word))
        return cls(languages, _table(languages, words), _table(languages, grams))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LanguageModel:
        """The model that `as_dict` has written."""
        return cls(data["languages"], data["words"], data["grams"])

    def as_dict(self) -> dict[str, Any]:
        """What is to be stored as JSON."""
        return {"languages": self.languages, "words": self._words, "grams": self._grams}

    def guess(self, text: str) -> Guess | None:
        """The likeliest language, or None for a text without words or a model without languages."""
        words = words_of(text)
        if not words or not self.languages:
            return None
        votes = [self._votes(word) for word in words]
        probabilities = _softmax([sum(column) for column in zip(*votes, strict=True)])
        best = max(range(len(probabilities)), key=probabilities.__getitem__)
        speech = set(words) - _codes(text)
        own = self._own_words(speech, best)
        certain = probabilities[best] >= CERTAIN_PROBABILITY and own >= DISTINCTIVE_WORDS
        return Guess(self.languages[best], round(probabilities[best], 4), certain, own)

    def _votes(self, word: str) -> list[float]:
        """What a word says for each language: log probabilities with their mean taken off, limited."""
        counts = self._words.get(word)
        if counts is not None:
            return _centred(counts, self._word_totals, len(self._words))
        votes = [0.0] * len(self.languages)
        for gram in _grams_of(word):
            if gram in self._grams:
                centred = _centred(self._grams[gram], self._gram_totals, len(self._grams))
                votes = [vote + GRAM_WEIGHT * add for vote, add in zip(votes, centred, strict=True)]
        return [max(-LARGEST_VOTE, min(LARGEST_VOTE, vote)) for vote in votes]

    def _own_words(self, words: set[str], best: int) -> int:
        """How many words the best language alone uses; 0 when others' words or unknown ones weigh against it."""
        known = [word for word in words if word in self._words]
        owners = [owner for owner in map(self._owner, known) if owner is not None]
        own = owners.count(best)
        is_clear = own > 2 * (len(owners) - own) and len(known) >= KNOWN_SHARE * len(words)
        return own if is_clear else 0

    def _owner(self, word: str) -> int | None:
        """The language that alone uses a known word, if one does."""
        counts = self._words[word]
        rates = [count / max(total, 1) for count, total in zip(counts, self._word_totals, strict=True)]
        best = max(range(len(rates)), key=rates.__getitem__)
        is_owner = rates[best] >= DISTINCTIVE_SHARE * sum(rates) and counts[best] >= DISTINCTIVE_EXAMPLES
        return best if is_owner else None


def _codes(text: str) -> set[str]:
    """The parts of plates and codes, which are no evidence: single letters, and short words in capitals."""
    words = _WORD.findall(text)
    is_shouted = all(word.isupper() for word in words)
    return {w.lower() for w in words if len(w) == 1 or (len(w) <= LONGEST_CODE and w.isupper() and not is_shouted)}


def _grams_of(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[start : start + 3] for start in range(len(padded) - 2)]


def _table(languages: Sequence[str], counters: Mapping[str, Counter[str]]) -> Counts:
    keys = sorted(set().union(*counters.values())) if counters else []
    return {key: [counters[language][key] for language in languages] for key in keys}


def _centred(counts: Sequence[int], totals: Sequence[int], vocabulary: int) -> list[float]:
    logs = [
        math.log((n + SMOOTHING) / (total + SMOOTHING * vocabulary)) for n, total in zip(counts, totals, strict=True)
    ]
    mean = sum(logs) / len(logs)
    return [max(-LARGEST_VOTE, min(LARGEST_VOTE, log - mean)) for log in logs]


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    return [weight / sum(weights) for weight in weights]

"""Entities that no rule describes, learnt from annotated examples by a conditional random field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.components.features import LONGEST_TEXT

OUTSIDE, BEGINS, GOES_ON = "O", "B-", "I-"
SETTINGS = {"c1": 0.1, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True}
AFFIX = 3
REACH = 2

_TOKEN = re.compile(r"\w+|[^\w\s]", re.UNICODE)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Span:
    """An entity in a text: its name, and where it starts and ends."""

    entity: str
    start: int
    end: int


def train_tagger(examples: Sequence[tuple[str, Sequence[Span]]], path: Path) -> None:
    """Learn from texts with their entities and store what was learnt in a file."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(SETTINGS)
    for text, spans in examples:
        tokens = _tokens(text)
        if tokens:
            trainer.append(_rows(text, tokens), _tags(tokens, spans))
    trainer.train(str(path))


class EntityTagger:
    """Finds entities with what was stored.

    Args:
        stored: The content of the file that `train_tagger` wrote.
    """

    def __init__(self, stored: bytes) -> None:
        import pycrfsuite

        self._stored = stored  # the tagger reads it where it lies and does not keep it from being thrown away
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._stored)

    def spans(self, text: str) -> list[Span]:
        """The entities of a text; of a very long one, those at its beginning."""
        tokens = _tokens(text)
        return list(_spans(tokens, self._tagger.tag(_rows(text, tokens)))) if tokens else []


def _tokens(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _TOKEN.finditer(text[:LONGEST_TEXT])]


def _tags(tokens: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[str]:
    """The tag of each token; a token that an entity touches belongs to it."""
    tags, last = [], None
    for start, end in tokens:
        inside = next((span for span in spans if start < span.end and span.start < end), None)
        tags.append(OUTSIDE if inside is None else f"{GOES_ON if inside is last else BEGINS}{inside.entity}")
        last = inside
    return tags


def _spans(tokens: Sequence[tuple[int, int]], tags: Sequence[str]) -> Iterator[Span]:
    """The entities that tags stand for; one that goes on without a beginning begins there."""
    current: Span | None = None
    for (start, end), tag in zip(tokens, tags, strict=True):
        name = tag[len(BEGINS) :]
        if current and tag == f"{GOES_ON}{current.entity}":
            current = Span(current.entity, current.start, end)
            continue
        if current:
            yield current
        current = None if tag == OUTSIDE else Span(name, start, end)
    if current:
        yield current


def _rows(text: str, tokens: Sequence[tuple[int, int]]) -> list[list[str]]:
    """What is seen of each token: its word, ends and shape, and the words around it."""
    words = [_DIGIT.sub("0", text[start:end].lower()) for start, end in tokens]
    padded = ["<"] * REACH + words + [">"] * REACH
    rows = []
    for place, (start, end) in enumerate(tokens):
        word, around = words[place], padded[place : place + 2 * REACH + 1]
        row = ["bias", f"shape:{_shape(text[start:end])}", f"begins:{word[:AFFIX]}", f"ends:{word[-AFFIX:]}"]
        row += [f"{offset - REACH}:{other}" for offset, other in enumerate(around)]
        row += [f"before:{around[1]} {around[2]}", f"after:{around[2]} {around[3]}"]
        rows.append(row)
    return rows


def _shape(word: str) -> str:
    if word.isdigit():
        return f"number {len(word)}"
    if not word.isalnum():
        return "mark"
    mixed = any(sign.isdigit() for sign in word)
    return "mixed" if mixed else "capitals" if word.isupper() else "capital" if word[0].isupper() else "small"

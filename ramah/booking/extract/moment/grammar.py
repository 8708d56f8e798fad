"""Ordered rules over the row of tokens."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ramah.booking.extract.moment.kinds import encode_pattern
from ramah.booking.extract.moment.tokens import Token, kinds_of

Reading = TypeVar("Reading")
Setting = TypeVar("Setting")


@dataclass(frozen=True)
class Rule(Generic[Reading, Setting]):
    """A pattern in names of kinds and what its tokens mean.

    ``read`` returns None where the tokens make no sense together (31/2). A rule without
    ``read`` marks tokens that must not be read as anything else.
    """

    name: str
    pattern: str
    read: Callable[[Sequence[Token], Setting], Reading | None] | None


@dataclass(frozen=True)
class Match(Generic[Reading]):
    """A reading of ``tokens[first:last]``."""

    reading: Reading
    first: int
    last: int


class Grammar(Generic[Reading, Setting]):
    """Rules tried in order at each token, leftmost first.

    Every pattern has a bounded length, so the work grows linearly with the number of tokens.
    """

    def __init__(self, rules: Sequence[Rule[Reading, Setting]]) -> None:
        self.rules = {rule.name: rule for rule in rules}
        self.pattern = re.compile("|".join(f"(?P<{rule.name}>{encode_pattern(rule.pattern)})" for rule in rules))

    def find(self, tokens: Sequence[Token], setting: Setting) -> Iterator[Match[Reading]]:
        """Readings from left to right, without overlap."""
        kinds = kinds_of(tokens)
        position = 0
        while found := self.pattern.search(kinds, position):
            rule = self.rules[found.lastgroup or ""]
            first, position = found.span()
            if rule.read is None:
                continue
            reading = rule.read(tokens[first:position], setting)
            if reading is None:
                position = first + 1
            else:
                yield Match(reading, first, position)


def tokens_of(tokens: Sequence[Token], *kinds: str) -> list[Token]:
    """The tokens of the given kinds, in order."""
    return [token for token in tokens if token.kind in kinds]


def first_of(tokens: Sequence[Token], *kinds: str) -> Token | None:
    """The first token of the given kinds."""
    return next((token for token in tokens if token.kind in kinds), None)

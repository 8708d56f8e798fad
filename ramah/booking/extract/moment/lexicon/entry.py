"""The form of a line in the word tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lexeme:
    """What a word stands for: its kind, its canonical name and, where it has one, its number."""

    kind: str
    word: str = ""
    number: int = 0


@dataclass(frozen=True)
class Entry:
    """Spellings, separated by spaces, that share one meaning.

    An underscore joins the words of a phrase ("hari_ini"). ``lexemes`` holds more than one
    item when a single word says several things ("tonight" is today and the evening).
    """

    spellings: str
    lexemes: tuple[Lexeme, ...]


def entry(kind: str, spellings: str, *, word: str = "", number: int = 0) -> Entry:
    """Spellings with a single meaning."""
    return Entry(spellings, (Lexeme(kind, word or kind, number),))


def numbered(kind: str, table: dict[int, str]) -> tuple[Entry, ...]:
    """One entry for each number of a table."""
    return tuple(entry(kind, spellings, number=number) for number, spellings in table.items())


def named(kind: str, table: dict[str, str]) -> tuple[Entry, ...]:
    """One entry for each canonical name of a table."""
    return tuple(entry(kind, spellings, word=name) for name, spellings in table.items())

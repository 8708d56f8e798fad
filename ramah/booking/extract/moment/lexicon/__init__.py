"""Word tables of the three languages, indexed for the tokeniser."""

from collections.abc import Iterable

from ramah.booking.extract.moment.lexicon.calendar_words import CALENDAR_ENTRIES
from ramah.booking.extract.moment.lexicon.clock_words import CLOCK_ENTRIES
from ramah.booking.extract.moment.lexicon.entry import Entry, Lexeme
from ramah.booking.extract.moment.lexicon.number_words import NUMBER_ENTRIES
from ramah.booking.extract.moment.lexicon.surrounding_words import SURROUNDING_ENTRIES

Meaning = tuple[Lexeme, ...]


def _index(entries: Iterable[Entry]) -> dict[tuple[str, ...], Meaning]:
    """Meanings by the words of each spelling; the first entry that has a spelling keeps it."""
    meanings: dict[tuple[str, ...], Meaning] = {}
    for item in entries:
        for spelling in item.spellings.split():
            meanings.setdefault(tuple(spelling.split("_")), item.lexemes)
    return meanings


_ALL = _index((*CALENDAR_ENTRIES, *CLOCK_ENTRIES, *NUMBER_ENTRIES, *SURROUNDING_ENTRIES))

#: Meanings of single words.
WORDS: dict[str, Meaning] = {words[0]: meaning for words, meaning in _ALL.items() if len(words) == 1}

#: Meanings of phrases of two words or more.
PHRASES: dict[tuple[str, ...], Meaning] = {words: meaning for words, meaning in _ALL.items() if len(words) > 1}

LONGEST_PHRASE = max(len(words) for words in PHRASES)

__all__ = ["LONGEST_PHRASE", "PHRASES", "WORDS", "Lexeme", "Meaning"]

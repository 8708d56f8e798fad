"""From a text to the row of tokens on which the grammar works."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ramah.booking.extract.moment.kinds import KIND_CHARACTERS
from ramah.booking.extract.moment.lexical_forms import KIND_OF_FORM, LEXER
from ramah.booking.extract.moment.lexicon import LONGEST_PHRASE, PHRASES, Meaning
from ramah.booking.extract.moment.spelling import plain_word, recognise

#: Words after which the number follows without a space, so that "jam2" is two o'clock, not "jam-jam".
_TAKES_NUMBER = {"clock", "date_word", "label", "street"}
_SHORT_NUMBER, _LONG_NUMBER = 2, 4
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text with its meaning; ``start`` and ``end`` are character offsets.

    ``word`` is the canonical word, or for figures the text itself; ``number`` is the number
    meant, or 0.
    """

    kind: str
    word: str
    number: int
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Cut a text into tokens; spaces vanish, every token covers at least one character."""
    forms = [piece for found in LEXER.finditer(text) for piece in _pieces(found)]
    tokens: list[Token] = []
    position = 0
    while position < len(forms):
        length, meaning = _phrase_at(forms, position)
        here = forms[position : position + length]
        tokens.extend(_meant(meaning, here[0].start, here[-1].end) if meaning else (_token(here[0]),))
        position += length
    return tokens


def kinds_of(tokens: Sequence[Token]) -> str:
    """The row of kinds, one character for each token."""
    return "".join(KIND_CHARACTERS[token.kind] for token in tokens)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A lexical form found in the text."""

    form: str
    text: str
    start: int
    end: int


def _pieces(found: re.Match[str]) -> Iterator[_Piece]:
    """One piece for each match, but two for a number written onto its word ("jam2")."""
    form, text = found.lastgroup or "stop", plain_word(found[0])
    start, end = found.span()
    if form == "doubled" and text.endswith("2") and recognise(text[:-1])[0].kind in _TAKES_NUMBER:
        yield _Piece("letters", text[:-1], start, end - 1)
        yield _Piece("digits", "2", end - 1, end)
    elif form == "doubled" and not text.endswith("2"):
        yield _Piece("letters", f"{text[: len(text) // 2]}2", start, end)
    else:
        yield _Piece("letters" if form in ("doubled", "digit_letters", "symbol") else form, text, start, end)


def _phrase_at(pieces: Sequence[_Piece], position: int) -> tuple[int, Meaning | None]:
    """Length and meaning of the longest phrase that begins here, or one piece without meaning."""
    if pieces[position].form != "letters":
        return 1, None
    for length in range(LONGEST_PHRASE, 1, -1):
        words = tuple(piece.text for piece in pieces[position : position + length])
        if words in PHRASES:
            return length, PHRASES[words]
    return 1, recognise(pieces[position].text)


def _meant(meaning: Meaning, start: int, end: int) -> Iterator[Token]:
    for lexeme in meaning:
        yield Token(lexeme.kind, lexeme.word, lexeme.number, start, end)


def _token(piece: _Piece) -> Token:
    """A token for a form that is not made of letters."""
    if piece.form == "digits":
        return Token(_kind_of_digits(piece.text), piece.text, int(piece.text), piece.start, piece.end)
    if piece.form == "and_a_half":
        hours = int(piece.text[:2].rstrip(".,"))
        return Token("span_minutes", piece.text, hours * 60 + 30, piece.start, piece.end)
    if piece.form == "meridiem":
        return Token("meridiem", f"{piece.text[0]}m", 0, piece.start, piece.end)
    return Token(KIND_OF_FORM[piece.form], piece.text, 0, piece.start, piece.end)


def _kind_of_digits(digits: str) -> str:
    if len(digits) <= _SHORT_NUMBER:
        return "number"
    return "year" if len(digits) == _LONG_NUMBER and int(digits) in _YEARS else "four_digits"

"""What words mean, whatever their language: the concepts of a lexicon that Indonesian, Malay and English share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from engine.components.normaliser import LEXICON, plain_words
from engine.components.stems import stem_of

FILE = LEXICON / "concepts.tsv"
JOIN = "_"  # between the words of one form
SHARED = "*"  # before a form that has several meanings
SHORTEST_STEM = 4  # shorter ones are cut from words that have nothing in common

Form = tuple[str, ...]


def concepts_of(words: Sequence[str]) -> list[str]:
    """The concepts of words in lower case, in their order; of two forms that begin at one word, the longer counts.

    A word that the lexicon does not have counts as the one whose stem it shares.
    """
    return [concept for found in _found(words) for concept in found]


def lexicon() -> dict[str, list[list[str]]]:
    """The forms of each concept by language, in the order of the file's columns.

    Raises:
        ValueError: A line has not as many columns as the first.
    """
    head, *lines = FILE.read_text(encoding="utf-8").splitlines()
    found: dict[str, list[list[str]]] = {}
    for number, line in enumerate(lines, start=2):
        concept, *columns = line.split("\t")
        if len(columns) != head.count("\t"):
            raise ValueError(f"{FILE.name}:{number} has {len(columns)} languages.")
        found[concept] = [column.split() for column in columns]
    return found


def words_of_form(form: str) -> Form:
    """The words of a form as messages have them."""
    return tuple(plain_words(form.removeprefix(SHARED).replace(JOIN, " ")))


def _found(words: Sequence[str]) -> Iterator[Sequence[str]]:
    forms, stems, longest = _forms()
    start = 0
    while start < len(words):
        for size in range(min(longest, len(words) - start), 0, -1):
            if concepts := forms.get(tuple(words[start : start + size])):
                yield concepts
                start += size
                break
        else:
            yield stems.get(stem_of(words[start]), ())
            start += 1


@cache
def _forms() -> tuple[Mapping[Form, Sequence[str]], Mapping[str, Sequence[str]], int]:
    """The concepts of each form, those of each stem that only one has, and the words of the longest form."""
    forms: dict[Form, dict[str, None]] = defaultdict(dict)
    stems: dict[str, dict[str, None]] = defaultdict(dict)
    for concept, languages in lexicon().items():
        for form in (words_of_form(form) for language in languages for form in language):
            forms[form][concept] = None
            if len(form) == 1 and len(stem_of(form[0])) >= SHORTEST_STEM:
                stems[stem_of(form[0])][concept] = None
    clear = {stem: tuple(concepts) for stem, concepts in stems.items() if len(concepts) == 1}
    return {form: tuple(concepts) for form, concepts in forms.items()}, clear, max(map(len, forms))

"""The interface speaks all its languages: every word is translated, with its placeholders, and none is left over."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from babel.messages.pofile import read_po

from console.translations import LANGUAGES, LOCALE, SOURCE_LANGUAGE, preferred_language
from tests.unit.console.messages import messages_used

TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
Entries = dict[str, list[tuple[str, str]]]


def entries(language: str) -> Entries:
    """English words -> each translation with where it stands."""
    found: Entries = defaultdict(list)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for one in read_po(file):
                if one.id:
                    found[str(one.id)].append((str(one.string), f"{language}/{path.name}:{one.lineno}"))
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_of_the_interface_is_translated(language: str) -> None:
    known = entries(language)
    missing = [
        f"{one.place}: {one.words!r}" for one in messages_used() if not any(said for said, _ in known[one.words])
    ]
    assert not missing, f"not in console/locale/{language}:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_the_english_words(language: str) -> None:
    wrong = [
        place
        for words, said in entries(language).items()
        for text, place in said
        if sorted(PLACEHOLDER.findall(words)) != sorted(PLACEHOLDER.findall(text))
    ]
    assert not wrong


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_holds_words_that_nobody_uses(language: str) -> None:
    used = {one.words for one in messages_used()}
    assert not [place for words, said in entries(language).items() for _, place in said if words not in used]


@pytest.mark.parametrize("language", TRANSLATED)
def test_two_subjects_that_translate_the_same_words_agree(language: str) -> None:
    assert not [said for said in entries(language).values() if len({text for text, _ in said}) > 1]


def test_indonesian_and_malay_are_not_the_same_file_twice() -> None:
    indonesian, malay = entries("id"), entries("ms")
    sentences = [words for words in indonesian if words.count(" ") >= 4]
    same = [words for words in sentences if indonesian[words][0][0] == malay[words][0][0]]
    assert len(same) < len(sentences) / 10


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [(None, "en"), ("ms-MY,ms;q=0.9,en;q=0.8", "ms"), ("fr, id;q=0.7", "id"), ("fr", "en"), ("", "en")],
)
def test_who_is_not_logged_in_reads_the_language_of_their_browser(accepted: str | None, spoken: str) -> None:
    assert preferred_language(accepted) == spoken

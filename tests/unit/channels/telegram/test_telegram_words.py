"""Every code has its sentences, and every word its languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ramah.channels import telegram
from ramah.channels.sentences import LANGUAGES, explain, words_in
from ramah.channels.telegram import errors
from ramah.channels.telegram.words import words

FOLDER = Path(telegram.__file__).parent
WORDS = words_in(FOLDER / "errors.yml")
NAMED = {code for _, code in (*errors._REQUESTS, *errors._REFUSALS)}
CONSTANTS = {
    value for name, value in vars(errors).items() if isinstance(value, str) and re.fullmatch(r"_?[A-Z][A-Z_]+", name)
}
IN_VERDICTS = set(re.findall(r'_Verdict\(SendOutcome\.\w+, "(\w+)"', (FOLDER / "errors.py").read_text("utf-8")))


def test_every_code_is_explained_and_no_other() -> None:
    assert set(WORDS) == NAMED | CONSTANTS | IN_VERDICTS | {"forbidden", "bad_request"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_are_not_copies_of_one_another(language: str) -> None:
    others = [spoken for spoken in LANGUAGES if spoken != language]
    for code in WORDS:
        said = explain("telegram", code, None, language)
        assert said.sentence
        assert said.next_step
        assert said not in [explain("telegram", code, None, other) for other in others]


def test_an_unknown_language_is_answered_in_indonesian() -> None:
    assert words("de") == words("") == words(None) == words("id")
    assert {key: words("ms")[key] == words("id")[key] for key in words("id")} == dict.fromkeys(words("id"), False)

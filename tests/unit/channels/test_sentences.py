"""What people read about messages that did not pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from ramah.channels import sentences
from ramah.channels.errors import SendOutcome
from ramah.channels.sentences import LANGUAGES, Explanation, explain, words_in
from ramah.channels.whatsapp.errors import KNOWN_CODES, OWN_CODES, PERMISSION_CODES

FOLDER = Path(sentences.__file__).parent
FILES = [FOLDER / "outcomes.yml", *sorted(FOLDER.glob("*/errors.yml"))]
SPOKEN = [(file, language) for file in FILES for language in LANGUAGES]
OF_WHATSAPP = [*map(str, sorted(KNOWN_CODES)), *sorted(OWN_CODES), "200", "250", "299"]


def general(language: str) -> Explanation:
    """What is said when nothing is known."""
    return explain("whatsapp", None, None, language)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_entry_has_all_languages(file: Path) -> None:
    incomplete = {key for key, entry in words_in(file).items() if set(entry) != set(LANGUAGES)}
    assert incomplete == set()


@pytest.mark.parametrize(("file", "language"), SPOKEN, ids=lambda part: str(getattr(part, "parent", part))[-12:])
def test_every_text_is_a_whole_sentence(file: Path, language: sentences.Language) -> None:
    texts = [
        text for entry in words_in(file).values() for text in (entry[language].sentence, entry[language].next_step)
    ]
    assert [text for text in texts if not text[:1].isupper() or not text.endswith((".", "?")) or len(text) > 160] == []


def test_no_text_repeats_another_languages() -> None:
    spoken: dict[str, set[str]] = {}
    for file in FILES:
        for entry in words_in(file).values():
            for language, words in entry.items():
                for text in (words.sentence, words.next_step):
                    spoken.setdefault(text, set()).add(language)
    assert {text: languages for text, languages in spoken.items() if len(languages) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", OF_WHATSAPP)
def test_every_code_of_whatsapp_is_explained(code: str, language: str) -> None:
    assert explain("whatsapp", code, None, language) not in (general(language), Explanation("", ""))


def test_nothing_is_explained_that_whatsapp_never_says() -> None:
    explained = set(words_in(FOLDER / "whatsapp" / "errors.yml"))
    span = f"{PERMISSION_CODES.start}-{PERMISSION_CODES.stop - 1}"
    assert explained == {*map(str, KNOWN_CODES), *OWN_CODES, span}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", SendOutcome)
def test_every_outcome_is_explained(outcome: SendOutcome, language: str) -> None:
    assert explain("whatsapp", None, outcome, language) != general(language)


def test_the_code_says_more_than_the_outcome() -> None:
    said = explain("whatsapp", "131047", SendOutcome.WINDOW_CLOSED, "en")
    assert said.sentence == "More than 24 hours have passed since the customer last wrote."
    assert said != explain("whatsapp", "window", SendOutcome.WINDOW_CLOSED, "en")


@pytest.mark.parametrize("code", ["199", "300", "2", "abc", "٢٠٠", "9" * 5000, "200-299x", ""])
def test_a_range_covers_its_numbers_and_no_other(code: str) -> None:
    assert explain("whatsapp", code, None, "en") != explain("whatsapp", "230", None, "en")


@pytest.mark.parametrize("kind", ["carrier_pigeon", "", "..", "../channels/whatsapp", "webchat", "WhatsApp\n"])
def test_a_channel_without_words_of_its_own_is_explained_by_the_outcome(kind: str) -> None:
    assert explain(kind, "131047", "retry", "id") == explain("whatsapp", None, "retry", "id")


def test_an_unknown_outcome_and_language_are_answered_generally_in_english() -> None:
    assert explain("whatsapp", "7777777", "exploded", "tlh") == general("en")


def test_malformed_words_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "errors.yml"
    file.write_text("131047: {en: only one sentence}", encoding="utf-8")
    with pytest.raises(ValidationError):
        words_in(file)

"""Which messages change the conversation's language, judged by the model that the shipped examples make."""

from __future__ import annotations

import pytest
from running_engine import ROOT

from engine.components.language_model import LanguageModel, words_of
from engine.importer import SkillImporter

IGNORED = {"inform", "choose"}

SWITCHES = [
    ("saya nak tempah basuh kereta esok", "ms"),
    ("boleh tak saya tukar masa", "ms"),
    ("nak basuh kereta dekat rumah boleh tak", "ms"),
    ("mau cuci mobil besok dong", "id"),
    ("mobilnya bisa dicuci di rumah nggak", "id"),
    ("gimana caranya kalau mau ganti jadwal", "id"),
    ("I want to book a car wash for tomorrow", "en"),
    ("how much is the full detailing", "en"),
    ("can you come to my house", "en"),
]

STAYS = [
    "ok",
    "OK!!",
    "ya",
    "yes",
    "hai",
    "haiiiii",
    "1",
    "08123456789",
    "+60 12-345 6789",
    "B 1234 XYZ",
    "WXY 1234",
    "Budi Santoso",
    "Siti Nurhaliza binti Ahmad",
    "John Smith",
    "Toyota Avanza 2020",
    "Perodua Myvi 1.5 H 2019 WXY 1234",
    "Honda HR-V B 1 ABC",
    "Jalan Sudirman 5",
    "10.30",
    "25/11/2026",
    "👍👍👍",
    "مرحبا كيف حالك",
    "budi@example.org",
    "https://example.org/how/are/you",
    "",
    "???",
]


@pytest.fixture(scope="module")
def language_model() -> LanguageModel:
    importer = SkillImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    examples = importer.get_nlu_data().intent_examples
    return LanguageModel.trained_on(
        (e.get("text"), e.get("metadata")["example"]["language"]) for e in examples if e.get("intent") not in IGNORED
    )


@pytest.mark.parametrize(("text", "language"), SWITCHES)
def test_a_clear_sentence_changes_the_language(language_model: LanguageModel, text: str, language: str) -> None:
    guess = language_model.guess(text)
    assert (guess.name, guess.certain) == (language, True)


@pytest.mark.parametrize("text", STAYS)
def test_names_plates_numbers_and_single_words_do_not(language_model: LanguageModel, text: str) -> None:
    guess = language_model.guess(text)
    assert guess is None or not guess.certain


def test_a_stored_model_guesses_alike(language_model: LanguageModel) -> None:
    again = LanguageModel.from_dict(language_model.as_dict())
    assert [again.guess(text) for text, _ in SWITCHES] == [language_model.guess(text) for text, _ in SWITCHES]


def test_a_model_without_examples_knows_nothing() -> None:
    assert LanguageModel.trained_on([]).guess("halo kak") is None


def test_words_are_lowered_and_shortened_and_codes_are_left_out() -> None:
    assert words_of("HAIIII kak, no. B1234XYZ a@b.id Ma'am") == ["hai", "kak", "no", "ma'am"]

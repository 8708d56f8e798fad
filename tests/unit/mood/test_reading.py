"""The lexicon's readings against labelled messages in three languages."""

from __future__ import annotations

import timeit
from pathlib import Path

import pytest

from ramah.mood import Mood, MoodLabel, read_mood

FOLDER = Path(__file__).parent
LANGUAGES = ("id", "ms", "en")
LONGEST_READING = 0.001


def _examples(language: str) -> list[tuple[str, str, bool, str]]:
    lines = (FOLDER / f"examples.{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line]
    return [(language, label, urgent == "yes", text) for label, urgent, text in rows]


EXAMPLES = [example for language in LANGUAGES for example in _examples(language)]


@pytest.mark.parametrize(("language", "label", "urgent", "text"), EXAMPLES)
def test_it_reads_a_labelled_message(language: str, label: str, urgent: bool, text: str) -> None:
    mood = read_mood(text, language)
    assert (mood.label.value, mood.urgent) == (label, urgent)


@pytest.mark.parametrize(("language", "label", "urgent", "text"), EXAMPLES)
def test_it_says_much_the_same_without_knowing_the_language(language: str, label: str, urgent: bool, text: str) -> None:
    assert read_mood(text, None).label.value == label


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_examples(language: str) -> None:
    found = _examples(language)
    assert len(found) >= 60
    assert {label for _, label, _, _ in found} == {label.value for label in MoodLabel}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("slow gila ur service", "anger"),
        ("thank you ya kak, puas banget", "joy"),
        ("sorry kak, I takut calar", "fear"),
        ("so sedih la bro", "sadness"),
        ("boleh booking tomorrow ke?", "neutral"),
        ("Kak please lah, already told you tadi", "anger"),
    ],
)
def test_it_reads_mixtures_of_languages(text: str, label: str) -> None:
    assert read_mood(text, None).label.value == label


def test_emphasis_makes_a_mood_stronger() -> None:
    plain = read_mood("saya kesal", "id").score
    assert read_mood("saya kesal banget", "id").score > plain
    assert read_mood("saya keeesal", "id").score > plain
    assert read_mood("SAYA KESAL", "id").score > plain
    assert read_mood("saya kesal 😡😡😡", "id").score > plain
    assert read_mood("saya agak kesal", "id").score < plain


@pytest.mark.parametrize("text", ["", "   ", "\n", "...", "12345", "🙏", "B 1234 XYZ", "汽车", "\u200b"])
def test_nothing_to_read_is_calm(text: str) -> None:
    assert read_mood(text, None) == Mood(MoodLabel.NEUTRAL, 0.0, urgent=False)


def test_a_score_stays_between_nothing_and_one() -> None:
    mood = read_mood("marah kesal bodoh goblok parah banget 😡😡😡 " * 40, "id")
    assert 0.99 < mood.score <= 1.0


def test_only_plain_disappointment_and_anger_are_upset() -> None:
    assert read_mood("saya kecewa", "id").upset
    assert read_mood("saya marah", "id").upset
    assert not read_mood("takut calar", "ms").upset
    assert not read_mood("sayang sekali", "id").upset


def test_a_message_is_read_in_less_than_a_millisecond() -> None:
    texts = [text for _, _, _, text in EXAMPLES]
    read_mood(texts[0], None)
    fastest = min(timeit.repeat(lambda: [read_mood(text, None) for text in texts], number=1, repeat=5))
    assert fastest / len(texts) < LONGEST_READING

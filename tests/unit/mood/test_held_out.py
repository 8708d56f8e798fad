"""The shipped model on our own sentences that it was not trained on, and on messages that are hardly messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from benchmarks.mood_measure import macro_f1
from ramah.mood import Mood, MoodLabel, read_mood
from scripts.mood_training.examples import HELD_OUT, LANGUAGES, TRAINED_ON, Example, read_examples

MOODS = [label.value for label in MoodLabel]
LOWEST_MACRO_F1, LOWEST_RECALL, LOWEST_PRECISION, LOWEST_URGENCY = 0.86, 0.7, 0.7, 0.95
MOST_FALSE_MOODS = 0.2
MOST_SHARED_WORDS = 0.7


def _read(examples: Sequence[Example], language: str | None) -> list[str]:
    return [read_mood(example.text, language).label.value for example in examples]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", [True, False])
def test_it_reads_sentences_that_it_never_saw(language: str, told: bool) -> None:
    examples = read_examples(HELD_OUT, language)
    found = _read(examples, language if told else None)
    assert macro_f1([example.mood for example in examples], found) >= LOWEST_MACRO_F1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mood", MOODS)
def test_no_mood_is_left_behind(language: str, mood: str) -> None:
    examples = read_examples(HELD_OUT, language)
    pairs = list(zip([example.mood for example in examples], _read(examples, language), strict=True))
    right = sum(expected == found == mood for expected, found in pairs)
    assert right / sum(expected == mood for expected, _ in pairs) >= LOWEST_RECALL
    assert right / sum(found == mood for _, found in pairs) >= LOWEST_PRECISION


@pytest.mark.parametrize("language", LANGUAGES)
def test_calm_people_are_seldom_taken_for_moved(language: str) -> None:
    calm = [example for example in read_examples(HELD_OUT, language) if example.mood == "neutral"]
    moved = [mood for mood in _read(calm, language) if mood != "neutral"]
    assert len(moved) / len(calm) <= MOST_FALSE_MOODS


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_hears_who_presses_for_time(language: str) -> None:
    examples = read_examples(HELD_OUT, language)
    right = sum(read_mood(example.text, language).urgent == example.urgent for example in examples)
    assert right / len(examples) >= LOWEST_URGENCY


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_sentences_are_not_those_of_training(language: str) -> None:
    trained_on = [_words(example.text) for example in read_examples(TRAINED_ON, language)]
    for example in read_examples(HELD_OUT, language):
        words = _words(example.text)
        nearest = max((len(words & other) / len(words | other) for other in trained_on if words | other), default=0.0)
        assert nearest < MOST_SHARED_WORDS, example.text


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize(("language", "least"), [("id", 25), ("ms", 25), ("en", 8)])
def test_every_mood_has_its_sentences(language: str, least: int) -> None:
    held_out = Counter(example.mood for example in read_examples(HELD_OUT, language))
    assert min(held_out[mood] for mood in MOODS) >= least


@pytest.mark.parametrize(("language", "least"), [("id", 60), ("ms", 60), ("en", 25)])
def test_every_mood_has_its_examples_to_train_on(language: str, least: int) -> None:
    examples = read_examples(TRAINED_ON, language)
    found = Counter(example.mood for example in examples)
    assert min(found[mood] for mood in MOODS) >= least
    assert len({example.text.lower() for example in examples}) == len(examples)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("tolong ya mobil saya belum selesai", "neutral"),
        ("mohon dibantu kak, pesanan saya belum sampai", "neutral"),
        ("kok lama banget sih!!", "anger"),
        ("tidak marah kok", "neutral"),
        ("gak kecewa", "neutral"),
        ("😡", "anger"),
        ("😭", "sadness"),
        ("🥰", "joy"),
        ("mobilnya udah jadi 🥰", "joy"),
        ("udah jam 5 kak 😡", "anger"),
        ("tak kecewa pun", "neutral"),
        ("the service was lambat gila la bro", "anger"),
        ("so happy la, kereta dah kilat", "joy"),
    ],
)
def test_it_knows_courtesy_signs_and_denials(text: str, label: str) -> None:
    assert read_mood(text, None).label.value == label


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "marah " * 2_000,
        "!" * 10_000,
        "\0\0\0",
        "saya\0marah",
        "😡" * 500,
        "🚗🚗🚗",
        "مرحبا 你好 привет saya ok",
        "\u202e\u200d\ufeff",
        "\ud800",
        "_" * 600,
        "1234567890" * 50,
    ],
)
def test_whatever_is_written_has_a_mood(text: str) -> None:
    mood = read_mood(text, None)
    assert mood.label in MoodLabel
    assert 0.0 <= mood.score <= 1.0
    assert read_mood(text, None) == mood


@pytest.mark.parametrize("text", ["🚗🚗🚗", "汽车 坏了", "xqzvw prtlk", "\0\0\0", "a" * 10_000])
def test_who_writes_nothing_that_it_knows_is_calm(text: str) -> None:
    assert read_mood(text, None) == Mood(MoodLabel.NEUTRAL, 0.0, urgent=False)


def test_of_a_long_message_the_end_is_read() -> None:
    assert read_mood("besok jam tiga ya kak. " * 400 + "saya marah besar sama kalian", "id").label is MoodLabel.ANGER

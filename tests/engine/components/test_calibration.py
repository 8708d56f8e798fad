"""Confidence learnt from what a model said of messages it had not seen."""

from __future__ import annotations

import numpy as np
import pytest

from engine.components.calibration import Calibration
from engine.components.held_back import folds_of, held_back_scores
from engine.components.linear_model import LinearSettings
from engine.components.rows import Row

GENERATOR = np.random.default_rng(5)


def boastful_scores(messages: int) -> tuple[np.ndarray, list[int]]:
    """Scores of three intents that are right in seven of ten messages and always sure."""
    right = GENERATOR.integers(0, 3, messages)
    leaders = np.where(GENERATOR.random(messages) < 0.7, right, (right + 1) % 3)
    scores = np.full((messages, 3), -4.0)
    scores[np.arange(messages), leaders] = 4.0
    return scores, [int(one) for one in right]


def test_a_boaster_is_believed_as_often_as_he_is_right() -> None:
    scores, right = boastful_scores(2000)
    calibration = Calibration.learnt_from(scores, right, [1.0] * 2000, [None] * 2000)
    assert max(calibration.confidences(scores[0], 1.0, None)) == pytest.approx(0.7, abs=0.04)


def test_messages_of_unknown_words_are_believed_less_when_that_is_their_due() -> None:
    scores, right = boastful_scores(2000)
    leaders = scores.argmax(axis=1)
    familiar = [0.9 if leader == truth else 0.4 for leader, truth in zip(leaders, right, strict=True)]
    calibration = Calibration.learnt_from(scores, right, familiar, [None] * 2000)
    assert max(calibration.confidences(scores[0], 0.9, None)) > 0.9
    assert max(calibration.confidences(scores[0], 0.1, None)) < 0.3


def test_a_threshold_means_the_same_in_each_language() -> None:
    good, right = boastful_scores(1000)
    languages = ["id"] * 500 + ["en"] * 500
    for index in range(500, 1000):  # in English every second leader is wrong
        right[index] = int(good[index].argmax()) if index % 2 else (int(good[index].argmax()) + 1) % 3
    calibration = Calibration.learnt_from(good, right, [1.0] * 1000, languages)
    assert max(calibration.confidences(good[0], 1.0, "id")) == pytest.approx(0.7, abs=0.06)
    assert max(calibration.confidences(good[0], 1.0, "en")) == pytest.approx(0.5, abs=0.06)


def test_too_few_mistakes_change_nothing_but_the_sharpness() -> None:
    scores = np.array([[3.0, -3.0], [-3.0, 3.0]] * 10)
    calibration = Calibration.learnt_from(scores, [0, 1] * 10, [1.0] * 20, [None] * 20)
    assert (calibration.lead, calibration.familiar, calibration.bias, calibration.languages) == (1.0, 0.0, 0.0, {})


def test_it_survives_being_stored() -> None:
    calibration = Calibration(1.5, 0.9, 0.2, -0.1, {"id": 0.3})
    assert Calibration.from_dict(calibration.as_dict()) == calibration


def test_each_label_is_dealt_evenly_over_the_folds_and_alike_each_time() -> None:
    labels = ["a"] * 10 + ["b"] * 5 + ["c"]
    folds = folds_of(labels, 5)
    assert folds == folds_of(labels, 5)
    assert [folds[:10].count(fold) for fold in range(5)] == [2] * 5
    assert sorted(folds[10:15]) == [0, 1, 2, 3, 4]


def bare(features: list[str]) -> Row:
    """A row of features whose words have no vector."""
    return Row(features, np.zeros(2, dtype=np.float32))


def test_nobody_judges_what_it_was_trained_on() -> None:
    rows = [["w:only"], *[["w:pay", f"w:{n}"] for n in range(9)], *[["w:greet", f"w:{n}"] for n in range(9)]]
    labels = ["odd", *["pay"] * 9, *["greet"] * 9]
    names = {"greet": ["w:hail"], "odd": ["w:strange"], "pay": ["w:money"]}
    scores, familiar = held_back_scores(
        [bare(row) for row in rows], labels, {name: bare(row) for name, row in names.items()}, LinearSettings()
    )
    assert scores[0].argmax() != 1
    assert familiar[0] == 0.0
    assert all(scores[index].argmax() == 2 for index in range(1, 10))

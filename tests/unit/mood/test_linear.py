"""The model's weights: what they say, and the file that holds them."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from ramah.mood import MoodLabel, linear, read_mood, reading
from ramah.mood.linear import LinearModel, WeightsUnreadable, from_bytes, quantised

WEIGHTS = {"w:marah": [2.0, -1.0], "w:senang": [-1.0, 2.0], "w:mobil": [0.0, 0.001]}


@pytest.fixture
def model() -> LinearModel:
    return quantised(["anger", "joy"], [-0.5, 0.25], WEIGHTS, {"temperature": 1.0})


def test_scores_add_up_what_the_features_say(model: LinearModel) -> None:
    anger, joy = model.scores([(0.5, ["w:marah", "w:unknown"]), (1.0, [])])
    assert anger == pytest.approx(-0.5 + 0.5 * 2.0, abs=0.01)
    assert joy == pytest.approx(0.25 - 0.5 * 1.0, abs=0.01)
    assert model.best([(0.5, ["w:marah"])]) == "anger"


def test_without_a_known_feature_the_intercepts_speak(model: LinearModel) -> None:
    assert model.scores([(1.0, ["w:unknown"])]) == [-0.5, 0.25]


def test_a_feature_that_says_nothing_is_left_out(model: LinearModel) -> None:
    assert set(model.rows) == {"w:marah", "w:senang"}


def test_what_is_written_is_read_again(model: LinearModel) -> None:
    assert from_bytes(model.to_bytes()) == model
    assert from_bytes(model.to_bytes()).to_bytes() == model.to_bytes()


@pytest.mark.parametrize("damage", ["empty", "cut short", "no gzip", "another format", "a byte too few"])
def test_a_damaged_file_is_refused(
    model: LinearModel, damage: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    content = model.to_bytes()
    if damage == "another format":
        monkeypatch.setattr(linear, "FORMAT", linear.FORMAT + 1)
    elif damage == "a byte too few":
        rows = {**model.rows, "w:short": b"\x80"}
        content = LinearModel(model.labels, model.intercepts, model.scale, rows, model.notes).to_bytes()
    else:
        content = {"empty": b"", "cut short": content[:-12], "no gzip": b"{}" + content}[damage]
    with pytest.raises(WeightsUnreadable, match="train anew"):
        from_bytes(content)


def test_without_its_weights_the_lexicon_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_content: bytes) -> LinearModel:
        raise WeightsUnreadable("cut short; train anew")

    monkeypatch.setattr(reading, "from_bytes", unreadable)
    reading.trained.cache_clear()
    try:
        with capture_logs() as lines:
            assert read_mood("saya marah", "id").label is MoodLabel.ANGER
            assert read_mood("harganya berapa", "id").label is MoodLabel.NEUTRAL
    finally:
        reading.trained.cache_clear()
    assert [(line["event"], line["error"]) for line in lines] == [("mood_by_lexicon_alone", "cut short; train anew")]

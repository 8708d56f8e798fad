"""Word vectors: how they are learnt, kept and averaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from engine.components.meaning import WordVectors, word_vectors
from engine.components.rows import row_of
from engine.word_vectors.__main__ import learn
from engine.word_vectors.texts import parallel_in, sentences, texts_in

RAIN = ["hujan deras sekali", "hujan sejak pagi", "payung kalau hujan", "bayar tagihan sekarang", "tagihan sudah bayar"]
ENGLISH = ["rain so heavy", "rain since morning", "umbrella if rain", "pay bill now", "bill already pay"]


@pytest.fixture(scope="module")
def learnt() -> WordVectors:
    columns = [list(sentences(texts * 3, ())) for texts in (RAIN, ENGLISH)]
    return learn(columns, list(sentences(["rain rain go away"], ())), 3, 2)


def likeness(vectors: WordVectors, one: str, other: str) -> float:
    return float(vectors.mean([one]) @ vectors.mean([other]))


def test_words_that_translate_one_another_lie_closer_than_others(learnt: WordVectors) -> None:
    assert likeness(learnt, "hujan", "rain") > likeness(learnt, "hujan", "bill")
    assert likeness(learnt, "tagihan", "bill") > likeness(learnt, "tagihan", "rain")


def test_rare_words_are_left_out(learnt: WordVectors) -> None:
    assert "away" not in learnt.words and "rain" in learnt.words


def test_a_mean_has_unit_length_and_nothing_known_is_nothing(learnt: WordVectors) -> None:
    assert np.linalg.norm(learnt.mean(["rain", "bill", "xyzzy"])) == pytest.approx(1.0, abs=1e-5)
    for words in ([], ["xyzzy"]):
        assert learnt.mean(words).shape == (learnt.directions,)
        assert not learnt.mean(words).any()


def test_learning_twice_gives_the_same_file(learnt: WordVectors, tmp_path: Path) -> None:
    columns = [list(sentences(texts * 3, ())) for texts in (RAIN, ENGLISH)]
    again = learn(columns, list(sentences(["rain rain go away"], ())), 3, 2)
    learnt.save(tmp_path / "one.npz")
    again.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_what_is_written_is_read_again(learnt: WordVectors, tmp_path: Path) -> None:
    learnt.save(tmp_path / "vectors.npz")
    read = WordVectors.load(tmp_path / "vectors.npz")
    assert read.words == learnt.words
    assert np.array_equal(read.mean(["rain", "pay"]), learnt.mean(["rain", "pay"]))


def test_texts_are_the_longest_column_of_any_table(tmp_path: Path) -> None:
    table = tmp_path / "some.csv"
    table.write_text('id,text,label\n1,"hello, how are you",greet\n2,good morning to you,greet\n', encoding="utf-8")
    assert texts_in(table) == ["text", "hello, how are you", "good morning to you"]
    packed = tmp_path / "some.tsv.gz"
    packed.write_bytes(gzip.compress(b"selamat pagi semua\tpositive\n"))
    assert texts_in(packed) == ["selamat pagi semua"]
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert texts_in(tmp_path / "empty.csv") == []


def test_parallel_sentences_lose_the_marks_of_their_slots(tmp_path: Path) -> None:
    table = tmp_path / "both.tsv"
    table.write_text("id\ten\tms\n1\twake me on [day : friday]\tkejutkan saya [day : jumaat]\n", encoding="utf-8")
    assert parallel_in(table, ["ms", "en"]) == [("kejutkan saya jumaat", "wake me on friday")]
    with pytest.raises(ValueError, match="no column fr"):
        parallel_in(table, ["fr"])


def test_texts_that_are_left_out_teach_nothing() -> None:
    assert list(sentences(["rain today", "bill today"], {"bill today"})) == [["rain", "today"]]


def test_the_shipped_vectors_know_that_languages_mean_the_same() -> None:
    vectors = word_vectors()
    for one, other, stranger in (("hujan", "rain", "music"), ("bayar", "pay", "rain"), ("kereta", "car", "music")):
        assert likeness(vectors, one, other) > likeness(vectors, one, stranger)


def test_a_row_holds_features_and_meaning_of_a_text_and_is_empty_for_signs() -> None:
    row = row_of("mau bayar tagihan")
    assert "w:bayar" in row.features and row.meaning.any()
    assert list(row_of("...").features) == [] and not row_of("...").meaning.any()

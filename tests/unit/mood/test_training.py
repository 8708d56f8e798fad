"""Reading tables of labelled messages, and training on them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ramah.mood.features import blocks_of_text
from scripts.mood_training.labelled import Labelled, TableUnreadable, read_table
from scripts.mood_training.matrix import build_matrix
from scripts.mood_training.shipped import outside_examples, own_examples
from scripts.mood_training.training import TrainingFailed, train
from scripts.train_mood import WEIGHTS

LARGEST_FILE = 1_500_000


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", 'Customer Review,Sentiment,Emotion\n"bagus, cepat",Positive,Happy\n', [("bagus, cepat", "Happy")]),
        ("a.csv", "label,text\njoy,mantap\n", [("mantap", "joy")]),
        ("a.csv", "id,text,anger,joy\n1,a,0,1\n2,b,1,1\n3,c,0,0\n", [("a", "joy"), ("b", "anger"), ("c", "neutral")]),
        ("a.tsv", 'dia bilang "ok\t3,5\tid1\nsip\t4\tid2\n', [('dia bilang "ok', "3"), ("sip", "4")]),
        ("a.tsv.gz", "bagus\tpositive\n\nburuk\tnegative\n", [("bagus", "positive"), ("buruk", "negative")]),
        ("a.csv", "\ufefftext,label\na\0b,x\n", [("ab", "x")]),
    ],
)
def test_it_finds_text_and_label(tmp_path: Path, name: str, content: str, expected: list[tuple[str, str]]) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    assert [(example.text, example.label) for example in read_table(path)] == expected


@pytest.mark.parametrize("content", ["", "text,label\n", "text,when\nhalo,monday\n", "halo\n"])
def test_it_refuses_a_table_without_text_and_label(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableUnreadable):
        read_table(path)


def test_a_feature_of_one_message_is_no_column() -> None:
    matrix = build_matrix([blocks_of_text(text) for text in ("mobil merah", "mobil biru")])
    assert "w:mobil" in matrix.names
    assert "w:merah" not in matrix.names
    assert matrix.starts[-1] == len(matrix.columns) == len(matrix.values)


def test_training_twice_gives_the_same_bytes() -> None:
    examples = list(own_examples())[::3]
    first, second = train(examples, (1.0,)), train(examples, (1.0,))
    assert first.to_bytes() == second.to_bytes()


def test_it_learns_labels_of_any_name() -> None:
    examples = [Labelled(f"warna {word} nomor {number}", word) for number in range(6) for word in ("merah", "biru")]
    model = train(examples)
    assert model.labels == ("biru", "merah")
    assert model.best(blocks_of_text("warna merah")) == "merah"
    assert model.best(blocks_of_text("warna biru")) == "biru"


def test_it_refuses_to_learn_a_single_label() -> None:
    with pytest.raises(TrainingFailed, match="two"):
        train([Labelled("halo", "joy"), Labelled("hai", "joy")])


def test_what_others_labelled_becomes_our_moods() -> None:
    examples = list(outside_examples())
    assert len(examples) > 6000
    assert {example.label for example in examples} == {"joy", "neutral", "sadness", "fear", "anger"}
    assert max(example.weight for example in examples) < 1


def test_the_shipped_file_is_small() -> None:
    assert WEIGHTS.stat().st_size < LARGEST_FILE

"""Labelled messages of any kind, trained on and answered as `python -m benchmarks.nlu` does it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from running_engine import ROOT

from engine.evaluation.confusion_picture import draw
from engine.evaluation.examples import ExamplesError, labels_of, plain_labels, read_examples, read_messages

NLU = """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello there
      - good [morning](time)
  - intent: pay
    examples: |
      - I want to pay
"""


def pairs_of(path: Path) -> list[tuple[str, str]]:
    return [(message.get("text"), message.get("intent")) for message in read_messages(path)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", 'hello,greet\n"pay, please",pay/now\n'),
        ("named.csv", 'text,label\nhello,greet\n"pay, please",pay/now\n'),
        ("turned.csv", 'Category,n,Text\ngreet,1,hello\npay/now,2,"pay, please"\n'),
        ("tabs.tsv", "intent\tutterance\ngreet\thello\npay/now\tpay, please\n"),
        ("marked.csv", '\ufefftext,intent\r\nhello,greet\r\n\r\n"pay, please",pay/now\r\n,lost\r\nshort\r\n'),
    ],
)
def test_a_table_is_read_with_and_without_names_of_its_columns(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert pairs_of(tmp_path / name) == [("hello", "greet"), ("pay, please", "pay/now")]


def test_messages_that_a_table_repeats_are_asked_again_and_trained_once(tmp_path: Path) -> None:
    path = tmp_path / "repeated.csv"
    path.write_text("hello,greet\nhello,greet\npay,pay\n", encoding="utf-8")
    assert len(read_messages(path)) == 3
    assert len(read_examples(path).intent_examples) == 2


def test_rasa_data_keeps_its_entities(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(NLU, encoding="utf-8")
    assert pairs_of(path)[:2] == [("hello there", "greet"), ("good morning", "greet")]
    assert [entity["entity"] for entity in read_messages(path)[1].get("entities")] == ["time"]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("empty.csv", "", "the file is empty"),
        ("header.csv", "text,label\n", "no message with a text and a label"),
        ("latin.csv", b"\xe9,greet\n", "UTF-8"),
        ("nothing.yml", "version: '3.1'\n", ""),
        ("words.txt", "hello", "not Rasa NLU data"),
    ],
)
def test_a_file_without_messages_is_refused_by_name(tmp_path: Path, name: str, content: Any, complaint: str) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ExamplesError, match=name) as refusal:
        read_examples(path)
    assert complaint in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match="there is no such file"):
        read_examples(tmp_path / "nowhere.csv")


def test_labels_with_slashes_keep_apart() -> None:
    plain = plain_labels({"a/b", "a|b", "a b", "c"})
    assert plain == {"a/b": "a|b 2", "a|b": "a|b", "a b": "a b", "c": "c"}


def evaluate(module: str, *options: str) -> Any:
    result = Path(options[-1])
    command = [sys.executable, "-m", f"engine.evaluation.{module}", "--pipeline", "ours", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(result.read_text(encoding="utf-8"))


def test_strange_labels_and_an_intent_with_one_example_are_trained_and_answered(tmp_path: Path) -> None:
    path, model, result = tmp_path / "some.csv", str(tmp_path / "model.tar.gz"), str(tmp_path / "result.json")
    rows = [*[f"hello {i},greet/hi there" for i in range(6)], *[f"please pay {i},pay?" for i in range(6)], "boo,one"]
    path.write_text("\n".join(rows), encoding="utf-8")
    trained = evaluate("train", "--messages", str(path), "--model", model, "--result", result)
    assert trained["labels"] == {"greet|hi there": "greet/hi there", "pay?": "pay?", "one": "one"}
    answered = evaluate("answer", "--messages", str(path), "--model", model, "--result", result)
    first = answered["answers"][0]
    assert (first["label"], first["ranking"][0][0]) == ("greet/hi there", "greet|hi there")
    assert len(answered["answers"]) == len(rows)
    assert answered["milliseconds"] > 0
    assert labels_of(read_examples(path)) == set(trained["labels"].values())


def test_confusions_are_drawn(tmp_path: Path) -> None:
    draw([("greet", "greet"), ("greet", "pay"), ("pay", "-")], tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")

"""The comparison with TF-IDF, on tables small enough for a test."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks import mood

WORDS = {"yes": "ya benar sekali", "no": "bukan yang itu", "maybe": "mungkin nanti saja"}


def _table(path: Path, numbers: range) -> Path:
    rows = [f"{words} {number},{label}" for number in numbers for label, words in WORDS.items()]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    return path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["benchmarks.mood", *arguments])
    return mood.main()


def test_it_prints_both_and_their_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    train, test = _table(tmp_path / "a.csv", range(8)), _table(tmp_path / "b.csv", range(20, 23))
    assert _run(monkeypatch, "--train", str(train), "--test", str(test)) == 0
    printed = capsys.readouterr().out
    assert "24 messages to train on, 9 to test; labels: maybe, no, yes" in printed
    assert re.search(r"\| ours +\| +1\.0000 \| +1\.0000 ", printed)
    assert re.search(r"\| TF-IDF, logistic regression +\| +1\.0000 ", printed)
    assert "ours over the baseline: 1.000" in printed


def test_a_table_that_is_none_ends_it_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("text,when\nhalo,monday\n", encoding="utf-8")
    table = str(tmp_path / "a.csv")
    assert _run(monkeypatch, "--train", table, "--test", table) == 1
    assert "no label among the columns text, when" in capsys.readouterr().err


def test_our_own_sentences_are_measured_in_each_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "--own") == 0
    printed = capsys.readouterr().out
    assert all(f"| {language}" in printed for language in ("id", "ms", "en"))

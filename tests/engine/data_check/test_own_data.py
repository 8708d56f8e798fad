"""The assistant's own data is sound."""

from __future__ import annotations

from pathlib import Path

from engine.data_check.check import findings

ROOT = Path(__file__).resolve().parents[3]


def test_it_finds_nothing_in_our_own_data() -> None:
    assert [str(finding) for finding in findings(ROOT)] == []

"""Answers to "and your last name?" that are names, and those that say that there is none."""

from __future__ import annotations

import pytest

from ramah.booking.extract.person import find_name, has_one_name

NONE_AT_ALL = [
    "cuma satu nama", "nama saya cuma satu", "gak ada, satu nama aja", "ga ada kak, cuma 1 nama", "hanya satu nama",
    "ga punya", "takde", "tiada nama keluarga", "just one name", "no last name", "n/a", "cuma itu aja kak", "only that",
]  # fmt: skip
NAMES = ["Nurhaliza", "Cooper", "nurhaliza", "Santoso", "van den Berg", "Lim", "Al-Rashid", "cooper"]


@pytest.mark.parametrize("text", NONE_AT_ALL)
def test_a_single_name_is_said_in_many_ways(text: str) -> None:
    assert has_one_name(text)


@pytest.mark.parametrize("text", NAMES)
def test_a_bare_answer_is_the_last_name_whatever_else_is_called_so(text: str) -> None:
    found = find_name(text, expected="last")
    assert found is not None and found.first.lower() == text.lower()
    assert not has_one_name(text)


@pytest.mark.parametrize("text", ["hmm", "apa?", "kapan buka", "batal", "ok", "tidak", "halo", "sebentar ya"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert find_name(text, expected="last") is None

"""Simpler forms of a message."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Choice, Outgoing
from ramah.channels.degrade import closing_text, numbered, numbered_choice, split_text

WASH = Choice(title="Cuci biasa", payload="/wash", description="Rp50.000")
DETAILING = Choice(title="Detailing\ninterior", payload="/detail")


def test_choices_become_numbered_lines() -> None:
    message = numbered(Outgoing(text="Mau yang mana?", choices=(WASH, DETAILING), list_label="Lihat"))
    shown = "Mau yang mana?\n\n1. Cuci biasa – Rp50.000\n2. Detailing interior"
    assert message == Outgoing(text=shown, numbered=(WASH, DETAILING))


def test_choices_without_text_are_only_lines() -> None:
    assert numbered(Outgoing(choices=(WASH,))).text == "1. Cuci biasa – Rp50.000"


def test_a_message_without_choices_stays_as_it_is() -> None:
    message = Outgoing(text="Halo", image_url="https://example.org/a.jpg")
    assert numbered(message) is message


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "2)", "2 ."])
def test_a_number_means_its_line(typed: str) -> None:
    assert numbered_choice((WASH, DETAILING), typed) is DETAILING


@pytest.mark.parametrize("typed", ["0", "3", "", "dua", "2 mobil", "-1", "2.5", "9999"])
def test_anything_else_means_no_line(typed: str) -> None:
    assert numbered_choice((WASH, DETAILING), typed) is None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        (" \n ", []),
        ("short", ["short"]),
        ("one two three", ["one two", "three"]),
        ("aaaa\n\nbbb ccc", ["aaaa", "bbb ccc"]),
        ("aaa bbb\nccc", ["aaa bbb", "ccc"]),
        ("abcdefghijklmnopqr", ["abcdefgh", "ijklmnop", "qr"]),
        ("abcdefgh ij", ["abcdefgh", "ij"]),
    ],
)
def test_text_is_cut_at_the_best_place(text: str, pieces: list[str]) -> None:
    assert split_text(text, 8) == pieces


@settings(deadline=None, derandomize=True)
@given(st.text(), st.integers(1, 30))
def test_pieces_obey_the_limit_and_lose_no_word(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < len(piece) <= limit and piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        split_text("a", 0)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("", ""),
        (" short ", "short"),
        ("one two three", "three"),
        ("aa bb\n\ncc dd", "cc dd"),
        ("aaa bbb\nc d", "c d"),
        ("abcdefghijkl", "efghijkl"),
    ],
)
def test_the_end_of_a_text_begins_at_the_best_place(text: str, end: str) -> None:
    assert closing_text(text, 8) == end


@settings(deadline=None, derandomize=True)
@given(st.text(), st.integers(1, 30))
def test_the_end_of_a_text_is_its_end_and_obeys_the_limit(text: str, limit: int) -> None:
    end = closing_text(text, limit)
    assert len(end) <= limit
    assert text.strip().endswith(end)
    assert bool(end) == bool(text.strip())

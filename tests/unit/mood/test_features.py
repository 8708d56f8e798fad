"""What the model sees of a message."""

from __future__ import annotations

import math

from ramah.mood.features import SELF_STANDING, blocks_of_text


def _seen(text: str) -> set[str]:
    return {feature for _, features in blocks_of_text(text) for feature in features}


def test_words_and_pairs_are_seen_in_their_plain_spelling() -> None:
    assert {"w:lama", "w:banget", "p:lama banget", "p:< lama", "p:banget >"} <= _seen("Lamaaa bgt")


def test_a_denied_word_is_seen_as_denied() -> None:
    assert "n:kecewa" in _seen("gak kecewa kok")
    assert "n:kecewa" not in _seen("saya kecewa")


def test_letter_groups_stay_within_a_word() -> None:
    groups = blocks_of_text("mobil baru")[1][1]
    assert {" mo", "obil", "aru "} <= set(groups)
    assert not any("l b" in group for group in groups)


def test_signs_marks_and_the_lexicon_stand_for_themselves() -> None:
    assert {"e:😡", "m:!!", "m:shouted", "l:anger:0.4"} <= _seen("MARAH SAYA!! 😡")
    assert "l:none" in _seen("harga berapa")


def test_a_block_has_the_length_of_one_however_long_the_message() -> None:
    for text in ("halo", "mobil saya belum selesai juga " * 10):
        words, groups, alone = blocks_of_text(text)
        assert math.isclose(words[0] ** 2 * len(words[1]), 1.0)
        assert math.isclose(groups[0] ** 2 * len(groups[1]), 1.0)
        assert alone[0] == SELF_STANDING


def test_nothing_has_no_words() -> None:
    assert [len(features) for _, features in blocks_of_text("")] == [0, 0, 1]

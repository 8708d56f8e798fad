"""Informal spelling and what the normaliser makes of it."""

from __future__ import annotations

import pytest

from engine.components.features import familiar_share, features_of, is_strange
from engine.components.normaliser import FILES, LEXICON, emoji_of, normalised_words, plain_words
from engine.components.stems import stem_of


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("haiiii", ["hai"]),
        ("ga bs dtg dgn mobil", ["tidak", "bisa", "datang", "dengan", "mobil"]),
        ("pelan2 aja", ["pelan", "pelan", "sahaja"]),
        ("mobil2nya", ["mobil", "mobilnya"]),
        ("jam tiga", ["jam", "0"]),
        ("jam 15", ["jam", "0"]),
        ("B 1234 XYZ", ["b", "0", "xyz"]),
        ("please confirm", ["please", "confirm"]),
        ("", []),
        ("?!", []),
        ("👋👋", []),
    ],
)
def test_slang_doubling_numbers_and_drawn_out_letters_are_written_plainly(typed: str, meant: list[str]) -> None:
    assert normalised_words(typed) == meant


def test_what_was_typed_is_seen_beside_what_was_meant() -> None:
    features = features_of("ga jadi")
    assert {"w:ga", "w:tidak", "p:ga jadi", "p:tidak jadi"} <= set(features)
    assert len(features) == len(set(features))


def test_every_digit_looks_alike_in_plates_and_times() -> None:
    assert plain_words("WXY 1234 jam 10") == ["wxy", "0000", "jam", "00"]


def test_emoji_are_features() -> None:
    assert emoji_of("ok 👍👍") == ["👍", "👍"]
    assert features_of("👍👍") == ["e:👍"]


@pytest.mark.parametrize(
    ("word", "stem"), [("membersihkan", "bersih"), ("booking", "book"), ("dia", "dia"), ("0", "0")]
)
def test_stems_lose_one_beginning_and_one_ending_but_never_all(word: str, stem: str) -> None:
    assert stem_of(word) == stem


def test_a_text_is_strange_only_without_known_words_and_without_lookalikes() -> None:
    known = set(features_of("saya booking mobil"))
    assert is_strange(features_of("qwzx vrtp"), known.__contains__)
    assert not is_strange(features_of("qwzx booking"), known.__contains__)
    assert not is_strange(features_of("bookingg"), known.__contains__)
    assert familiar_share(features_of("saya makan"), known.__contains__) == 0.5
    assert familiar_share([], known.__contains__) == 0.0


def test_word_lists_have_one_meaning_a_line_and_name_their_licence() -> None:
    for name in FILES:
        lines = (LEXICON / name).read_text(encoding="utf-8").splitlines()
        assert lines[0] == "informal\tformal"
        pairs = [line.split("\t") for line in lines[1:]]
        assert all(len(pair) == 2 and pair[0] != pair[1] for pair in pairs)
        assert len({informal for informal, _ in pairs}) == len(pairs) > 1000
    assert {"LICENSE-indo-collex", "LICENSE-malaya"} <= {path.name for path in LEXICON.iterdir()}

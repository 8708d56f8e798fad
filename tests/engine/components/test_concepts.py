"""The lexicon of concepts: the same meaning in three languages is the same feature."""

from __future__ import annotations

from collections import defaultdict

import pytest

from engine.components.concepts import SHARED, concepts_of, lexicon, words_of_form
from engine.components.features import features_of
from engine.components.normaliser import plain_words


def test_every_concept_has_words_in_three_languages() -> None:
    lacking = [concept for concept, languages in lexicon().items() if len(languages) != 3 or not all(languages)]
    assert not lacking
    assert len(lexicon()) >= 400


def test_no_form_has_two_meanings_unless_it_is_marked_in_each() -> None:
    meanings: dict[tuple[str, ...], set[str]] = defaultdict(set)
    marked: dict[tuple[str, ...], set[bool]] = defaultdict(set)
    for concept, languages in lexicon().items():
        for form in (form for language in languages for form in language):
            meanings[words_of_form(form)].add(concept)
            marked[words_of_form(form)].add(form.startswith(SHARED))
    assert [form for form in meanings if marked[form] != {len(meanings[form]) > 1}] == []


def test_no_language_of_a_concept_has_a_form_twice() -> None:
    twice = [concept for concept, languages in lexicon().items() if any(len(set(one)) < len(one) for one in languages)]
    assert not twice


@pytest.mark.parametrize("text", ["mau booking besok", "nak tempah esok", "i wanna bk tmr", "mo pesen bsk"])
def test_one_wish_in_three_languages_shares_its_concepts(text: str) -> None:
    assert [concept for concept in concepts_of(plain_words(text)) if concept != "i"] == ["want", "book", "tomorrow"]


def test_the_longest_form_counts() -> None:
    assert concepts_of(plain_words("don't want")) == ["dont_want"]
    assert concepts_of(["how", "much"]) == ["how_much"]
    assert concepts_of(["how"]) == ["how"]


def test_an_unlisted_word_counts_as_the_one_whose_stem_it_shares() -> None:
    assert concepts_of(["pembatalan"]) == concepts_of(["batalkan"]) == ["cancel"]


def test_unknown_words_have_no_concepts() -> None:
    assert concepts_of(["qwzx", "vrtp"]) == []
    assert concepts_of([]) == []


def test_features_hold_concepts_and_their_pairs() -> None:
    found = features_of("nak tempah")
    assert {"c:want", "c:book", "cp:want book"} <= set(found)
    assert found == features_of("nak tempah")

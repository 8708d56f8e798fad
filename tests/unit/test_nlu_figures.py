"""The figures that `python -m benchmarks.nlu` works out of answers."""

from __future__ import annotations

import pytest

from benchmarks.nlu.figures import auroc, calibration_error, figures_of, macro_f1, recall_at
from benchmarks.nlu.table import comparison, remarks
from benchmarks.nlu.trial import NOT_UNDERSTOOD, Answer, Span, Trial


def answer(label: str, *ranking: tuple[str, float], asks: bool = False, **entities: frozenset[Span]) -> Answer:
    """An answer; with `asks`, the pipeline does not trust its likeliest intent."""
    none: frozenset[Span] = frozenset()
    intent = NOT_UNDERSTOOD if asks or not ranking else ranking[0][0]
    return Answer("text", label, intent, ranking, entities.get("annotated", none), entities.get("found", none))


def trial(*answers: Answer, labels: tuple[str, ...] = ("greet", "pay")) -> Trial:
    return Trial("ours", frozenset(labels), 10, 1.0, 0.5, 2**20, 2**20, answers)


def test_the_likeliest_intent_counts_even_where_the_pipeline_asks() -> None:
    figures = figures_of(trial(answer("greet", ("greet", 0.2), asks=True), answer("pay", ("pay", 0.9))))
    assert figures.accuracy == 1.0
    assert (figures.answered, figures.asked) == (0.5, 0.5)


def test_every_intent_has_the_same_weight_in_macro_f1() -> None:
    assert macro_f1([("a", "a")] * 98 + [("b", "a"), ("b", "b")]) == pytest.approx((2 * 98 / 197 + 2 / 3) / 2)


def test_a_label_that_was_never_trained_is_wrong_and_named() -> None:
    results = trial(answer("greet", ("greet", 0.9)), answer("refund", ("pay", 0.9)))
    assert figures_of(results).accuracy == 0.5
    assert "1 messages carry 1 labels that were never trained" in remarks([results])[1]


def test_messages_out_of_scope_do_not_count_as_wrong_when_nobody_trained_them() -> None:
    figures = figures_of(trial(answer("greet", ("greet", 0.9)), answer("oos", ("pay", 0.3))))
    assert (figures.accuracy, figures.outside_auroc, figures.outside_recall) == (1.0, 1.0, 1.0)


def test_confidence_in_being_out_of_scope_is_none_in_an_intent() -> None:
    outside = answer("out_of_scope", ("out_of_scope", 0.95), ("pay", 0.05))
    figures = figures_of(trial(answer("greet", ("greet", 0.6)), outside, labels=("greet", "pay", "out_of_scope")))
    assert (figures.accuracy, figures.outside_auroc) == (1.0, 1.0)


def test_ties_count_half_and_equal_scores_are_chance() -> None:
    assert auroc([0.5, 0.5], [0.5, 0.5]) == 0.5
    assert auroc([0.9, 0.1], [0.5]) == 0.5


def test_recall_allows_three_false_alarms_in_a_hundred() -> None:
    others = [index / 100 for index in range(100)]
    assert recall_at(0.03, [0.965, 0.955], others) == 0.5


def test_confidence_that_is_right_as_often_as_it_says_has_no_error() -> None:
    assert calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.95, False)]) == pytest.approx(0.95)
    assert calibration_error([]) is None


def test_an_entity_is_right_only_with_both_ends_and_its_name() -> None:
    spans = frozenset({(0, 4, "city"), (5, 8, "day")})
    figures = figures_of(trial(answer("greet", ("greet", 1.0), annotated=spans, found=frozenset({(0, 4, "city")}))))
    assert figures.entity_f1 == pytest.approx(2 / 3)


def test_the_table_leaves_open_what_the_messages_do_not_tell() -> None:
    results = trial(answer("greet", ("greet", 0.9)), answer("pay"))
    text = comparison([results])
    assert "| entity F1                               |     - |" in text
    assert "| intent accuracy (likeliest)             | 0.500 |" in text

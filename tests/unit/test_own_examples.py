"""The tables that `python -m benchmarks.nlu --own` writes."""

from __future__ import annotations

from benchmarks.nlu.own import by_intent, confusions, summary, thresholds, worst
from benchmarks.nlu.trial import Answer


def answer(text: str, label: str, *ranking: tuple[str, float]) -> Answer:
    return Answer(text, label, ranking[0][0], ranking, frozenset(), frozenset())


ANSWERS = {
    "en": [
        answer("pay now", "pay", ("pay", 0.9), ("greet", 0.1)),
        answer("hi | there", "greet", ("pay", 0.8), ("greet", 0.2)),
        answer("the moon", "out_of_scope", ("greet", 0.2)),
    ],
    "id": [answer("halo", "greet", ("greet", 0.7)), answer("hai", "greet", ("pay", 0.6))],
}


def row(text: str, first: str) -> list[str]:
    """The cells of the row that begins with this."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return next(cells for cells in rows if cells[0] == first)


def test_each_language_has_its_own_figures() -> None:
    text = summary(ANSWERS)
    assert row(text, "en")[:3] == ["en", "3", "0.333"]
    assert row(text, "id")[:3] == ["id", "2", "0.500"]


def test_asking_back_is_right_for_what_is_out_of_scope() -> None:
    text = thresholds(ANSWERS)
    assert row(text, "0")[1:] == ["0.333", "0.500"]
    assert row(text, "0.3")[1:] == ["0.667", "0.500"]


def test_the_worst_intent_comes_first() -> None:
    lines = by_intent(ANSWERS).splitlines()
    assert lines[2].startswith("| out_of_scope")
    assert row(by_intent(ANSWERS), "pay")[1:] == ["0.67", "0.00"]


def test_pairs_are_counted_over_all_languages() -> None:
    assert row(confusions(ANSWERS), "greet") == ["greet", "pay", "2"]


def test_the_surest_mistake_comes_first_and_no_sign_breaks_the_table() -> None:
    lines = worst(ANSWERS).splitlines()
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == ["hi / there", "en", "greet", "pay", "0.80"]
    assert len(lines) == 2 + 3

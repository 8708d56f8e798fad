"""What the message path's benchmark counts as lost, twice and in the wrong order."""

from __future__ import annotations

from benchmarks.path_fill import Size, rows_to_write
from benchmarks.path_growth import AIM, Growth
from benchmarks.path_load import Acknowledged, Conversations, Fate
from benchmarks.path_report import Results, tables


def fate_of(expected: list[str], got: list[str]) -> tuple[int, int, int, int]:
    fate = Fate()
    fate.add(expected, got)
    return fate.answered, fate.lost, fate.doubled, fate.misordered


def test_answers_as_they_were_expected_are_neither_lost_nor_doubled() -> None:
    assert fate_of(["a", "b", "c"], ["a", "b", "c"]) == (3, 0, 0, 0)


def test_an_answer_that_never_came_is_lost() -> None:
    assert fate_of(["a", "b", "c"], ["a", "c"]) == (2, 1, 0, 0)


def test_an_answer_that_came_again_is_doubled_and_still_in_order() -> None:
    assert fate_of(["a", "b"], ["a", "b", "a", "a"]) == (2, 0, 2, 0)


def test_an_answer_before_an_earlier_one_is_in_the_wrong_order() -> None:
    assert fate_of(["a", "b", "c"], ["b", "a", "c"]) == (3, 0, 0, 1)


def test_what_must_never_happen_is_named() -> None:
    run = Conversations(seconds=1.0, fate=Fate(written=2, answered=1, lost=1), takeovers=1, talked_over=1)
    (failure,) = Results("sqlite", conversations={"1 worker": run}).failures()
    assert "1 worker" in failure and "(1, 0, 0, 1)" in failure


def test_a_slow_run_that_lost_nothing_is_no_failure() -> None:
    run = Conversations(seconds=900.0, fate=Fate(written=2, answered=2), waits=[9_000.0])
    results = Results("sqlite", alone=Acknowledged([5_000.0], 0), conversations={"1 worker": run})
    assert results.failures() == []


def test_a_step_that_is_slower_in_the_large_database_is_marked() -> None:
    before, after = {"claim": [1.0], "thread": [1.0]}, {"claim": [1.0 + AIM], "thread": [1.1]}
    shown = tables(Results("sqlite", growth=Growth(Size(10, 100), before, after, 1800.0)))
    assert [line.split("|")[1].strip() for line in shown.splitlines() if "not flat" in line] == ["claim"]


def test_the_progress_bar_knows_how_many_rows_are_made() -> None:
    assert rows_to_write(Size(0, 0), Size(1_000, 10_000)) == 4 * 1_000 + 6 * 5_000

"""What the engine's benchmark makes of its measurements."""

from __future__ import annotations

import pytest

from benchmarks.aims import NOT_MEASURED, Figures, aims
from benchmarks.engines import OURS, SHORT_NAME, STOCK, Series
from benchmarks.long_talk import Mark, Twins
from benchmarks.measure import Round
from benchmarks.report import MEGABYTE
from benchmarks.report_engine import report
from benchmarks.side_by_side import Results
from benchmarks.swaps import Swaps, swaps_text
from benchmarks.training import Training

GOOD = Figures(
    short=(6.0, 7.0), late=(31.0, 29.0), growth=(1.1, 1.0), late_turn=3000, start=(11.0, 9.0), training=(50.0, 80.0),
    memory=300 * MEGABYTE,
)  # fmt: skip


def figures(**changed: object) -> Figures:
    return Figures(**{**GOOD.__dict__, **changed})


def test_aims_that_are_just_reached_are_met() -> None:
    assert [aim.verdict for aim in aims(GOOD)] == ["met"] * 6


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"short": (5.9, 9.0)}, "short conversations, x stock"),
        ({"growth": (1.11, 1.0)}, "turn 3000 over turn 10"),
        ({"start": (12.1, 1.0)}, "start-up"),
        ({"memory": 601 * MEGABYTE}, "memory of the engine"),
    ],
)
def test_an_aim_that_is_not_reached_is_missed_alone(changed: dict[str, object], name: str) -> None:
    assert [aim.name for aim in aims(figures(**changed)) if aim.verdict == "MISSED"] == [name]


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    late = next(aim for aim in aims(figures(late=NOT_MEASURED)) if "turn 300" in aim.name)
    assert (late.verdict, late.is_met) == ("not measured", False)


def test_rounds_add_up() -> None:
    both = Round.together([Round(1.0, (400.0, 600.0), 0.5), Round(2.0, (1000.0,), 1.0)])
    assert (both.seconds, both.latencies, both.processor_seconds) == (3.0, (400.0, 600.0, 1000.0), 1.5)
    assert both.work == pytest.approx(500.0)


def test_late_turns_are_compared_with_early_ones() -> None:
    twins = Twins(3000, late=Round(1.0, (10.0, 12.0, 14.0), 0.3), early=Round(1.0, (10.0, 10.0, 11.0), 0.15))
    assert twins.ratio == pytest.approx(1.2)
    assert twins.work_ratio == pytest.approx(2.0)


def test_the_slope_leaves_out_what_the_first_changes_fill() -> None:
    memory = [size * MEGABYTE for size in (200, 260, 270, 271, 272, 273)]
    swaps = Swaps(memory, [1.0, 2.0, 3.0, 2.0, 2.0], [5.0, 6.0, 7.0])
    assert swaps.slope == pytest.approx(MEGABYTE)
    assert "from 200 to 273 MiB, slope +1.00 MiB a change" in swaps_text(swaps)


def test_the_report_holds_stock_beside_ours_and_says_what_was_missed() -> None:
    theirs, own = Round(2.0, (100.0, 100.0), 0.4), Round(1.0, (10.0, 10.0), 0.1)
    results = Results(
        series=[Series(SHORT_NAME, STOCK, 1, [theirs]), Series(SHORT_NAME, OURS, 1, [own], [theirs])],
        marks={STOCK: [Mark(10, 40.0, 40.0), Mark(300, 150.0, 150.0)], OURS: [Mark(300, 5.0, 6.0)]},
        twins=None,
        memory={STOCK: 1000 * MEGABYTE, OURS: 200 * MEGABYTE},
        start={STOCK: (40.0, 30.0), OURS: (8.0, 6.0)},
    )
    text = report(results, Training(600.0, 900.0, "2026-01-01"), Training(20.0, 18.0, "2026-01-02"), stock_epochs=5)
    lines = [line.replace(" ", "") for line in text.splitlines()]
    assert "|shortconversations,xstock|>=6x|2.00|MISSED|4.00|" in lines
    assert "|atturn300,xstock|>=30x|30.00|met|25.00|" in lines
    assert "|turn300overturn10|<=1.1x||notmeasured||" in lines
    assert "5epochs" in text.replace(" ", "")

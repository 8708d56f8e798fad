"""The tables that `python -m benchmarks.engine` prints about both engines."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.aims import LATE_TURN, NOT_MEASURED, Figures, aims
from benchmarks.engines import OURS, SHORT_NAME, STOCK, Series
from benchmarks.long_talk import Mark, Twins
from benchmarks.measure import median
from benchmarks.report import memory_table, table
from benchmarks.side_by_side import Results
from benchmarks.training import Training

MEASURES = ("customers", "turns", "turns/s", "p50 ms", "p95 ms", "CPU ms/turn", "x stock", "low-high", "x by CPU")


def report(results: Results, stock_training: Training, our_training: Training, stock_epochs: int | None) -> str:
    """All tables, the aims last."""
    figures = _figures(results, our_training)
    parts = (
        _rates_table(results.series),
        _marks_table(results),
        _twins_text(results.twins),
        memory_table(results.memory),
        _once_table(results, stock_training, our_training),
        f"Stock Rasa was trained with {stock_epochs} epochs instead of its own 100." if stock_epochs else "",
        _aims_table(figures),
    )
    return "\n\n".join(part for part in parts if part)


def _figures(results: Results, training: Training) -> Figures:
    short = next(one for one in results.series if (one.name, one.engine) == (SHORT_NAME, OURS))
    theirs, ours = (_at(LATE_TURN, results.marks[engine]) for engine in (STOCK, OURS))
    return Figures(
        short=(median(short.ratios), median(short.work_ratios)),
        late=(theirs.p50 / ours.p50, theirs.work / ours.work) if theirs and ours else NOT_MEASURED,
        growth=(results.twins.ratio, results.twins.work_ratio) if results.twins else NOT_MEASURED,
        late_turn=results.twins.turn if results.twins else results.marks[OURS][-1].turn,
        start=results.start[OURS],
        training=(training.seconds, training.processor_seconds),
        memory=max(size for name, size in results.memory.items() if name.startswith(OURS)),
    )


def _at(turn: int, marks: Sequence[Mark]) -> Mark | None:
    return next((mark for mark in marks if mark.turn == turn), None)


def _rates_table(series: Sequence[Series]) -> str:
    """Both engines on the same messages. "x stock" is turns a second, "x by CPU" processor time a turn."""
    return table(("turns", "engine", *MEASURES), [_series_row(one) for one in series])


def _series_row(series: Series) -> tuple[str, ...]:
    ratios = series.ratios if series.rivals else []
    return (
        series.name,
        series.engine,
        str(series.connections),
        str(len(series.latencies)),
        f"{series.rate:.1f}",
        f"{series.p50:.1f}",
        f"{series.p95:.1f}",
        f"{series.processor_time:.1f}",
        f"{median(ratios):.1f}" if ratios else "1",
        f"{min(ratios):.1f}-{max(ratios):.1f}" if ratios else "",
        f"{median(series.work_ratios):.1f}" if ratios else "1",
    )


def _marks_table(results: Results) -> str:
    """Both engines around the same turn numbers of one conversation each."""
    turns = sorted({mark.turn for marks in results.marks.values() for mark in marks})
    header = ("around turn", "stock p50 ms", "ours p50 ms", "x stock", "stock CPU ms/turn", "ours CPU ms/turn")
    return table(header, [_marks_row(turn, results) for turn in turns])


def _marks_row(turn: int, results: Results) -> tuple[str, ...]:
    theirs, ours = _at(turn, results.marks[STOCK]), _at(turn, results.marks[OURS])
    return (
        str(turn),
        f"{theirs.p50:.1f}" if theirs else "",
        f"{ours.p50:.1f}" if ours else "",
        f"{theirs.p50 / ours.p50:.1f}" if theirs and ours else "",
        f"{theirs.work:.1f}" if theirs else "",
        f"{ours.work:.1f}" if ours else "",
    )


def _twins_text(twins: Twins | None) -> str:
    if twins is None:
        return ""
    late, early = median(twins.late.latencies), median(twins.early.latencies)
    return (
        f"Our turns around turn {twins.turn}, each four next to four of a conversation's first twenty:"
        f" p50 {late:.1f} ms over {early:.1f} ms = {twins.ratio:.2f}; by processor time {twins.work_ratio:.2f}"
    )


def _once_table(results: Results, stock: Training, ours: Training) -> str:
    """What is paid once: training and start-up."""
    header = ("once", "start-up s", "start-up CPU s", "training s", "training CPU s", "trained on")
    return table(header, [_once_row(STOCK, results, stock), _once_row(OURS, results, ours)])


def _once_row(engine: str, results: Results, training: Training) -> tuple[str, ...]:
    seconds, work = results.start[engine]
    times = (seconds, work, training.seconds, training.processor_seconds)
    return (engine, *(f"{time:.1f}" for time in times), training.day)


def _aims_table(figures: Figures) -> str:
    rows = [
        (aim.name, aim.wanted, _number(aim.measured), aim.verdict, _number(aim.by_processor)) for aim in aims(figures)
    ]
    return table(("aim", "wanted", "measured", "", "by CPU"), rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

"""Tables of several benchmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measure import percentile
from benchmarks.whole_path import PathTimes

MEGABYTE = 2**20


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose columns line up; all but the first column are flush right."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first = cells[0].ljust(widths[0])
        return "| " + " | ".join([first, *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|"
    return "\n".join([line(header), rule, *map(line, rows)])


def memory_table(memory: Mapping[str, int]) -> str:
    """Resident memory of the servers after the rounds."""
    return table(("resident memory", "MiB"), [(name, f"{size / MEGABYTE:.0f}") for name, size in memory.items()])


def profile_table(profiles: Mapping[str, Mapping[str, float]]) -> str:
    """Where a turn of our engine spends its time."""
    stages = {stage: None for profile in profiles.values() for stage in profile if stage != "whole turn"}
    order = sorted(stages, key=lambda stage: -max(profile.get(stage, 0.0) for profile in profiles.values()))
    rows = [
        (stage, *(f"{profile.get(stage, 0.0):.2f}" for profile in profiles.values()))
        for stage in [*order, "whole turn"]
    ]
    return table(("mean ms in a turn", *profiles), rows)


def path_table(times: PathTimes) -> str:
    """The whole path, from the post to the visitor's page."""
    parts = (
        ("first reply visible", times.first_reply),
        ("last reply visible", times.last_reply),
        ("of it: the post is answered", times.accepted),
        ("of it: the engine's turn, as the worker sees it", times.engine),
    )
    rows = [
        (name, str(len(taken)), f"{percentile(taken, 50):.0f}", f"{percentile(taken, 95):.0f}", f"{max(taken):.0f}")
        for name, taken in parts
    ]
    return table(("whole path, web chat", "turns", "p50 ms", "p95 ms", "max ms"), rows)

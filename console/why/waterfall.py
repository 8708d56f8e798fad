"""The spans of a turn as bars on one scale, each below and right of what caused it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ramah.lib.spans import Span

WHOLE = 1000.0
NARROWEST = 2.0
DEEPEST = 6
UNSHOWN = ("incident",)


def drawn(spans: Sequence[Span]) -> list[dict[str, Any]]:
    """A row per span in the order of their beginnings: depth, place and width in thousandths, and how long it took."""
    shown = [one for one in spans if one.name not in UNSHOWN]
    if not shown:
        return []
    first, last = min(one.start for one in shown), max(one.end for one in shown)
    scale = WHOLE / max(1, last - first)
    depths = _depths(shown)
    return [_row(one, depths[one.id], first, scale) for one in shown]


def duration(micros: int) -> str:
    """Microseconds as people read them: 850 µs, 12.4 ms, 3.2 s."""
    if micros < 1000:
        return f"{micros} µs"
    return f"{micros / 1000:.1f} ms" if micros < 1_000_000 else f"{micros / 1_000_000:.1f} s"


def _row(span: Span, depth: int, first: int, scale: float) -> dict[str, Any]:
    width = max(NARROWEST, span.micros * scale)
    return {
        "name": span.name,
        "process": span.process,
        "depth": depth,
        "x": round(min((span.start - first) * scale, WHOLE - width), 1),
        "width": round(width, 1),
        "after": duration(span.start - first),
        "took": duration(span.micros),
        "error": span.error,
        "facts": [(name, str(value)) for name, value in span.facts.items()],
    }


def _depths(spans: Sequence[Span]) -> dict[str, int]:
    parents = {one.id: one.parent for one in spans}
    depths: dict[str, int] = {}
    for one in spans:
        depth, parent = 0, one.parent
        while parent in parents and depth < DEEPEST:
            depth, parent = depth + 1, parents[parent]
        depths[one.id] = depth
    return depths

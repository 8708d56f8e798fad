"""The table of a run, and whether it reached its aim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.customers.visit import HANDOVER, Visit
from benchmarks.customers.wording import CLEAN
from benchmarks.report import table

HEADER = (
    "customers",
    "visits",
    "complete",
    "turns/min",
    "repeated",
    "misread",
    "thrice",
    "faults",
    "wrong fields",
    "handovers",
)
AIMS = {CLEAN: 0.99}
AIM = 0.95


def results_table(visits: Sequence[Visit]) -> str:
    """One row a language and style, and all together."""
    groups: dict[str, list[Visit]] = {}
    for one in visits:
        groups.setdefault(f"{one.goal.language} {one.style}", []).append(one)
    rows = [_row(name, group) for name, group in groups.items()]
    return table(HEADER, [*rows, _row("all", visits)] if len(rows) > 1 else rows)


def _row(name: str, visits: Sequence[Visit]) -> tuple[str, ...]:
    complete = [one for one in visits if one.is_complete]
    turns, least = sum(one.turns for one in complete), sum(one.least for one in complete)
    return (
        name,
        str(len(visits)),
        f"{len(complete) / len(visits):.1%}",
        f"{turns / least:.3f}" if least else "-",
        str(sum(len(one.repeated) for one in visits)),
        str(sum(len(one.misread) for one in visits)),
        str(sum(len(one.thrice) for one in visits)),
        str(sum(len(one.faults) for one in visits)),
        str(sum(len(one.wrong) for one in visits)),
        str(sum(one.outcome == HANDOVER for one in visits)),
    )


def what_failed(visits: Sequence[Visit]) -> str:
    """Outcomes that were no booking, and fields that were wrong, most frequent first."""
    outcomes = Counter(one.outcome for one in visits if not one.is_complete)
    fields = Counter(f"wrong {name}" for one in visits for name in one.wrong)
    misread = Counter(f"misread {topic}" for one in visits for topic in one.misread)
    asked = Counter(f"asked again: {step}" for one in visits for step in one.repeated)
    said = Counter(fault for one in visits for fault in one.faults)
    lines = [f"  {count:3} x {what}" for what, count in (outcomes + fields + misread + asked + said).most_common()]
    return "\n".join(lines)


def reached_aim(visits: Sequence[Visit]) -> bool:
    """99 % complete for clean customers, 95 % for the others, and no wrong field at all."""
    styles = {one.style for one in visits}
    groups = [[one for one in visits if one.style == style] for style in styles]
    enough = all(
        sum(one.is_complete for one in group) >= AIMS.get(group[0].style, AIM) * len(group) for group in groups
    )
    return enough and not any(one.wrong for one in visits)

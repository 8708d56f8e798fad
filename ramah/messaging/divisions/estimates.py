"""How long a wait will be, told as a range, from how long recent ones were; or that nobody can say yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.messaging.divisions.texts import Texts
from ramah.messaging.models import Division, QueueWait, WaitStatus
from ramah.store import utc_now

RECENT = timedelta(days=7)
MOST_WAITS = 60
FEWEST_WAITS = 8
"""Fewer waits than these say nothing about the next."""
OWN_ESTIMATE_SPREAD = 1.5
"""How much longer than the organisation's own estimate one place may take."""


@dataclass(frozen=True)
class Wait:
    """From ``low`` to ``high`` seconds."""

    low: int
    high: int

    @property
    def minutes(self) -> tuple[int, int]:
        """Whole minutes, never less than was meant."""
        return max(1, self.low // 60), max(1, ceil(self.high / 60))


@dataclass(frozen=True)
class Estimator:
    """What one place in a line takes: its range in seconds, None where nobody can say."""

    paces: dict[str | None, Wait]

    def wait(self, division_id: str | None, place: int) -> Wait | None:
        """The wait of whoever is at ``place``."""
        pace = self.paces.get(division_id)
        return Wait(pace.low * place, pace.high * place) if pace else None


def estimator(session: Session, divisions: Collection[Division]) -> Estimator:
    """Estimates for these divisions. One query."""
    recent = _recent(session, [division.id for division in divisions])
    paces: dict[str | None, Wait] = {}
    for division in divisions:
        pace = pace_of(recent.get(division.id, [])) or _own(division)
        if division.show_wait_time and pace is not None:
            paces[division.id] = pace
    return Estimator(paces)


def pace_of(waits: Sequence[tuple[float, int]]) -> Wait | None:
    """Seconds for one place, from the lower to the upper quartile of (seconds waited, place at the start)."""
    if len(waits) < FEWEST_WAITS:
        return None
    each = sorted(seconds / max(1, place) for seconds, place in waits)
    return Wait(round(quantile(each, 0.25)), ceil(quantile(each, 0.75)))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ascending values lie, between neighbours in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def wait_in_words(wait: Wait | None, texts: Texts, prefix: str = "wait") -> str:
    """``wait`` as a sentence, or with the prefix ``menu`` as a few signs; "" for an unknown one in the menu."""
    if wait is None:
        return texts.word("wait_unknown") if prefix == "wait" else ""
    if wait.high < 60:
        return texts.word(f"{prefix}_short")
    low, high = wait.minutes
    return texts.word(f"{prefix}_about" if low == high else f"{prefix}_range", low=low, high=high)


def _own(division: Division) -> Wait | None:
    if not division.avg_handling_time_minutes:
        return None
    seconds = division.avg_handling_time_minutes * 60
    return Wait(seconds, round(seconds * OWN_ESTIMATE_SPREAD))


def _recent(session: Session, division_ids: list[str]) -> dict[str, list[tuple[float, int]]]:
    """The latest waits of each division that ended with a person."""
    latest = func.row_number().over(partition_by=QueueWait.division_id, order_by=QueueWait.assigned_at.desc())
    ranked = (
        select(
            QueueWait.division_id,
            QueueWait.queued_at,
            QueueWait.assigned_at,
            QueueWait.place_at_start,
            latest.label("latest"),
        )
        .where(
            QueueWait.division_id.in_(division_ids),
            QueueWait.status == WaitStatus.ASSIGNED,
            QueueWait.place_at_start.is_not(None),
            QueueWait.assigned_at > utc_now() - RECENT,
        )
        .subquery()
    )
    found: dict[str, list[tuple[float, int]]] = {}
    for row in session.execute(select(ranked).where(ranked.c.latest <= MOST_WAITS)):
        waited = (row.assigned_at - row.queued_at).total_seconds()
        found.setdefault(row.division_id, []).append((waited, row.place_at_start))
    return found

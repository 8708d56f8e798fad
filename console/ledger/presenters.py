"""From kept days and proofs to what the ledger's templates show."""

from __future__ import annotations

from typing import Any

from ramah.messaging.ledger import Proof
from ramah.messaging.models import LedgerDay

INCOMING = ("answered", "with_person", "waiting", "gave_up")
OUTGOING = ("delivered", "sent", "under_way", "unproved", "failed", "dropped")
WHOLE_BAR = 1000.0
"""Width of a bar in the drawing's own units."""


def kept_days(rows: list[LedgerDay]) -> list[dict[str, Any]]:
    """Rows of the table; bars are drawn to one scale."""
    busiest = max((max(_figure(row, "messages_in"), _figure(row, "messages_out")) for row in rows), default=0)
    return [
        {
            "day": row.day,
            "counts": _counts(row.counts),
            "missing": row.missing,
            "checked_at": row.checked_at,
            "bars": _bars(_counts(row.counts), busiest),
        }
        for row in rows
    ]


def proof(found: Proof) -> dict[str, Any]:
    """One proof in full."""
    busiest = max(found.counts["messages_in"], found.counts["messages_out"])
    return {
        "day": found.span.day,
        "counts": _counts(found.counts),
        "missing": [finding.as_json() for finding in found.missing],
        "late": [finding.as_json() for finding in found.late],
        "so_far": not found.span.is_over,
        "bars": _bars(_counts(found.counts), busiest),
    }


def _figure(row: LedgerDay, name: str) -> int:
    return int(row.counts.get(name, 0))


def _counts(counts: dict[str, Any]) -> dict[str, int]:
    """All figures; days that were kept by an older version may lack some."""
    names = ("envelopes", "messages_in", *INCOMING, "messages_out", "read", *OUTGOING, "missing", "late")
    return {name: int(counts.get(name, 0)) for name in names}


def _bars(counts: dict[str, int], busiest: int) -> dict[str, list[dict[str, Any]]]:
    return {"in": _bar(counts, INCOMING, busiest), "out": _bar(counts, OUTGOING, busiest)}


def _bar(counts: dict[str, int], names: tuple[str, ...], busiest: int) -> list[dict[str, Any]]:
    parts, begin = [], 0.0
    for name in names:
        width = WHOLE_BAR * counts[name] / busiest if busiest else 0.0
        if width:
            parts.append({"name": name, "x": round(begin, 2), "width": round(width, 2)})
        begin += width
    return parts

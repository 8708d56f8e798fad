"""Findings: what is not accounted for, each with the id to look for and the reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from ramah.messaging.ledger.span import Span

MOST_LISTED = 500
"""Findings that are kept with their ids; more than these are only counted, or a lost table would fill the memory."""


@dataclass(frozen=True)
class Finding:
    """Something that does not add up. ``kind`` is what is missing, ``id`` where to look, ``rows`` how many."""

    kind: str
    id: str
    why: str
    rows: int = 1

    def as_json(self) -> dict[str, object]:
        """For programs, and for the kept day."""
        return {"kind": self.kind, "id": self.id, "why": self.why, "rows": self.rows}


Check = Callable[[Session, Span], Iterator[Finding]]
"""One idea of what must add up; sends a fixed number of statements, whatever the size of the day."""


@dataclass
class Tally:
    """Counts findings and keeps the first of them."""

    rows: int = 0
    listed: list[Finding] = field(default_factory=list)

    def take(self, findings: Iterable[Finding]) -> None:
        """Count them all."""
        for finding in findings:
            self.rows += finding.rows
            if len(self.listed) < MOST_LISTED:
                self.listed.append(finding)

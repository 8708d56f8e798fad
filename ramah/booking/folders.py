"""Folders: the bookings of one conversation that are not finished, and which of them is being filled.

Values only. A turn reads them, decides on new ones, and stores what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ramah.booking.drafts import DraftView
from ramah.booking.facts import PERSON
from ramah.booking.models import DraftStatus


@dataclass(frozen=True)
class Folders:
    """The drafts of a conversation, oldest first. Finished ones are only there when a message points at them."""

    drafts: tuple[DraftView, ...] = ()

    @property
    def open(self) -> tuple[DraftView, ...]:
        """The unfinished ones."""
        return tuple(draft for draft in self.drafts if draft.is_open)

    @property
    def current(self) -> DraftView | None:
        """The one that is being filled."""
        return next((draft for draft in self.open if draft.current), None)

    @property
    def parked(self) -> tuple[DraftView, ...]:
        """The unfinished ones that wait."""
        return tuple(draft for draft in self.open if not draft.current)

    def tagged(self, tag: str) -> DraftView | None:
        """The draft that a button was made for."""
        return next((draft for draft in self.drafts if tag and draft.tag == tag), None)

    def that_took(self, message: str) -> DraftView | None:
        """The draft that a message was for."""
        return next((draft for draft in reversed(self.drafts) if message in draft.asked.get("messages", ())), None)

    def kept(self, draft: DraftView) -> Folders:
        """With this draft in the place of its earlier self, or added."""
        if any(other.id == draft.id for other in self.drafts):
            return Folders(tuple(draft if other.id == draft.id else other for other in self.drafts))
        return Folders((*self.drafts, draft))

    def filling(self, draft: DraftView) -> Folders:
        """With this draft as the one being filled; whichever was, waits."""
        parked = tuple(replace(other, current=False) for other in self.drafts)
        return Folders(parked).kept(replace(draft, current=True))

    def without(self, *dropped: DraftView) -> Folders:
        """With these called off."""
        ids = {draft.id for draft in dropped}
        ended = DraftStatus.DROPPED
        return Folders(tuple(replace(d, status=ended, current=False) if d.id in ids else d for d in self.drafts))


def carried(draft: DraftView | None, known: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """What a further booking begins with: what is known, and what was said of the person beside it."""
    said = {name: (draft.facts[name], "carried") for name in PERSON if name in draft.facts} if draft else {}
    return {**known, **said}


def with_pending(draft: DraftView, pending: Mapping[str, str] | None) -> DraftView:
    """The draft with a question open beside its step, or none."""
    return replace(draft, asked={**draft.asked, "pending": dict(pending) if pending else None})


def rested(draft: DraftView, now: datetime) -> float:
    """Seconds since something was last said of it; 0 for one that has taken nothing in yet."""
    return max(0.0, (now - draft.updated_at).total_seconds()) if draft.round else 0.0

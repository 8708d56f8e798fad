"""Which live events are news to a person: a message in their conversation, somebody who waits, a mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ramah.messaging.live import Event
from ramah.messaging.models import HandledBy


class SignalKind(StrEnum):
    """What happened; the names are those of `ramah.people.preferences.Signs`."""

    MESSAGE = "message"
    WAITING = "waiting"
    MENTION = "mention"


@dataclass(frozen=True)
class Signal:
    """News of one conversation. ``sequence`` is the event's: of several open pages only one shows it."""

    kind: SignalKind
    conversation_id: str
    sequence: int

    def as_json(self) -> dict[str, str | int]:
        """As the stream sends it, without a number of its own: the page's place in the stream is the batch's."""
        return {"kind": self.kind.value, "id": self.conversation_id, "event": self.sequence}


def signals_in(events: Sequence[Event], staff_id: str) -> Iterator[Signal]:
    """What this person may want to be told of, in order."""
    for event in events:
        kind = _kind_of(event, staff_id)
        if kind is not None:
            yield Signal(kind, event.conversation_id, event.sequence)


def changes_counts(events: Sequence[Event], staff_id: str) -> bool:
    """Whether the numbers that this person sees may be others now."""
    return any(event.kind == "state" or event.data.get("held_by") == staff_id for event in events)


def _kind_of(event: Event, staff_id: str) -> SignalKind | None:
    """A mention is an event ``mention`` whose ``staff`` are the ids of those who were named."""
    data = event.data
    if event.kind == "conversation" and data.get("from_customer") and data.get("held_by") == staff_id:
        return SignalKind.MESSAGE
    if event.kind == "state" and data.get("handled_by") == HandledBy.QUEUE:
        return SignalKind.WAITING
    if event.kind == "mention" and staff_id in data.get("staff", ()):
        return SignalKind.MENTION
    return None

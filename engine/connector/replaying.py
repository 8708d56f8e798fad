"""A turn of long ago once more, by today's model and code: in memory alone, its actions in a sandbox."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

SUBPATH = "sandbox"
"""Below the action server's own path. Its sandbox lets no change stay or get out."""


@dataclass
class Trial:
    """What the action server must know to try the actions of a turn, and what it told of them.

    Attributes:
        conversation_id: The conversation.
        message_id: The message that is heard again.
        moment: When the turn began, in seconds since 1970.
        slots: What the dialogue remembered then.
        calls: The calls of the turn so far. Nothing of them stays there, so each request repeats them.
        withheld: What other systems would have been asked.
        written: How many rows of which table would have been written.
        replay: Names this run; the same run gets the same ids.
    """

    conversation_id: str
    message_id: str
    moment: float
    slots: dict[str, Any]
    calls: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[dict[str, Any]] = field(default_factory=list)
    written: list[dict[str, Any]] = field(default_factory=list)
    replay: str = field(default_factory=lambda: uuid.uuid4().hex)

    def asking(self, call: dict[str, Any]) -> dict[str, Any]:
        """The request for one more call."""
        self.calls.append(call)
        return {
            "replay": self.replay,
            "conversation_id": self.conversation_id,
            "message_id": self.message_id,
            "moment": self.moment,
            "slots": self.slots,
            "calls": self.calls,
        }

    def take_in(self, answer: dict[str, Any]) -> None:
        """Take what the sandbox says of itself out of an answer."""
        self.withheld += _rows(answer.pop("withheld", None))
        self.written += _rows(answer.pop("written", None))


def _rows(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

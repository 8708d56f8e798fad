"""Private chats with the bot: whether it may write, and all that the person saw."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.fakes.telegram.refusals import Refused


class State(StrEnum):
    """How a person stands with the bot."""

    STARTED = "started"
    NEVER = "never"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"


_REFUSALS = {
    State.NEVER: "bot can't initiate conversation with a user",
    State.BLOCKED: "bot was blocked by the user",
    State.DEACTIVATED: "user is deactivated",
}


@dataclass
class Spoken:
    """One message that a person got. ``method`` is what sent it; ``buttons`` are pairs of title and payload."""

    message_id: int
    method: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    keyboard: tuple[dict[str, Any], ...] = ()
    file: bytes | None = field(default=None, repr=False)
    filename: str | None = None
    reply_to: int | None = None


@dataclass
class Chat:
    """A private chat. Message ids of both sides are one increasing row."""

    id: int
    state: State = State.STARTED
    last_id: int = 100
    got: list[Spoken] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def next_id(self) -> int:
        """The id of the next message."""
        self.last_id += 1
        self.seen.add(self.last_id)
        return self.last_id

    def must_be_open(self) -> None:
        """Raise Refused unless the bot may write."""
        if self.state is not State.STARTED:
            raise Refused(403, f"Forbidden: {_REFUSALS[self.state]}")

    @property
    def described(self) -> dict[str, Any]:
        """The chat as updates and answers show it."""
        return {"id": self.id, "type": "private", "first_name": "Aina"}

    @property
    def person(self) -> dict[str, Any]:
        """Who writes in it."""
        return {"id": self.id, "is_bot": False, "first_name": "Aina", "last_name": "Sari", "language_code": "ms"}

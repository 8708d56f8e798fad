"""What the queue's JSON routes answer."""

from __future__ import annotations

from datetime import datetime

from console.api.describing import Exact


class DivisionAnswer(Exact):
    """A division as customers choose it."""

    id: str
    name: str
    description: str | None
    keyword_triggers: list[str]
    is_active: bool
    position: int
    avg_handling_time_minutes: int
    show_wait_time: bool
    auto_detect_keywords: bool
    keeps_hours: bool
    closed: bool
    opens_at: datetime | None


class DivisionsAnswer(Exact):
    """All divisions in the menu's order."""

    divisions: list[DivisionAnswer]


class IdAnswer(Exact):
    """What was made."""

    id: str


class WaitAnswer(Exact):
    """How long the next customer will probably wait."""

    low_seconds: int
    high_seconds: int
    low_minutes: int
    high_minutes: int


class WaitingAnswer(Exact):
    """A customer in a line."""

    conversation_id: str
    name: str
    channel: str
    place: int
    since: datetime
    urgent: bool
    preview: str


class LineAnswer(Exact):
    """The line of a division, or of those who are in none."""

    division: DivisionAnswer | None
    length: int
    next_wait: WaitAnswer | None
    waiting: list[WaitingAnswer]


class AgentAnswer(Exact):
    """Somebody who serves: how they stand and how much they have."""

    id: str
    name: str
    presence: str
    load: int
    capacity: int
    own_capacity: int | None
    division_ids: list[str]


class PromisesAnswer(Exact):
    """How many customers were told a wait, and for how many it was true."""

    kept: int
    told: int
    share: float | None


class QueueAnswer(Exact):
    """The whole panel."""

    rows: list[LineAnswer]
    people: list[AgentAnswer]
    me: AgentAnswer | None
    promises: PromisesAnswer
    waiting: int


class QueueSettingsAnswer(Exact):
    """How the queue works."""

    mode: str
    check_queue_keyword: str
    capacity: int
    idle_after: int
    reassign_after: int
    texts: dict[str, str]


class PresenceAnswer(Exact):
    """How the person stands: online, away or offline."""

    presence: str

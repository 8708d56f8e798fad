"""What the JSON routes of the other subjects answer, and what some of them take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from console.api.describing import Exact


class AliveAnswer(Exact):
    """The process is alive."""

    alive: bool


class ReadyAnswer(Exact):
    """Whether the process can do its work, why not, and what goes worse than it should."""

    ready: bool
    troubles: list[str]
    warnings: list[str]


class SchemaAnswer(BaseModel):
    """A JSON Schema."""

    model_config = ConfigDict(extra="allow")


class FindingAnswer(Exact):
    """One row that does not add up."""

    kind: str
    id: str
    why: str
    rows: int = 1


class LedgerAnswer(Exact):
    """The account of one day; ``kept`` says whether it is the night's, with its time."""

    organisation: str
    day: str
    timezone: str | None = None
    counts: dict[str, Any]
    missing: list[FindingAnswer]
    late: list[FindingAnswer] | None = None
    checked_at: datetime | None = None
    kept: bool


class ChannelAnswer(Exact):
    """One connected account and what was last proved about it."""

    id: str
    kind: str
    name: str
    active: bool
    link: str
    phone: str | None
    proved_at: datetime | None
    proved_by: str | None
    trouble: str | None
    trouble_since: datetime | None
    best_effort: bool
    fallback_url: str | None


class ChannelsAnswer(Exact):
    """All accounts of the organisation."""

    channels: list[ChannelAnswer]


class DeviceAnswer(Exact):
    """A linked phone as it stands, with the code to scan while it waits for one."""

    id: str
    name: str
    gateway: str
    active: bool
    status: str
    phone: str | None
    qr_code: str | None
    seconds_left: int | None
    needs_new_qr: bool
    proved_at: datetime | None
    proved_by: str | None
    trouble: str | None
    problem: str | None
    best_effort: bool
    fallback_url: str | None


class PageAnswer(Exact):
    """A Facebook page."""

    id: str
    name: str
    connected: bool | None = None


class ConnectFailure(Exact):
    """Why a page could not be connected, and what helps."""

    error: str
    errorCode: int | None
    errorSubcode: int | None
    actionRequired: str | None
    helpUrl: str | None
    steps: list[str]
    page: str | None


class ConnectAnswer(Exact):
    """The pages to choose from with a ticket, or what became of those that were chosen."""

    pages: list[PageAnswer] | None = None
    ticket: str | None = None
    connected: list[PageAnswer] | None = None
    failed: list[ConnectFailure] | None = None


class ChatFile(Exact):
    """A file of the web chat; its addresses are signed and end."""

    id: str
    kind: str
    name: str | None
    size: str | int | None
    mime_type: str | None
    status: str
    url: str | None
    thumbnail_url: str | None


class ChatMessage(Exact):
    """One line of the web chat."""

    position: int
    client_id: str | None
    from_: str = Field(alias="from")
    author: str | None
    text: str | None
    choices: list[Any]
    image_url: str | None
    files: list[ChatFile]
    at: datetime
    status: str


class ChatSessionAnswer(Exact):
    """The visitor's token, and what was said until now."""

    token: str
    messages: list[ChatMessage]
    position: int


class ChatMessageAnswer(Exact):
    """The message that was stored."""

    message: ChatMessage


class ChatMessagesAnswer(Exact):
    """The messages after a position."""

    messages: list[ChatMessage]


class StoredAnswer(Exact):
    """How many messages and receipts of a webhook's body were new."""

    stored: int


class RefusedSignature(Exact):
    """The body was not signed by the provider."""

    error: str


class FormAnswer(BaseModel):
    """A web form: its fields, what is wrong with what was sent, or thanks."""

    model_config = ConfigDict(extra="allow")


class ScheduleAnswer(Exact):
    """One window of a bot's hours; weekday 0 is Sunday."""

    id: int
    bot_id: str
    day_of_week: int
    start_time: str
    end_time: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class SchedulesAnswer(Exact):
    """A bot's hours: the settings that hold for all of them, and its windows."""

    bot_id: str
    own: bool
    schedule_enabled: bool
    timezone: str | None
    outside_hours_message: str | None
    outside_hours_messages: dict[str, str]
    tells_customer: bool
    needs_human: bool
    special_days: list[dict[str, Any]]
    schedules: list[ScheduleAnswer]

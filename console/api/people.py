"""What the JSON routes about staff and their work take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from console.api.describing import Exact


class LoginBody(Exact):
    """Address and password; ``code`` of the second factor for those who have one."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)
    code: str | None = Field(None, max_length=30)


class Me(Exact):
    """Who is logged in, and what they may do. ``outlets`` is null for somebody who sees all."""

    id: str
    name: str
    email: str
    language: str
    organisation: str
    roles: list[str]
    permissions: list[str]
    outlets: list[str] | None
    must_set_up_second_factor: bool


class LoginAnswer(Exact):
    """The session is in a cookie; changes carry the token in the header X-CSRF-Token."""

    user: Me
    csrf_token: str


class DoneAnswer(Exact):
    """It is done."""

    done: bool = True


class ColleagueAnswer(Exact):
    """One member of the staff. ``fid`` and ``oid`` are the franchises and outlets they are limited to."""

    id: str
    name: str
    email: str
    roles: list[str]
    language: str
    active: bool
    joined: bool
    second_factor: bool
    limited: bool
    fid: list[str]
    oid: list[str]
    invited_until: datetime | None


class StaffAnswer(Exact):
    """The whole staff."""

    staff: list[ColleagueAnswer]


class InviteBody(Exact):
    """Somebody to invite; the link goes to them by mail."""

    name: str = Field(max_length=140)
    email: str = Field(max_length=200)
    roles: list[str]
    language: str = "en"
    limited: bool = False
    fid: list[str] = Field(default_factory=list)
    oid: list[str] = Field(default_factory=list)


class ChangeBody(Exact):
    """What to change: roles, outlets (all three together), whether they work here. What is left out stays."""

    roles: list[str] | None = None
    limited: bool | None = None
    fid: list[str] = Field(default_factory=list)
    oid: list[str] = Field(default_factory=list)
    active: bool | None = None


class ConversationAnswer(Exact):
    """One conversation of the list."""

    id: str
    contact: str
    channel: str
    account: str
    status: str
    outlet: str | None
    assigned_to: str | None
    unread: int
    preview: str
    last_activity_at: datetime


class ConversationsAnswer(Exact):
    """A page of the list; ``next`` goes into ``before`` for the page after it."""

    conversations: list[ConversationAnswer]
    next: str | None


class ContactAnswer(Exact):
    """A customer."""

    id: str
    first_name: str | None
    last_name: str | None
    profile_name: str | None
    phone: str | None
    phone_proved: bool
    language: str | None
    created_at: datetime


class ContactsAnswer(Exact):
    """A page of customers; ``next`` goes into ``after`` for the page after it."""

    users: list[ContactAnswer]
    next: str | None


class AuditAnswerLine(Exact):
    """One act."""

    id: int
    at: datetime
    staff_id: str | None
    who: str | None
    action: str
    subject_kind: str
    subject_id: str
    subject: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    address: str


class AuditAnswer(Exact):
    """A page of the audit log; ``next`` goes into ``before`` for the page after it."""

    entries: list[AuditAnswerLine]
    next: int | None

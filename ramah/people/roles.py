"""Roles of staff and what each may do. A person may have several; what one of them grants is granted."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of the staff is there for."""

    AGENT = "agent"
    SALES = "sales"
    RENEWAL = "renewal"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that not everybody may do."""

    ANSWER = "answer"
    DECIDE_PAYMENTS = "decide_payments"
    SEE_LEDGER = "see_ledger"
    SEE_REPORTS = "see_reports"
    MANAGE_CONTACTS = "manage_contacts"
    MANAGE_QUEUE = "manage_queue"
    MANAGE_HOURS = "manage_hours"
    MANAGE_CANNED_REPLIES = "manage_canned_replies"
    MANAGE_LABELS = "manage_labels"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SETTINGS = "manage_settings"
    SEE_AUDIT = "see_audit"
    SEE_WHY = "see_why"
    SEE_INCIDENTS = "see_incidents"


_ANSWERING = frozenset({Permission.ANSWER})
_SUPERVISING = _ANSWERING | {
    Permission.DECIDE_PAYMENTS,
    Permission.SEE_LEDGER,
    Permission.SEE_REPORTS,
    Permission.SEE_WHY,
    Permission.MANAGE_CONTACTS,
    Permission.MANAGE_QUEUE,
    Permission.MANAGE_HOURS,
    Permission.MANAGE_CANNED_REPLIES,
    Permission.MANAGE_LABELS,
}
GRANTED: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _ANSWERING,
    Role.SALES: _ANSWERING,
    Role.RENEWAL: _ANSWERING,
    Role.SUPERVISOR: _SUPERVISING,
    Role.ADMIN: frozenset(Permission),
}


def permissions(roles: Iterable[str]) -> frozenset[Permission]:
    """All that the roles grant together; a role that we do not know grants nothing."""
    known = {role.value for role in Role}
    granted = (GRANTED[Role(role)] for role in roles if role in known)
    return frozenset(permission for one in granted for permission in one)

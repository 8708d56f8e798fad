"""From lines of the message log to what its page and its file show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from console.failures import failure_of
from console.inbox.presenters import contact_name
from console.messages.asking import PLATFORM
from console.translations import Marked, mark, translator
from ramah.channels.sentences import Explanation
from ramah.desk.messages.asking import Direction
from ramah.desk.messages.log import LogLine
from ramah.messaging.models import ChannelAccount

STATES: dict[Direction, dict[str, Marked]] = {
    Direction.IN: {"waiting": mark("Waiting"), "done": mark("Dealt with"), "failed": mark("Turn failed")},
    Direction.OUT: {
        "queued": mark("Queued"),
        "sending": mark("Being sent"),
        "sent": mark("Sent"),
        "delivered": mark("Delivered"),
        "read": mark("Read"),
        "failed": mark("Not delivered"),
        "uncertain": mark("Not confirmed yet"),
        "unproved": mark("Nobody can confirm it"),
        "dropped": mark("Dropped at a takeover"),
    },
}
CHOICES: dict[str, Marked] = {**STATES[Direction.IN], **STATES[Direction.OUT], "failed": mark("Failed")}
TONES = {
    "failed": "bad",
    "unproved": "bad",
    "uncertain": "open",
    "waiting": "open",
    "delivered": "good",
    "read": "good",
}
TURN_FAILED = Explanation(
    mark("The assistant could not answer this message."), mark("The customer was put into the queue for a person.")
)
SHORT = 160
COLUMNS = (
    "at", "direction", "customer", "phone", "channel", "account", "author", "text", "status", "reason", "code",
    "provider_said", "attempts", "provider_id", "conversation",
)  # fmt: skip


def shown(line: LogLine, language: str, zone: str) -> dict[str, Any]:
    """One row of the page."""
    return {
        "at": line.at.astimezone(ZoneInfo(zone)),
        "direction": line.direction.value,
        "name": contact_name(line.contact, language),
        "phone": line.contact.phone,
        "channel": line.account.kind,
        "account": line.account.name,
        "author": line.staff or line.author,
        "text": line.text[:SHORT] or f"[{line.kind}]",
        "state": STATES[line.direction].get(line.status, line.status),
        "tone": TONES.get(line.status, ""),
        "failure": _failure(line, language),
        "code": line.error_code,
        "said": line.trouble,
        "attempts": line.attempts,
        "href": f"/console/conversations/{line.conversation_id}?at={line.position}#message-{line.position}",
    }


def cells(line: LogLine, language: str) -> list[object]:
    """One line of the file, in the order of ``COLUMNS``."""
    failure = _failure(line, language)
    return [
        line.at.isoformat(timespec="seconds"),
        line.direction.value,
        contact_name(line.contact, language),
        line.contact.phone,
        line.account.kind,
        line.account.name,
        line.staff or line.author,
        line.text,
        line.status,
        f"{failure.sentence} {failure.next_step}" if failure else "",
        line.error_code,
        line.trouble,
        line.attempts,
        line.provider_id,
        line.conversation_id,
    ]


def channel_choices(accounts: Sequence[ChannelAccount]) -> list[dict[str, Any]]:
    """Platforms with their accounts: a platform with several can be chosen as a whole."""
    kinds = dict.fromkeys(account.kind for account in accounts)
    return [
        {
            "kind": kind,
            "whole": f"{PLATFORM}{kind}",
            "accounts": [(one.id, one.name) for one in accounts if one.kind == kind],
        }
        for kind in kinds
    ]


def _failure(line: LogLine, language: str) -> Explanation | None:
    if line.direction is Direction.OUT:
        return failure_of(line.account.kind, line.status, line.error_code, language)
    if line.status != "failed":
        return None
    said = translator(language)
    return Explanation(said(TURN_FAILED.sentence), said(TURN_FAILED.next_step))

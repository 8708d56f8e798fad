"""What people got, told by itself: for tests that prove that nobody got anything twice or out of order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fakes.graph.graph import Line

FILE_KINDS = ("image", "video", "audio", "document", "sticker")


def journal(lines: Iterable[Line]) -> dict[str, list[dict[str, Any]]]:
    """Per person, every message of a business that Graph accepted, in the order of acceptance.

    ``reference`` is what the sender put into ``biz_opaque_callback_data``; ``at`` is the fake's time.
    """
    people: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if line.ours:
            people.setdefault(line.user, []).append(_entry(line))
    return people


def _entry(line: Line) -> dict[str, Any]:
    body = line.body
    return {
        "id": line.id,
        "phone_number_id": line.phone_number_id,
        "reference": body.get("biz_opaque_callback_data"),
        "at": line.at,
        "type": body.get("type", "text"),
        "text": shown_text(body),
        "choices": shown_choices(body),
        "media_id": media_id(body),
        "reply_to": (body.get("context") or {}).get("message_id"),
        "statuses": line.statuses,
    }


def shown_text(body: dict[str, Any]) -> str:
    """The words that a person reads."""
    kind = body.get("type", "text")
    if kind == "text":
        return str(body["text"]["body"])
    if kind == "interactive":
        return str(body["interactive"]["body"]["text"])
    return str(body[kind].get("caption", "")) if kind in FILE_KINDS else ""


def replies(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What a person can tap: objects with ``id`` and ``title``."""
    action = body.get("interactive", {}).get("action", {})
    buttons = [button["reply"] for button in action.get("buttons", [])]
    return buttons + [row for section in action.get("sections", []) for row in section["rows"]]


def shown_choices(body: dict[str, Any]) -> list[str]:
    """The titles that a person can tap."""
    return [str(reply["title"]) for reply in replies(body)]


def media_id(body: dict[str, Any]) -> str | None:
    """The uploaded file that a person sees, above buttons too."""
    kind = body.get("type", "text")
    holder = body if kind in FILE_KINDS else body.get("interactive", {}).get("header", {})
    described = holder.get(holder.get("type", ""), {})
    return described.get("id") if isinstance(described, dict) else None

"""Webhook bodies as Meta shapes them. Times are milliseconds."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]


def envelope(page_id: str, event: Event, *, standby: bool = False) -> dict[str, Any]:
    """One event in its envelope; ``standby``: another app answers in this thread."""
    entry = {"id": page_id, "time": event["timestamp"], "standby" if standby else "messaging": [event]}
    return {"object": "page", "entry": [entry]}


def from_person(page_id: str, psid: str, at: int, content: dict[str, Any]) -> Event:
    """Something that a person did."""
    return {"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": at, **content}


def echo(page_id: str, psid: str, at: int, message: dict[str, Any]) -> Event:
    """What the page sent, by whichever app or person."""
    said = {"is_echo": True, **message}
    return {"sender": {"id": page_id}, "recipient": {"id": psid}, "timestamp": at, "message": said}


def delivery(page_id: str, psid: str, at: int, mids: list[str] | None) -> Event:
    """Everything up to ``at`` arrived."""
    named = {} if mids is None else {"mids": mids}
    return from_person(page_id, psid, at, {"delivery": {**named, "watermark": at}})


def read(page_id: str, psid: str, at: int) -> Event:
    """Everything up to ``at`` was read."""
    return from_person(page_id, psid, at, {"read": {"watermark": at}})

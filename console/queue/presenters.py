"""From the queue's rows to what its pages and the JSON show. No queries, no decisions but of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from console.inbox.presenters import contact_name
from ramah.channels.content import Outgoing
from ramah.desk.queue.panel import Panel, Person, Row, Waiting
from ramah.messaging.divisions.estimates import Wait
from ramah.messaging.divisions.menu import Around, Line, menu_message
from ramah.messaging.divisions.opening import all_closed, closed
from ramah.messaging.divisions.texts import Texts, default_texts
from ramah.messaging.models import Division, QueueSettings
from ramah.store import utc_now

EXAMPLE_PLACE = 3


def panel(found: Panel, me: str) -> dict[str, Any]:
    """The whole panel."""
    return {
        "rows": [row(one) for one in found.rows],
        "people": [person(one) for one in found.people],
        "me": next((person(one) for one in found.people if one.staff.id == me), None),
        "promises": {"kept": found.promises.kept, "told": found.promises.told, "share": found.promises.share},
        "waiting": sum(one.length for one in found.rows),
    }


def row(found: Row) -> dict[str, Any]:
    """One line."""
    return {
        "division": division(found.division) if found.division else None,
        "length": found.length,
        "next_wait": wait(found.next_wait),
        "waiting": [waiting(one) for one in found.waiting],
    }


def waiting(found: Waiting) -> dict[str, Any]:
    """One customer in a line."""
    return {
        "conversation_id": found.conversation.id,
        "name": contact_name(found.contact),
        "channel": found.channel,
        "place": found.place,
        "since": found.conversation.queued_at,
        "urgent": found.conversation.queue_rank == 0,
        "preview": found.conversation.preview,
    }


def person(found: Person) -> dict[str, Any]:
    """Somebody who serves."""
    return {
        "id": found.staff.id,
        "name": found.staff.name,
        "presence": found.presence.value,
        "load": found.load,
        "capacity": found.capacity,
        "own_capacity": found.own_capacity,
        "division_ids": sorted(found.division_ids),
    }


def division(found: Division) -> dict[str, Any]:
    """A division as its form and the JSON have it, closed or not at this moment."""
    shut = closed(found, utc_now())
    return {
        "id": found.id,
        "name": found.name,
        "description": found.description,
        "keyword_triggers": found.keyword_triggers,
        "is_active": found.is_active,
        "position": found.position,
        "avg_handling_time_minutes": found.avg_handling_time_minutes,
        "show_wait_time": found.show_wait_time,
        "auto_detect_keywords": found.auto_detect_keywords,
        "keeps_hours": bool(found.hours and found.hours["enabled"]),
        "closed": shut is not None,
        "opens_at": shut.opens if shut else None,
    }


def settings(found: QueueSettings | None, mode: str) -> dict[str, Any]:
    """How the queue works; what nobody has set is the default."""
    row = found or QueueSettings(texts={}, check_queue_keyword="#", capacity=3, idle_after=10, reassign_after=5)
    return {
        "mode": mode,
        "check_queue_keyword": row.check_queue_keyword,
        "capacity": row.capacity,
        "idle_after": row.idle_after,
        "reassign_after": row.reassign_after,
        "texts": row.texts,
    }


def texts(own: Mapping[str, str], language: str) -> list[dict[str, str]]:
    """Each text with its default, in the order of a conversation."""
    return [
        {"name": name, "text": own.get(name, default), "default": default}
        for name, default in default_texts(language).items()
    ]


def wait(found: Wait | None) -> dict[str, int] | None:
    """A range in seconds, and as minutes for reading."""
    if found is None:
        return None
    low, high = found.minutes
    return {"low_seconds": found.low, "high_seconds": found.high, "low_minutes": low, "high_minutes": high}


def preview(divisions: Sequence[Division], words: Texts) -> list[dict[str, Any]]:
    """A conversation as the customer sees it: menu, choice, place, the person."""
    active = [one for one in divisions if one.is_active]
    shut = all_closed(active, utc_now())
    lines = [Line(one, 0, None) for one in active if one.id not in {other.division.id for other in shut}]
    name = active[0].name if active else words.word("any_team")
    menu = menu_message(lines, words, has_buttons=True, around=Around(closed=shut)) if active else None
    place = words.say("queue_message_template", division=name, queue_number=EXAMPLE_PLACE)
    again = words.say("queue_position_message", division=name, queue_number=EXAMPLE_PLACE - 1)
    return [
        *([_bubble("bot", menu)] if menu else []),
        {"from": "customer", "text": "1", "choices": []},
        {"from": "bot", "text": f"{place}\n{words.word('wait_range', low=5, high=10)}", "choices": []},
        {"from": "customer", "text": words.check_keyword, "choices": []},
        {"from": "bot", "text": again, "choices": []},
        {"from": "bot", "text": words.say("assigned_message", agent="Rani", division=name), "choices": []},
    ]


def _bubble(sender: str, message: Outgoing) -> dict[str, Any]:
    return {"from": sender, "text": message.text, "choices": [choice.title for choice in message.choices]}

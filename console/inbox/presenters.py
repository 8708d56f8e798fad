"""From rows to what the templates show. No queries, no decisions but of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.failures import failure_of
from console.inbox.history import moment_named, what_happened
from console.inbox.tickets import consent_items, handover_reason, ticket_items, waits_first
from console.translations import mark, translator
from ramah.booking.models import Draft, DraftStatus
from ramah.desk.inbox_list import ListItem
from ramah.desk.notes import NOTE
from ramah.desk.side import SideFacts
from ramah.desk.templates import ClosedWindow
from ramah.messaging.media.links import file_links
from ramah.messaging.media.views import FileView
from ramah.messaging.models import Conversation, HandledBy
from ramah.messaging.registry import channel_for
from ramah.messaging.thread import Line
from ramah.people import Contact
from ramah.people.sessions import Login
from ramah.settings import Settings, settings

TICKS = {"sending": "queued", "dropped": None}
LABELS = {
    "service": mark("Service"),
    "booking_kind": mark("Kind"),
    "plan": mark("Plan"),
    "first_name": mark("First name"),
    "last_name": mark("Last name"),
    "phone": mark("Phone"),
    "car_make": mark("Make"),
    "car_model": mark("Model"),
    "car_year": mark("Year"),
    "car_plate": mark("Plate"),
    "place": mark("Where"),
    "outlet": mark("Outlet"),
    "street": mark("Street"),
    "city": mark("City"),
    "postcode": mark("Postcode"),
    "landmark": mark("Landmark"),
    "appointment_date": mark("Date"),
    "appointment_time": mark("Time"),
}
VISITOR = mark("Web visitor")
SOMEBODY = mark("Somebody")
STATUSES = {
    DraftStatus.BOOKED: mark("Booked"),
    DraftStatus.SUBMITTING: mark("Waiting for the ERP"),
    DraftStatus.FAILED: mark("Failed"),
}
STATES = {DraftStatus.BOOKED: "good", DraftStatus.SUBMITTING: "open", DraftStatus.FAILED: "bad"}


@dataclass(frozen=True)
class Reader:
    """Who reads the thread: in which language, and of which channel."""

    language: str
    channel: str


def contact_name(contact: Contact, language: str = "en") -> str:
    """Name, else the channel's profile name, else the number, else a label."""
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    return name or contact.profile_name or contact.phone or f"{translator(language)(VISITOR)} {contact.id[:4]}"


def row(item: ListItem, login: Login, chosen: str) -> dict[str, Any]:
    """One row of the list that is filtered by ``chosen``. The page sorts by ``order``, highest first."""
    conversation = item.conversation
    return {
        "id": conversation.id,
        "name": contact_name(item.contact, login.language),
        "channel": item.channel,
        "preview": conversation.preview,
        "preview_from": "customer",
        "preview_status": None,
        "at": conversation.last_activity_at,
        "order": item.turn if chosen == "waiting" else item.order,
        "first": waits_first(conversation),
        "unread": conversation.unread,
        "handled_by": conversation.handled_by,
        "assigned": item.assigned,
        "labels": item.labels,
        "closes_at": item.closes_at if conversation.handled_by != HandledBy.CLOSED else None,
        "snoozed_until": conversation.snoozed_until,
        "mine": conversation.staff_id == login.staff_id,
        "proposed": conversation.proposed_at is not None,
        "mood": conversation.mood,
        "urgent": conversation.urgent,
        "stage": conversation.stage,
        "blocked": item.contact.blocked_at is not None,
    }


def head(item: ListItem, login: Login, closed_window: ClosedWindow | None) -> dict[str, Any]:
    """The open conversation."""
    conversation = item.conversation
    mine = conversation.staff_id == login.staff_id
    closed = conversation.handled_by == HandledBy.CLOSED
    # Who answers outside the console is nobody whom we know; that conversation is free to take.
    human = conversation.handled_by == HandledBy.HUMAN and conversation.staff_id is not None
    return {
        "id": conversation.id,
        "name": contact_name(item.contact, login.language),
        "channel": item.channel,
        "account": item.account,
        "handled_by": conversation.handled_by,
        "assigned": item.assigned,
        "labels": item.labels,
        "closes_at": item.closes_at if not closed else None,
        "snoozed": conversation.snoozed_until is not None,
        "can_reopen": closed and item.contact.blocked_at is None,
        "closed": closed,
        "blocked": item.contact.blocked_at is not None,
        "can_quote": channel_for(item.channel).abilities.answers_bubbles,
        "mine": mine,
        "can_take": not human and not closed,
        "can_release": human and mine,
        "can_close": not closed and (mine or not human),
        "can_write": human and mine and closed_window is None,
        "templates": _templates(closed_window, conversation) if human and mine else None,
    }


def _templates(closed: ClosedWindow | None, conversation: Conversation) -> list[dict[str, Any]] | None:
    """What may be sent into a closed window; None while it is open. The key stays until the thread goes on."""
    if closed is None:
        return None
    return [
        {
            "name": template.name,
            "preview": template.preview or template.name,
            "fields": [
                {"index": index, "label": parameter.name or str(index + 1), "value": parameter.text}
                for index, parameter in enumerate(template.parameters)
                if parameter.attachment is None
            ],
            "send_key": f"template-{template.name[:30]}-{conversation.next_position}",
        }
        for template in closed.templates
    ]


def messages(lines: Sequence[Line], reader: Reader, files: Mapping[int, Sequence[FileView]]) -> list[dict[str, Any]]:
    """Lines of the thread with their files; an answer shows the bubble that it answers where that is among them."""
    named = {line.external_id: line for line in lines if line.external_id}
    return [message(line, reader, files.get(line.position, ()), named.get(line.quotes or "")) for line in lines]


def message(line: Line, reader: Reader, files: Sequence[FileView] = (), quoted: Line | None = None) -> dict[str, Any]:
    """One line of the thread, with its files and the bubble that it answers."""
    config = settings()
    sender = {"system": "bot", "note": "note" if line.kind == NOTE else "system"}.get(line.author, line.author)
    return {
        "position": line.position,
        "sender": sender,
        "author": line.author_name,
        "text": what_happened(line, reader.language) if sender == "system" else _text(line),
        "moment": moment_named(line),
        "quoted": {"position": quoted.position, "text": _text(quoted)[:120]} if quoted else None,
        "choices": [{"title": c["title"], "description": c.get("description")} for c in line.choices],
        "image_url": line.image_url,
        "files": [_file(config, view) for view in files],
        "tapped": line.kind == "tap",
        "turn": line.turn if line.author in ("customer", "bot") else None,
        "at": line.at,
        **tick(line, reader),
    }


def _file(config: Settings, view: FileView) -> dict[str, Any]:
    links = file_links(config, view)
    return {
        "kind": view.kind,
        "name": view.name or view.kind,
        "size": naturalsize(view.size),
        "status": view.status,
        "trouble": view.trouble,
        "url": links.whole,
        "thumbnail_url": links.small,
    }


def naturalsize(size: int | None) -> str:
    """Bytes as people say them."""
    if size is None:
        return ""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} kB"


def tick(line: Line, reader: Reader) -> dict[str, Any]:
    """The delivery tick of a line, and in the reader's language why it did not arrive and what to do."""
    words = failure_of(reader.channel, line.status, line.error_code, reader.language)
    failure = f"{words.sentence} {words.next_step}" if words else None
    return {"position": line.position, "status": TICKS.get(line.status or "", line.status), "failure": failure}


def side(facts: SideFacts, conversation: Conversation, viewer: str, language: str = "en") -> dict[str, Any]:
    """The panel beside the thread."""
    contact = facts.contact
    return {
        "contact": {
            "id": contact.id,
            "name": contact_name(contact, language),
            "phone": contact.phone,
            "email": contact.email,
            "language": contact.language,
            "since": contact.created_at,
            "identities": [
                {"channel": i.platform_type, "address": _address(i.platform_type, i.platform_id)}
                for i in facts.identities
            ],
        },
        "tickets": ticket_items(facts, viewer),
        "opted_out_at": contact.opted_out_at,
        "consents": consent_items(facts),
        "handover_reason": handover_reason(conversation),
        "drafts": [_draft(draft) for draft in facts.drafts],
        "bookings": [_booking(draft) for draft in facts.booked],
        "cars": _cars(facts),
        "state": _state(facts, conversation),
        "understood": _understood(facts),
        "elsewhere": facts.elsewhere,
    }


def _state(facts: SideFacts, conversation: Conversation) -> dict[str, Any]:
    return {
        "mood": conversation.mood,
        "score": conversation.mood_score or 0.0,
        "urgent": conversation.urgent,
        "stage": conversation.stage,
        "doctor": facts.last_turn[0].doctor if facts.last_turn else None,
    }


def _text(line: Line) -> str:
    return line.text or (f"[{line.kind}]" if line.author == "customer" else "")


def _address(channel: str, address: str) -> str:
    return address if channel != "webchat" else address[:8]


def _draft(draft: Draft) -> dict[str, Any]:
    fields = [{"label": LABELS[name], "value": draft.fields[name]["value"]} for name in LABELS if name in draft.fields]
    return {"title": draft.reference, "at": draft.updated_at, "fields": fields}


def _booking(draft: Draft) -> dict[str, Any]:
    document = draft.document or {}
    starts = datetime.fromisoformat(document["starts_at"]) if "starts_at" in document else None
    return {
        "reference": draft.reference,
        "title": document.get("service_name") or mark("Booking"),
        "when": starts.strftime("%a %d %b %Y, %H:%M") if starts else "",
        "place": document.get("outlet_code"),
        "status": STATUSES[DraftStatus(draft.status)],
        "state": STATES[DraftStatus(draft.status)],
    }


def _cars(facts: SideFacts) -> list[dict[str, Any]]:
    cars = [draft.document["vehicle"] for draft in facts.booked if draft.document and draft.document.get("vehicle")]
    unique = {car["plate"]: car for car in cars}
    return [{"title": f"{car['make']} {car['model']} {car['year']}", "plate": plate} for plate, car in unique.items()]


def _understood(facts: SideFacts) -> dict[str, Any] | None:
    if facts.last_turn is None:
        return None
    turn, text = facts.last_turn
    entities = turn.understood.get("entities") or []
    actions = [str(step.get("action")) for step in turn.did if step.get("action") != "action_listen"]
    return {
        "text": text,
        "intent": turn.intent or "-",
        "confidence": turn.confidence or 0.0,
        "language": turn.language,
        "action": actions[-1] if actions else None,
        "entities": [{"name": str(e.get("entity")), "value": str(e.get("value"))} for e in entities],
        "at": turn.created_at,
    }

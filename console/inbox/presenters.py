"""From rows to what the templates show. No queries, no decisions but of words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ramah.booking.models import Draft, DraftStatus
from ramah.desk.inbox_list import ListItem
from ramah.desk.side import SideFacts
from ramah.messaging.models import Conversation, HandledBy
from ramah.messaging.thread import Line
from ramah.people import Contact
from ramah.people.sessions import Login

NOTES = {"taken_over": "{name} took over", "released": "{name} gave it back to the bot", "closed": "{name} closed it"}
TICKS = {"sending": "queued", "dropped": None}
FAILURES = {
    "window": "More than 24 hours since the customer wrote: send a template instead.",
    "131047": "More than 24 hours since the customer wrote: send a template instead.",
    "131026": "This number cannot be reached on WhatsApp. Try another way.",
    "190": "WhatsApp refused the access token: ask an administrator to reconnect the number.",
}
LABELS = {
    "service": "Service",
    "booking_kind": "Kind",
    "plan": "Plan",
    "first_name": "First name",
    "last_name": "Last name",
    "phone": "Phone",
    "car_make": "Make",
    "car_model": "Model",
    "car_year": "Year",
    "car_plate": "Plate",
    "place": "Where",
    "outlet": "Outlet",
    "street": "Street",
    "city": "City",
    "postcode": "Postcode",
    "landmark": "Landmark",
    "appointment_date": "Date",
    "appointment_time": "Time",
}
STATES = {DraftStatus.BOOKED: "good", DraftStatus.SUBMITTING: "open", DraftStatus.FAILED: "bad"}


def contact_name(contact: Contact) -> str:
    """Name, else the channel's profile name, else the number, else a label."""
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    return name or contact.profile_name or contact.phone or f"Web visitor {contact.id[:4]}"


def row(item: ListItem, login: Login, chosen: str) -> dict[str, Any]:
    """One row of the list that is filtered by ``chosen``. The page sorts by ``order``, highest first."""
    conversation = item.conversation
    longest_waiting_first = chosen == "waiting"
    return {
        "id": conversation.id,
        "name": contact_name(item.contact),
        "channel": item.channel,
        "preview": conversation.preview,
        "preview_from": "customer",
        "preview_status": None,
        "at": conversation.last_activity_at,
        "order": -item.order if longest_waiting_first else item.order,
        "unread": conversation.unread,
        "handled_by": conversation.handled_by,
        "assigned": item.assigned,
        "mine": conversation.staff_id == login.staff_id,
    }


def head(item: ListItem, login: Login) -> dict[str, Any]:
    """The open conversation."""
    conversation = item.conversation
    mine = conversation.staff_id == login.staff_id
    human, closed = conversation.handled_by == HandledBy.HUMAN, conversation.handled_by == HandledBy.CLOSED
    return {
        "id": conversation.id,
        "name": contact_name(item.contact),
        "channel": item.channel,
        "account": item.account,
        "handled_by": conversation.handled_by,
        "assigned": item.assigned,
        "mine": mine,
        "can_take": not human and not closed,
        "can_release": human and mine,
        "can_close": not closed and (mine or not human),
        "can_write": human and mine,
    }


def message(line: Line) -> dict[str, Any]:
    """One line of the thread."""
    note = line.author == "note"
    return {
        "position": line.position,
        "sender": "system" if note else ("bot" if line.author == "system" else line.author),
        "author": line.author_name,
        "text": NOTES.get(line.kind, line.kind).format(name=line.author_name or "Somebody") if note else _text(line),
        "choices": [{"title": c["title"], "description": c.get("description")} for c in line.choices],
        "image_url": line.image_url,
        "tapped": line.kind == "tap",
        "at": line.at,
        **tick(line),
    }


def tick(line: Line) -> dict[str, Any]:
    """The delivery tick of a line."""
    failure = FAILURES.get(line.error_code or "", line.error_text) if line.status == "failed" else None
    return {"position": line.position, "status": TICKS.get(line.status or "", line.status), "failure": failure}


def side(facts: SideFacts, conversation: Conversation) -> dict[str, Any]:
    """The panel beside the thread."""
    contact = facts.contact
    return {
        "contact": {
            "name": contact_name(contact),
            "phone": contact.phone,
            "email": None,
            "language": contact.language,
            "since": contact.created_at,
            "identities": [
                {"channel": i.platform_type, "address": _address(i.platform_type, i.platform_id)}
                for i in facts.identities
            ],
        },
        "drafts": [_draft(draft) for draft in facts.drafts],
        "bookings": [_booking(draft) for draft in facts.booked],
        "cars": _cars(facts),
        "understood": _understood(facts),
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
        "title": document.get("service_name", "Booking"),
        "when": starts.strftime("%a %d %b %Y, %H:%M") if starts else "",
        "place": document.get("outlet_code"),
        "status": {"booked": "Booked", "submitting": "Waiting for the ERP", "failed": "Failed"}[draft.status],
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

"""The resume card: what was learned while a person had the conversation. Only what that person ticks is written, into
the contact and the booking in hand, so that the bot's next message fits and asks for none of it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.booking.context import load_context
from ramah.booking.drafts import current_draft, new_reference
from ramah.booking.extract.phone import find_phone
from ramah.booking.facts import PERSON
from ramah.booking.heard import Heard
from ramah.booking.models import Draft
from ramah.booking.notes import find_note, with_note
from ramah.booking.reading import LONGEST_FACT, read
from ramah.booking.understanding import reading_context
from ramah.desk.notes import NOTE
from ramah.lib.errors import BadInput
from ramah.messaging.inbox import SAY
from ramah.messaging.models import Conversation, HandledBy, Inbound, ThreadNote
from ramah.people import Contact
from ramah.store import Database, utc_now

SOURCE = "staff"
TAKEN = ("taken_over", "assigned", "queue_assigned", "reopened", "answered_elsewhere")
"""Lines with which a person's time in the conversation begins."""
MOST_READ = 60
SHOWN = (
    "service", "booking_kind", "plan", "first_name", "last_name", "phone", "car_make", "car_model", "car_year",
    "car_colour", "car_plate", "place", "outlet", "street", "unit", "neighbourhood", "district", "city", "postcode",
    "landmark", "appointment_date", "appointment_time", "notes",
)  # fmt: skip
WRITABLE = frozenset(
    {"first_name", "last_name", "phone", "car_make", "car_model", "car_year", "car_colour", "car_plate", "street",
     "unit", "neighbourhood", "district", "city", "postcode", "landmark", "notes"}
)  # fmt: skip
"""Facts whose words an operator may put right; the others are codes and moments, ticked or left out as they are."""


@dataclass(frozen=True)
class Learned:
    """One fact: what was heard, and what the booking or the contact holds of it so far (None: nothing)."""

    name: str
    value: str
    before: str | None

    @property
    def writable(self) -> bool:
        """Whether its words may be put right."""
        return self.name in WRITABLE


def learned(database: Database, organisation_id: str, conversation_id: str) -> list[Learned]:
    """What the customer wrote and colleagues noted since a person took over, read as the booking reads it; only what
    is new or other than before."""
    context = load_context(database, organisation_id, conversation_id, None)
    with database.tenant_reading(organisation_id) as session:
        said, before = _said(session, conversation_id), _known(session, conversation_id)
    facts = dict(before)
    for text in said:
        heard = Heard(text=text)
        facts.update(read(heard, None, reading_context(facts, context)).facts)
        note = find_note(heard)
        if note is not None:
            facts["notes"] = with_note(facts, note)
    return [
        Learned(name, facts[name], before.get(name)) for name in SHOWN if facts.get(name, "") != before.get(name, "")
    ]


def write_learned(session: Session, conversation: Conversation, facts: Mapping[str, str]) -> list[str]:
    """Write the ticked facts; returns their names. The caller holds the conversation's lock.

    A booking in hand gets them all. Without one, what tells of a visit begins one, and a name or number alone goes to
    the contact only. Raises BadInput for a fact that there is not, and one that is empty or too long."""
    facts = {name: " ".join(value.replace("\x00", "").split()) for name, value in facts.items()}
    for name, value in facts.items():
        if name not in SHOWN or not value or len(value) > (500 if name == "notes" else LONGEST_FACT):
            raise BadInput(f"this cannot be kept as {name.replace('_', ' ')}")
    if not facts:
        return []
    contact = session.get_one(Contact, conversation.contact_id)
    if "phone" in facts:
        facts["phone"] = _number(facts["phone"])
    _to_contact(contact, facts)
    draft = current_draft(session, conversation.id)
    if draft is None and set(facts) - set(PERSON):
        draft = Draft(
            reference=new_reference(), conversation_id=conversation.id, contact_id=contact.id, current=True, fields={}
        )
        session.add(draft)
    if draft is not None:
        at = utc_now().isoformat()
        ticked = {name: {"value": value, "source": SOURCE, "at": at} for name, value in facts.items()}
        draft.fields, draft.updated_at = {**draft.fields, **ticked}, utc_now()
    return list(facts)


def _number(told: str) -> str:
    found = find_phone(told, "ID") or find_phone(told, "MY")
    if found is None:
        raise BadInput("this is no phone number")
    return found.e164


def _to_contact(contact: Contact, facts: Mapping[str, str]) -> None:
    contact.first_name = facts.get("first_name", contact.first_name)
    contact.last_name = facts.get("last_name", contact.last_name)
    # What the channel proved is not overwritten by what somebody wrote.
    if "phone" in facts and not contact.phone_proved:
        contact.phone = facts["phone"]


def _known(session: Session, conversation_id: str) -> dict[str, str]:
    conversation = session.get_one(Conversation, conversation_id)
    contact = session.get_one(Contact, conversation.contact_id)
    known = {"first_name": contact.first_name, "last_name": contact.last_name, "phone": contact.phone}
    draft = current_draft(session, conversation_id)
    facts = {name: str(fact["value"]) for name, fact in draft.fields.items()} if draft else {}
    return {**{name: value for name, value in known.items() if value}, **facts}


def _said(session: Session, conversation_id: str) -> Sequence[str]:
    """The customer's messages and the notes since a person has the conversation, in their order."""
    began = session.scalar(
        select(func.max(ThreadNote.position)).where(
            ThreadNote.conversation_id == conversation_id, ThreadNote.kind.in_(TAKEN)
        )
    )
    conversation = session.get_one(Conversation, conversation_id)
    if began is None or conversation.handled_by != HandledBy.HUMAN:
        return []
    wrote = session.execute(
        select(Inbound.position, Inbound.text).where(
            Inbound.conversation_id == conversation_id, Inbound.position > began, Inbound.kind != SAY
        )
    )
    noted = session.execute(
        select(ThreadNote.position, ThreadNote.text).where(
            ThreadNote.conversation_id == conversation_id, ThreadNote.position > began, ThreadNote.kind == NOTE
        )
    )
    lines = sorted((*wrote.all(), *noted.all()), key=lambda row: row[0])
    return [str(row[1]) for row in lines if row[1]][-MOST_READ:]

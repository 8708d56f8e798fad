"""A bare "stop" or "start" is heeded as it arrives, in the same transaction, whoever answers in the conversation."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ramah.channels.content import IncomingKind
from ramah.lib.errors import Refused
from ramah.messaging.models import ChannelAccount, Conversation, HandledBy, Inbound, Outbound, OutboundStatus, Priority
from ramah.people import Contact
from ramah.people.consent import (
    ConsentSource,
    Evidence,
    Wish,
    is_recorded,
    may_be_sent_to,
    opt_in,
    opt_out,
    wish_in,
)
from ramah.store import utc_now

CONFIRMATIONS = {Wish.STOP: "utter_stopped", Wish.START: "utter_started_again"}
PAYLOADS = {Wish.STOP: "/stop", Wish.START: "/opt_in"}
CONFIRMED = {PAYLOADS[wish]: CONFIRMATIONS[wish] for wish in Wish}
"""Payload -> the response that confirms it where the dialogue does not read it."""
HEARD_IN = frozenset({IncomingKind.TEXT, IncomingKind.TAP})


class OptedOut(Refused):
    """The contact wants no promotions and reminders, or is blocked; nothing was scheduled."""


def heed_wish(session: Session, account: ChannelAccount, contact: Contact, row: Inbound) -> Wish | None:
    """Do what a message asks for by its key word. None where it asks for nothing or changes nothing."""
    wish = None if row.automatic or row.kind not in HEARD_IN else wish_in(row.text)
    if wish is None:
        return None
    evidence = Evidence(account.kind, ConsentSource.KEYWORD, evidence_of(row.id), row.text)
    if wish is Wish.START:
        return wish if opt_in(session, contact, evidence) else None
    return wish if stop_sending(session, contact, evidence) else None


def stop_sending(session: Session, contact: Contact, evidence: Evidence) -> bool:
    """No promotions and reminders from now on; those that wait to be sent are dropped. False: it was so already."""
    changed = opt_out(session, contact, evidence)
    theirs = select(Conversation.id).where(Conversation.contact_id == contact.id)
    session.execute(
        update(Outbound)
        .where(
            Outbound.conversation_id.in_(theirs),
            Outbound.status == OutboundStatus.QUEUED,
            Outbound.priority > Priority.REPLY,
        )
        .values(status=OutboundStatus.DROPPED, settled_at=utc_now())
    )
    return changed


def refuse_unwanted(session: Session, conversation: Conversation, priority: Priority) -> None:
    """Raises OptedOut for a promotion or reminder that its reader does not want, or that would go to somebody who is
    blocked. Replies always pass."""
    if priority is not Priority.REPLY and not may_be_sent_to(session, conversation.contact_id):
        raise OptedOut("this contact wants no promotions and reminders; leave them out")


def heeded_payload(session: Session, contact_id: str, inbound_id: int, text: str) -> str | None:
    """What a key word says to the dialogue, where it changed something or is a stop; else it is a word like others."""
    wish = wish_in(text)
    if wish is Wish.START and not is_recorded(session, contact_id, evidence_of(inbound_id)):
        return None
    return PAYLOADS[wish] if wish else None


def waits_for_no_answer(conversation: Conversation) -> bool:
    """Whether the dialogue will not read the message, so that somebody else must confirm it."""
    return conversation.handled_by != HandledBy.BOT


def evidence_of(inbound_id: int | None) -> str:
    """How a record names the message that it rests on."""
    return f"inbound-{inbound_id}"

"""Consent as the dialogue hears it: in the customer's own words, beside the bare key words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.messaging.conversations import locked
from ramah.messaging.models import ChannelAccount, Inbound
from ramah.messaging.wishes import evidence_of, stop_sending
from ramah.people import Contact
from ramah.people.consent import ConsentSource, Evidence, is_recorded, opt_in
from ramah.store import Database


def stop_in_dialogue(database: Database, organisation_id: str, conversation_id: str, inbound_id: int | None) -> bool:
    """Promotions and reminders end. Whether this very message ended them, also where its turn runs again."""
    with database.tenant(organisation_id) as session:
        contact, evidence = _who_and_why(session, conversation_id, inbound_id)
        return stop_sending(session, contact, evidence) or is_recorded(session, contact.id, evidence.reference)


def start_in_dialogue(database: Database, organisation_id: str, conversation_id: str, inbound_id: int | None) -> bool:
    """They may come again. Whether this very message says so, also where its turn runs again."""
    with database.tenant(organisation_id) as session:
        contact, evidence = _who_and_why(session, conversation_id, inbound_id)
        return opt_in(session, contact, evidence) or is_recorded(session, contact.id, evidence.reference)


def _who_and_why(session: Session, conversation_id: str, inbound_id: int | None) -> tuple[Contact, Evidence]:
    conversation = locked(session, conversation_id)
    contact = session.get_one(Contact, conversation.contact_id)
    channel = session.get_one(ChannelAccount, conversation.channel_account_id).kind
    message = session.get(Inbound, inbound_id) if inbound_id is not None else None
    words = message.text if message and message.conversation_id == conversation_id else ""
    return contact, Evidence(channel, ConsentSource.DIALOGUE, evidence_of(inbound_id), words)

"""What the customer is told about a proof, by the bot itself, in their language and chat."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ramah.billing.debtor import bill_words
from ramah.billing.embedded import BILLS
from ramah.billing.models import Proof
from ramah.messaging.conversations import current_conversation, locked
from ramah.messaging.inbox import request_say
from ramah.messaging.models import Conversation
from ramah.people import Organisation


def tell(session: Session, proof: Proof, response: str) -> None:
    """Let the bot say a response once per proof, in the conversation that the contact has now.

    ``_bill`` is added to the response's name where the proof has a bill; the bill's words, and the reason for a
    refusal, are variables."""
    conversation = locked(session, current_conversation(session, proof.conversation_id))
    bill = BILLS.find(session, proof.bill_id) if proof.bill_id else None
    words = bill_words(bill, conversation.language or _language(session, conversation)) if bill else {}
    name = f"{response}_bill" if bill else response
    request_say(session, conversation, f"{response}-{proof.id}", name, {**words, "reason": proof.reason or ""})


def _language(session: Session, conversation: Conversation) -> str:
    return session.get_one(Organisation, conversation.organisation_id).language

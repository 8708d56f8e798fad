"""What operators decide about the bot's drafts: send, change and send, discard."""

from __future__ import annotations

from ramah.desk.writing import LONGEST_TEXT
from ramah.lib.errors import BadInput
from ramah.messaging import proposals
from ramah.messaging.conversations import locked, touch
from ramah.messaging.models import Outbound
from ramah.messaging.queueing import ask_for_person
from ramah.store import Database

DISCARDED = "draft_discarded"


def approve(
    database: Database,
    organisation_id: str,
    conversation_id: str,
    proposal_id: str,
    staff_id: str,
    texts: list[str] | None = None,
) -> list[Outbound]:
    """Send the draft, with other ``texts`` where the person changed it. Repeating it sends nothing more.

    Raises Refused where the customer has gone on, somebody has taken over or a colleague has decided."""
    if any(len(text) > LONGEST_TEXT for text in texts or ()):
        raise BadInput(f"A message is longer than {LONGEST_TEXT} characters.")
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        return proposals.approve(session, conversation, proposal_id, staff_id, texts)


def discard(database: Database, organisation_id: str, conversation_id: str, proposal_id: str, staff_id: str) -> None:
    """Throw the draft away. The customer still waits for an answer, so the conversation goes into the queue."""
    with database.tenant(organisation_id) as session:
        conversation = locked(session, conversation_id)
        if proposals.discard(session, conversation, proposal_id, staff_id):
            ask_for_person(session, conversation, DISCARDED)
            touch(session, conversation)

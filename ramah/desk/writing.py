"""What a person writes to the customer: text, a file, as the answer to a bubble, once per key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Attachment, Outgoing
from ramah.desk.collisions import refuse_if_answered
from ramah.desk.holding import held_by
from ramah.desk.reply_drafts import forget_draft
from ramah.lib.errors import BadInput
from ramah.messaging.models import Author, ChannelAccount, Conversation, Inbound, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.registry import channel_for
from ramah.store import Database

LONGEST_TEXT = 4096
_UNFILLED = re.compile(r"\{\{\s*[\w.]+\s*\}\}")


@dataclass(frozen=True)
class Reply:
    """What is to be said. ``answers`` is the position of the bubble that it answers; ``seen`` the last position that
    the writer's page showed (None: whoever writes does not mind), ``anyway``: they were asked and want to send."""

    text: str
    answers: int | None = None
    attachment: Attachment | None = None
    seen: int | None = None
    anyway: bool = False

    def checked(self) -> Reply:
        """Without what no database takes. Raises BadInput for nothing, too much, and a variable that nobody filled."""
        text = self.text.replace("\x00", "").strip()
        if not text and self.attachment is None:
            raise BadInput("the message is empty")
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"the message is longer than {LONGEST_TEXT} characters")
        unfilled = _UNFILLED.search(text)
        if unfilled is not None:
            raise BadInput(f"fill in {unfilled[0]} first")
        return Reply(text, self.answers, self.attachment, self.seen, self.anyway)


def write_reply(
    database: Database, organisation_id: str, conversation_id: str, staff_id: str, reply: Reply, send_key: str
) -> list[Outbound]:
    """Send a person's message, once per ``send_key``; their kept draft is done with.

    Raises Refused unless this person has the conversation, AnsweredMeanwhile when a colleague answered since they last
    looked, WindowClosed when free text would not pass, BadInput."""
    reply = reply.checked()
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        if reply.seen is not None and not reply.anyway:
            refuse_if_answered(session, conversation_id, staff_id, reply.seen)
        quoted = named_by(session, conversation, reply.answers) if reply.answers is not None else None
        message = Outgoing(text=reply.text, attachment=reply.attachment, reply_to=quoted)
        writer = Writer(Author.STAFF, conversation.epoch, staff_id)
        rows = write_outbound(session, conversation, writer, message, send_key)
        forget_draft(session, conversation_id, staff_id)
        return rows


def named_by(session: Session, conversation: Conversation, position: int) -> str | None:
    """The provider's name of the message at a position, where the channel can answer a bubble; else None."""
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    if not channel_for(account.kind).abilities.answers_bubbles:
        return None
    inbound = select(Inbound.external_id).where(
        Inbound.conversation_id == conversation.id, Inbound.position == position
    )
    outbound = select(Outbound.provider_id).where(
        Outbound.conversation_id == conversation.id, Outbound.position == position
    )
    return session.scalar(inbound) or session.scalar(outbound)

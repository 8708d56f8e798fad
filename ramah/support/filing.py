"""What somebody writes or sends while they wait for a person belongs to their open ticket."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from ramah.channels.content import IncomingKind
from ramah.messaging.models import Conversation, Inbound
from ramah.mood import read_mood
from ramah.people.consent import wish_in
from ramah.support.tickets import Report, add_report, open_tickets

FILED = frozenset({IncomingKind.TEXT, IncomingKind.MEDIA})
"""A tap answers a question that nobody asks any more, and reactions say nothing that a ticket needs."""


class TicketFiling:
    """Adds words and files to the latest open ticket of a conversation, each message once."""

    def file(self, session: Session, conversation: Conversation, messages: Sequence[Inbound]) -> None:
        """Take in messages that came while the conversation waits for a person. The caller holds its lock."""
        told = [one for one in messages if one.kind in FILED and not one.automatic and wish_in(one.text) is None]
        tickets = open_tickets(session, conversation.id) if told else ()
        for message in told if tickets else ():
            photos = (message.id,) if message.kind == IncomingKind.MEDIA else ()
            mood = read_mood(message.text, conversation.language)
            add_report(session, conversation, tickets[0], Report(message.text, mood, message.id, photos))

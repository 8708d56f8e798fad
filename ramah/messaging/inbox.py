"""The inbox: each message from outside becomes one row, once, before anybody is answered."""

from __future__ import annotations

from dataclasses import dataclass

import stamina
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from ramah.channels.content import Incoming, IncomingKind
from ramah.lib.spans import now_micros
from ramah.lib.text import storable
from ramah.messaging.arrivals import files_of, note_arrival, relink
from ramah.messaging.conversations import open_conversation, take_position, touch
from ramah.messaging.echoes import known_echo, note_echo
from ramah.messaging.models import ChannelAccount, Conversation, Inbound
from ramah.messaging.saying import SAY as SAY
from ramah.messaging.saying import request_say as request_say
from ramah.messaging.saying import stored_message
from ramah.messaging.tracing import arrival
from ramah.messaging.wishes import CONFIRMATIONS, heed_wish, waits_for_no_answer
from ramah.people import KnownPerson, resolve_contact
from ramah.store import Database


@dataclass(frozen=True)
class Accepted:
    """Where a message went. ``repeated`` means it had been stored before; an echo of our own has no inbound row."""

    inbound_id: int | None
    conversation_id: str
    position: int
    repeated: bool


# Two deliveries of one message may race on PostgreSQL, and a message with the merging of its sender into another
# contact; the loser's second look finds the winner's row.
@stamina.retry(on=(IntegrityError, StaleDataError), attempts=4, wait_initial=0.02, wait_max=0.2)
def accept(database: Database, account: ChannelAccount, incoming: Incoming) -> Accepted:
    """Store one message and wake its conversation's lane. Repetitions change nothing."""
    with database.tenant(account.organisation_id) as session:
        return accept_in(session, account, incoming)


def accept_in(
    session: Session, account: ChannelAccount, incoming: Incoming, envelope_id: str | None = None
) -> Accepted:
    """The same in a running transaction; raises IntegrityError when another one stores the message just now."""
    began = now_micros()
    incoming = storable(incoming)
    known = stored_message(session, account.id, incoming.external_id)
    if known is not None:
        return Accepted(known.id, known.conversation_id, known.position, repeated=True)
    echo = known_echo(session, account.id, incoming) if incoming.from_business else None
    if echo is not None:
        return Accepted(None, echo.conversation_id, echo.position, repeated=True)
    contact = resolve_contact(session, _person(account, incoming))
    conversation = open_conversation(session, account, contact, incoming.sender.platform_id)
    if incoming.from_business:
        echo = note_echo(session, conversation, incoming)
        return Accepted(None, conversation.id, echo.position, repeated=False)
    row = _new_row(account, conversation, incoming)
    row.envelope_id = envelope_id
    row.trace_id, row.arrival = arrival(began)
    session.add(row)
    is_blocked = contact.blocked_at is not None
    note_arrival(conversation, incoming, is_blocked=is_blocked)
    relink(session, account, contact, conversation, incoming)
    is_news = not incoming.automatic and not is_blocked
    touch(session, conversation, row.text or f"[{row.kind}]", from_customer=is_news)
    session.flush()
    session.add_all(files_of(row, incoming))
    wish = heed_wish(session, account, contact, row)
    if wish is not None and not is_blocked and waits_for_no_answer(conversation):
        request_say(session, conversation, f"consent-{row.id}", CONFIRMATIONS[wish], {})
    return Accepted(row.id, conversation.id, row.position, repeated=False)


def _person(account: ChannelAccount, incoming: Incoming) -> KnownPerson:
    sender = incoming.sender
    return KnownPerson(account.kind, sender.platform_id, sender.name, sender.phone)


def _new_row(account: ChannelAccount, conversation: Conversation, incoming: Incoming) -> Inbound:
    return Inbound(
        channel_account_id=account.id,
        conversation_id=conversation.id,
        external_id=incoming.external_id,
        position=take_position(conversation),
        # A shared own number answers the question for it, as if it had been typed.
        kind=IncomingKind.TEXT if incoming.proved_phone else incoming.kind,
        text=incoming.proved_phone or incoming.text,
        payload=incoming.payload if incoming.kind is IncomingKind.TAP else None,
        reply_to=incoming.reply_to,
        media=[media.model_dump(mode="json") for media in incoming.media],
        place=incoming.place.model_dump() if incoming.place else None,
        edit_of=incoming.edit_of,
        automatic=incoming.automatic,
        raw=incoming.raw,
        sent_at=incoming.sent_at,
    )

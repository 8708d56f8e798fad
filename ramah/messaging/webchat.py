"""Web chat sessions: the browser holds a random token, we hold its hash as the visitor's address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.integrations.storage import Storage
from ramah.lib.errors import BadInput
from ramah.messaging.inbox import Accepted, accept
from ramah.messaging.live import announce
from ramah.messaging.media.uploads import Upload, receive_upload
from ramah.messaging.media.views import FileView, files_in
from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Outbound,
    OutboundStatus,
)
from ramah.messaging.thread import Line, read_latest, read_thread
from ramah.people import Identity, Staff
from ramah.store import Database

LONGEST_TEXT = 5_000
LONGEST_PAYLOAD = 1_000
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Visitor:
    """A visitor's session. ``address`` is the hash of the token; the token itself is kept nowhere."""

    account: ChannelAccount
    address: str


@dataclass(frozen=True)
class ChatState:
    """What the page must know beside the messages."""

    conversation_id: str | None
    handled_by: str
    agent: str | None
    typing: bool


@dataclass(frozen=True)
class Shown:
    """What the visitor sees: lines, the newest position, and the files of lines by position."""

    lines: list[Line]
    newest: int
    files: dict[int, list[FileView]]


def new_token() -> str:
    """A token for a new visitor."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def visitor(account: ChannelAccount, token: str) -> Visitor | None:
    """The visitor behind a token, or None for what cannot be one of ours."""
    if not 20 <= len(token) <= 100:
        return None
    return Visitor(account, hashlib.sha256(token.encode()).hexdigest())


def post(database: Database, who: Visitor, client_id: str, text: str, payload: str | None) -> Accepted:
    """Store a visitor's message, once per ``client_id``. Raises BadInput when it is empty or too long."""
    if not text.strip() and not payload:
        raise BadInput("the message is empty")
    _refuse_long(text, payload)
    incoming = Incoming(
        external_id=_external_id(who, client_id),
        sender=Sender(platform_id=who.address),
        kind=IncomingKind.TAP if payload else IncomingKind.TEXT,
        text=text,
        payload=payload,
    )
    return accept(database, who.account, incoming)


def post_file(
    database: Database, storage: Storage, who: Visitor, client_id: str, text: str, upload: Upload
) -> Accepted:
    """Store a visitor's file as one message, once per ``client_id``; ``text`` stands under it and may be empty.

    Raises BadInput (FileRefused when the file may not be kept) and StorageError; then nothing is written."""
    _refuse_long(text, None)
    incoming = Incoming(
        external_id=_external_id(who, client_id),
        sender=Sender(platform_id=who.address),
        kind=IncomingKind.MEDIA,
        text=text,
    )
    return receive_upload(database, storage, who.account, incoming, upload)


def _external_id(who: Visitor, client_id: str) -> str:
    return f"web-{who.address[:16]}-{client_id}"


def _refuse_long(text: str, payload: str | None) -> None:
    if len(text) > LONGEST_TEXT or len(payload or "") > LONGEST_PAYLOAD:
        raise BadInput(f"the message is longer than {LONGEST_TEXT} characters")


def read(database: Database, who: Visitor, after: int | None) -> Shown:
    """What the visitor may see after a position (None: the latest)."""
    with database.tenant_reading(who.account.organisation_id) as session:
        conversation = _conversation(session, who)
        if conversation is None:
            return Shown([], 0, {})
        newest = conversation.next_position - 1
        if after is None:
            lines = read_latest(session, conversation.id, newest)
        else:
            lines = read_thread(session, conversation.id, after)
        seen = [line for line in lines if line.author != "note"]
        return Shown(seen, newest, files_in(session, conversation.id, seen))


def history(database: Database, who: Visitor, after: int | None) -> tuple[list[Line], int]:
    """Lines that the visitor may see after a position (None: the latest), and the newest position."""
    shown = read(database, who, after)
    return shown.lines, shown.newest


def state(database: Database, who: Visitor) -> ChatState:
    """Who answers, and whether an answer is on its way."""
    with database.tenant_reading(who.account.organisation_id) as session:
        conversation = _conversation(session, who)
        if conversation is None:
            return ChatState(None, HandledBy.BOT, None, typing=False)
        waiting = session.scalar(
            select(exists().where(Inbound.conversation_id == conversation.id, Inbound.status == InboundStatus.WAITING))
        )
        agent = session.get(Staff, conversation.staff_id) if conversation.staff_id else None
        return ChatState(
            conversation.id,
            conversation.handled_by,
            agent.name.split()[0] if agent else None,
            typing=bool(waiting) and conversation.handled_by == HandledBy.BOT,
        )


def note_fetched(database: Database, who: Visitor, conversation_id: str, up_to: int) -> None:
    """The browser has the messages up to this position: they are delivered."""
    with database.tenant(who.account.organisation_id) as session:
        moved = session.execute(
            update(Outbound)
            .where(
                Outbound.conversation_id == conversation_id,
                Outbound.status == OutboundStatus.SENT,
                Outbound.position <= up_to,
            )
            .values(status=OutboundStatus.DELIVERED)
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            announce(
                session,
                who.account.organisation_id,
                conversation_id,
                "status",
                position=up_to,
                status=OutboundStatus.DELIVERED,
            )


def _conversation(session: Session, who: Visitor) -> Conversation | None:
    return session.scalar(
        select(Conversation)
        .join(Identity, Identity.contact_id == Conversation.contact_id)
        .where(
            Identity.platform_type == who.account.kind,
            Identity.platform_id == who.address,
            Conversation.channel_account_id == who.account.id,
            Conversation.recipient == who.address,
        )
        .order_by(Conversation.created_at.desc())
        .limit(1)
    )

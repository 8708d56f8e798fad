"""Conversations: found or opened, and the small changes that every write to a thread makes."""

from __future__ import annotations

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.messaging.live import announce
from ramah.messaging.models import ChannelAccount, Conversation, HandledBy
from ramah.messaging.outlets import outlet_of_account
from ramah.people import Contact
from ramah.store import PREPARED, Database, utc_now

PREVIEW_LENGTH = 120
OPEN_ONE = (
    select(Conversation)
    .where(
        Conversation.channel_account_id == bindparam("account_id"),
        Conversation.contact_id == bindparam("contact_id"),
        Conversation.recipient == bindparam("recipient"),
        Conversation.handled_by != HandledBy.CLOSED,
    )
    .with_for_update(key_share=True)
    .execution_options(**PREPARED)
)


def open_conversation(session: Session, account: ChannelAccount, contact: Contact, recipient: str) -> Conversation:
    """The open conversation with a contact's address on an account, opened when there is none. Locks its row.

    Who is blocked opens none: what they write is kept in their last one, which stays closed."""
    theirs = {"account_id": account.id, "contact_id": contact.id, "recipient": recipient}
    found = _last_one(session, theirs) if contact.blocked_at else session.scalar(OPEN_ONE, theirs)
    if found is not None:
        return found
    # Positions go on where the last conversation ended: a page that is open over both knows only its last one.
    before = select(func.max(Conversation.next_position)).where(
        Conversation.channel_account_id == account.id, Conversation.contact_id == contact.id
    )
    conversation = Conversation(
        channel_account_id=account.id,
        contact_id=contact.id,
        recipient=recipient,
        outlet=outlet_of_account(account),
        language=contact.language,
        next_position=session.scalar(before) or 1,
        handled_by=HandledBy.CLOSED if contact.blocked_at else HandledBy.BOT,
    )
    session.add(conversation)
    session.flush()
    return conversation


def _last_one(session: Session, theirs: dict[str, str]) -> Conversation | None:
    return session.scalar(
        select(Conversation)
        .where(
            Conversation.channel_account_id == theirs["account_id"],
            Conversation.contact_id == theirs["contact_id"],
            Conversation.recipient == theirs["recipient"],
        )
        .order_by(Conversation.created_at.desc())
        .limit(1)
        .with_for_update(key_share=True)
    )


def locked(session: Session, conversation_id: str) -> Conversation:
    """The conversation, its row locked until the transaction ends. Raises NotFound."""
    conversation = session.get(Conversation, conversation_id, with_for_update={"key_share": True})
    if conversation is None:
        raise NotFound(f"no conversation {conversation_id}")
    return conversation


def current_conversation(session: Session, conversation_id: str) -> str:
    """The latest conversation of the same contact on the same account, with the same address if there is one: a closed
    one is followed by another."""
    begun = session.get_one(Conversation, conversation_id)
    elsewhere = case((Conversation.recipient == begun.recipient, 0), else_=1)
    newest = (
        select(Conversation.id)
        .where(Conversation.contact_id == begun.contact_id, Conversation.channel_account_id == begun.channel_account_id)
        .order_by(elsewhere, Conversation.created_at.desc())
        .limit(1)
    )
    return session.scalar(newest) or begun.id


def take_position(conversation: Conversation) -> int:
    """The next place in the thread. The caller holds the row's lock."""
    position = conversation.next_position
    conversation.next_position = position + 1
    return position


def touch(
    session: Session, conversation: Conversation, preview: str | None = None, *, from_customer: bool = False
) -> None:
    """Note activity and tell open pages. A message ``from_customer`` is news to whoever answers."""
    conversation.last_activity_at = utc_now()
    if preview is not None:
        conversation.preview = " ".join(preview.split())[:PREVIEW_LENGTH]
    announce_change(session, conversation, from_customer=from_customer)


def announce_change(session: Session, conversation: Conversation, *, from_customer: bool = False) -> None:
    """Tell open pages that the conversation changed, and whose it is: their own counts may have changed too."""
    held_by = conversation.staff_id if conversation.handled_by == HandledBy.HUMAN else None
    news = {"from_customer": True} if from_customer else {}
    newest = conversation.next_position - 1
    announce(
        session,
        conversation.organisation_id,
        conversation.id,
        "conversation",
        position=newest,
        held_by=held_by,
        **news,
    )


def organisation_of(database: Database, conversation_id: str) -> str:
    """The organisation that a conversation belongs to. Raises NotFound."""
    with database.every_organisation_reading() as session:
        found = session.scalar(select(Conversation.organisation_id).where(Conversation.id == conversation_id))
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    return found

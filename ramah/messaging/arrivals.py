"""What an arriving message brings beside itself: files, a new address or number of its sender, the end of a burst."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming, IncomingKind
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, MediaFile
from ramah.people import Contact, Identity
from ramah.settings import settings
from ramah.store import utc_now

LONGEST_BURST = 4
"""How many windows a burst may last before what has come so far is answered."""


def note_arrival(conversation: Conversation, incoming: Incoming, *, is_blocked: bool = False) -> None:
    """Activity, the unread number (not of somebody blocked), and until when more of the same thought may follow.

    The reply window counts from when the person wrote, not from when we heard of it: a provider that could not reach
    us delivers late (WhatsApp tries for up to seven days), and its own clock has run meanwhile.
    """
    now = utc_now()
    if not incoming.automatic:
        written = min(incoming.sent_at or now, now)
        conversation.last_inbound_at = max(conversation.last_inbound_at or written, written)
        conversation.snoozed_until = None
    conversation.unread += 0 if is_blocked else 1
    window = timedelta(seconds=settings().burst_window)
    if incoming.kind is not IncomingKind.TEXT or not window:
        # A tap says all there is to say; whatever was typed before it is answered now.
        conversation.quiet_until = None
        return
    began = _burst_began(conversation, now)
    conversation.burst_began_at = began
    conversation.quiet_until = min(now + window, began + LONGEST_BURST * window)


def _burst_began(conversation: Conversation, now: datetime) -> datetime:
    still_open = conversation.quiet_until is not None and conversation.quiet_until > now
    return (conversation.burst_began_at or now) if still_open else now


def files_of(row: Inbound, incoming: Incoming) -> list[MediaFile]:
    """One row per file, to be fetched apart from the message."""
    return [
        MediaFile(
            organisation_id=row.organisation_id,
            channel_account_id=row.channel_account_id,
            conversation_id=row.conversation_id,
            inbound_id=row.id,
            kind=media.kind,
            remote=media.model_dump(mode="json"),
            claimed_type=media.mime_type and media.mime_type[:120],
            filename=media.filename and media.filename[:200],
            size=media.size,
        )
        for media in incoming.media
    ]


def relink(
    session: Session, account: ChannelAccount, contact: Contact, conversation: Conversation, incoming: Incoming
) -> None:
    """Follow a person to a new address (WhatsApp: a changed number), and learn a number that the message proves."""
    if incoming.proved_phone:
        contact.phone, contact.phone_proved = incoming.proved_phone, True
    if incoming.changed_address is None or incoming.changed_address == conversation.recipient:
        return
    conversation.recipient = incoming.changed_address
    taken = session.scalar(
        select(Identity).where(Identity.platform_type == account.kind, Identity.platform_id == incoming.changed_address)
    )
    if taken is None:
        session.add(Identity(contact_id=contact.id, platform_type=account.kind, platform_id=incoming.changed_address))
    if contact.phone_proved and incoming.changed_address.isdigit():
        contact.phone = f"+{incoming.changed_address}"

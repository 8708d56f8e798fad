"""The rows that a message lives in from webhook to receipt."""

from ramah.messaging.models.account import ChannelAccount
from ramah.messaging.models.conversation import Conversation, HandledBy, ThreadNote
from ramah.messaging.models.inbound import (
    Envelope,
    EnvelopeStatus,
    EnvelopeTally,
    Inbound,
    InboundStatus,
    Interaction,
)
from ramah.messaging.models.live import LiveEvent, LiveSequence
from ramah.messaging.models.media import MediaFile, MediaStatus
from ramah.messaging.models.outbound import (
    Author,
    Outbound,
    OutboundStatus,
    ParkedReceipt,
    Priority,
    RateBucket,
    SendAttempt,
)
from ramah.messaging.models.watch import Alert, LedgerDay

__all__ = [
    "Alert",
    "Author",
    "ChannelAccount",
    "Conversation",
    "Envelope",
    "EnvelopeStatus",
    "EnvelopeTally",
    "HandledBy",
    "Inbound",
    "InboundStatus",
    "Interaction",
    "LedgerDay",
    "LiveEvent",
    "LiveSequence",
    "MediaFile",
    "MediaStatus",
    "Outbound",
    "OutboundStatus",
    "ParkedReceipt",
    "Priority",
    "RateBucket",
    "SendAttempt",
    "ThreadNote",
]

"""The rows that a message lives in from webhook to receipt."""

from ramah.messaging.models.account import ChannelAccount
from ramah.messaging.models.conversation import Conversation, HandledBy, ThreadNote
from ramah.messaging.models.division import (
    Division,
    DivisionAgent,
    QueueMode,
    QueueSettings,
    QueueWait,
    StaffPresence,
    WaitStatus,
)
from ramah.messaging.models.hours import Hours, HoursOwner, HoursSpecialDay, HoursWindow
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
    TROUBLED,
    Author,
    Outbound,
    OutboundStatus,
    ParkedReceipt,
    Priority,
    RateBucket,
    SendAttempt,
)
from ramah.messaging.models.proposal import Proposal, ProposalStatus
from ramah.messaging.models.trace import TurnTrace
from ramah.messaging.models.watch import Alert, LedgerDay, WebhookRefusal

__all__ = [
    "TROUBLED",
    "Alert",
    "Author",
    "ChannelAccount",
    "Conversation",
    "Division",
    "DivisionAgent",
    "Envelope",
    "EnvelopeStatus",
    "EnvelopeTally",
    "HandledBy",
    "Hours",
    "HoursOwner",
    "HoursSpecialDay",
    "HoursWindow",
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
    "Proposal",
    "ProposalStatus",
    "QueueMode",
    "QueueSettings",
    "QueueWait",
    "RateBucket",
    "SendAttempt",
    "StaffPresence",
    "ThreadNote",
    "TurnTrace",
    "WaitStatus",
    "WebhookRefusal",
]

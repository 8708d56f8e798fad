"""The proof that a body comes from whom it says, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.errors import SignatureError
from ramah.messaging.accounts import access_of
from ramah.messaging.models import ChannelAccount
from ramah.messaging.registry import channel_for
from ramah.observe.metrics import REFUSED
from ramah.observe.seldom import record_seldom
from ramah.store import Database

HEADERS_KEPT = frozenset(
    {
        "content-type",
        "user-agent",
        "x-hub-signature-256",
        "x-webhook-hmac",
        "x-webhook-timestamp",
        "x-gateway-signature",
        "x-gateway-timestamp",
        "x-gateway-event-id",
    }
)
"""What verified the body, where it is a proof and no shared secret; anything else is nobody's business."""


def verify(database: Database, account: ChannelAccount, headers: Mapping[str, str], body: bytes) -> None:
    """Raises SignatureError, and lets administrators know of it now and then."""
    try:
        channel_for(account.kind).verify(access_of(account), headers, body)
    except SignatureError as error:
        # The sender may be anybody, and may come a thousand times a second; but a key that is wrong must be found.
        REFUSED.labels(account.kind).inc()
        record_seldom(database, account.organisation_id, error, f"webhook:{account.kind}:signature")
        raise


def headers_to_keep(headers: Mapping[str, str]) -> dict[str, str]:
    """What verified the body, so that it can be verified again."""
    return {name: value[:500] for name, value in headers.items() if name in HEADERS_KEPT}

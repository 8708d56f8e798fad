"""Payment links: whoever holds one may see that bill and send a slip for it until it ends, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ramah.lib.signatures import hmac_sha256_hex, is_signed
from ramah.settings import Settings
from ramah.store import utc_now

VALID_FOR = timedelta(days=14)
PATH = "/pay/"


@dataclass(frozen=True)
class PaymentLink:
    """What a link opens: one bill, in the conversation that it was given in."""

    bill_id: str
    conversation_id: str


def payment_link(config: Settings, link: PaymentLink, now: datetime | None = None) -> str:
    """The public address of a bill's page. Make it only for whoever may see the bill."""
    return config.public_url.rstrip("/") + PATH + payment_token(config, link, (now or utc_now()) + VALID_FOR)


def payment_token(config: Settings, link: PaymentLink, ends: datetime) -> str:
    """A signed token that is good until ``ends``."""
    body = f"{int(ends.timestamp()):x}.{link.bill_id}.{link.conversation_id}"
    return f"{body}.{hmac_sha256_hex(config.secret_key.get_secret_value(), _signed(body))}"


def read_token(config: Settings, token: str, now: datetime | None = None) -> PaymentLink | None:
    """What a token opens, or None for one that is forged, changed or too old."""
    body, _, signature = token.rpartition(".")
    if not is_signed(config.secret_key.get_secret_value(), _signed(body), signature):
        return None
    ends, bill_id, conversation_id = body.split(".")
    if datetime.fromtimestamp(int(ends, 16), UTC) < (now or utc_now()):
        return None
    return PaymentLink(bill_id, conversation_id)


def _signed(body: str) -> bytes:
    """What is signed names its purpose, so that no other signature of this server opens a bill."""
    return f"payment-link:{body}".encode("utf-8", "surrogatepass")

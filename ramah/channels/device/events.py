"""What one event of a gateway says, gathered while it is read, and what counts as ours in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ramah.channels.content import Batch, Incoming, LinkState, Receipt, ReceiptStatus
from ramah.channels.device.access import Device
from ramah.channels.device.reading import lightened, stable_id

LONGEST_ID = 190
LONGEST_NAME_IN_NOTICE = 60


@dataclass
class Found:
    """The parts of one event."""

    incoming: list[Incoming] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    notices: list[dict[str, object]] = field(default_factory=list)
    link: LinkState | None = None

    def notice(self, event: str, **facts: object) -> None:
        """Something that needs no turn."""
        self.notices.append({"event": event[:LONGEST_NAME_IN_NOTICE], **facts})

    def message(self, message: Incoming | None, event: str, raw: Any) -> None:
        """A message, or the notice that nobody can be told to have sent it."""
        if message is None:
            self.notice(event, reason="nobody can be told to have sent it", raw=lightened(raw))
        else:
            self.incoming.append(message)

    def batch(self, device: Device) -> Batch:
        """All parts, under our own stable id of the account."""
        return Batch(
            account_external_id=device.channel_id,
            incoming=tuple(self.incoming),
            receipts=tuple(self.receipts),
            notices=tuple(self.notices),
            link=self.link,
        )


def message_id(given: str | None, raw: Any) -> str:
    """The provider's id of a message, or one made up from its content when there is none that can be kept."""
    return given if given and len(given) <= LONGEST_ID else stable_id(raw)


def receipt(
    provider_id: str | None,
    status: ReceiptStatus | None,
    at: datetime | None,
    *,
    reference: str | None = None,
    error: str | None = None,
) -> Receipt | None:
    """A receipt, or None when it names no message or no status that we know."""
    if not provider_id or status is None or len(provider_id) > LONGEST_ID:
        return None
    failed = status is ReceiptStatus.FAILED
    return Receipt(
        provider_id=provider_id,
        reference=reference,
        status=status,
        at=at or datetime.now(UTC),
        error_code="failed" if failed else None,
        error_text=(error or "WhatsApp could not deliver it")[:300] if failed else None,
    )

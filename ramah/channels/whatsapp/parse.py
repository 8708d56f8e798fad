"""A webhook body read into batches: every entry, change, message and status, none lost for a broken neighbour."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from ramah.channels.content import Batch, Incoming, Receipt, ReceiptStatus
from ramah.channels.errors import PayloadError
from ramah.channels.whatsapp import payloads
from ramah.channels.whatsapp.inbound import read_echo, read_message
from ramah.lib.outside_json import read_outside_json

Notice = dict[str, object]

MESSAGES = "messages"
ECHOES = "smb_message_echoes"
"""What a person of ours wrote on the phone, for numbers that also live in the Business app ("coexistence")."""

_STATUSES = {
    "sent": ReceiptStatus.SENT,
    "delivered": ReceiptStatus.DELIVERED,
    "read": ReceiptStatus.READ,
    # A voice message was played: it has been read, and more.
    "played": ReceiptStatus.READ,
    "failed": ReceiptStatus.FAILED,
}


@dataclass
class _Gathered:
    incoming: list[Incoming] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def parse_webhook(body: bytes) -> list[Batch]:
    """Read a webhook body into one batch per receiving number.

    Events that name no number (template status, account alerts) come as notices of a batch whose
    ``account_external_id`` is the WhatsApp Business account. Raises PayloadError when the body is no
    envelope of the Cloud API.
    """
    gathered: dict[str, _Gathered] = {}
    for item in _envelope(body).entry:
        _read_entry(item, gathered)
    return [
        Batch(
            account_external_id=account,
            incoming=tuple(found.incoming),
            receipts=tuple(found.receipts),
            notices=tuple(found.notices),
        )
        for account, found in gathered.items()
    ]


def _envelope(body: bytes) -> payloads.Envelope:
    try:
        envelope = payloads.Envelope.model_validate(read_outside_json(body))
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not a webhook envelope: {type(error).__name__}") from error
    if envelope.about != "whatsapp_business_account":
        raise PayloadError(f"an envelope about {envelope.about[:60]!r}, not whatsapp_business_account")
    return envelope


def _read_entry(item: object, gathered: dict[str, _Gathered]) -> None:
    try:
        entry = payloads.Entry.model_validate(item)
    except ValidationError:
        _of(gathered, None).notices.append({"field": "unreadable", "entry": item})
        return
    for change in entry.changes:
        _read_change(change, entry.id, gathered)


def _read_change(item: object, business: str | None, gathered: dict[str, _Gathered]) -> None:
    try:
        change = payloads.Change.model_validate(item)
        value = payloads.Value.model_validate(change.value) if change.field in (MESSAGES, ECHOES) else None
    except ValidationError:
        _of(gathered, business).notices.append({"field": "unreadable", "change": item})
        return
    if value is None:
        _of(gathered, business).notices.append({"field": change.field, "value": change.value})
        return
    account = value.metadata.phone_number_id if value.metadata else None
    _read_value(value, _of(gathered, account or business))


def _of(gathered: dict[str, _Gathered], account: str | None) -> _Gathered:
    return gathered.setdefault(account or "", _Gathered())


def _read_value(value: payloads.Value, found: _Gathered) -> None:
    for item in value.messages:
        _keep_message(found, item, read_message(item, value.contacts) if isinstance(item, dict) else None)
    for item in value.message_echoes:
        _keep_message(found, item, read_echo(item, value.contacts) if isinstance(item, dict) else None)
    for item in value.statuses:
        receipt = _receipt(item)
        if receipt is None:
            found.notices.append({"field": MESSAGES, "status": item})
        else:
            found.receipts.append(receipt)
    found.notices.extend({"field": MESSAGES, "error": item} for item in value.errors)


def _keep_message(found: _Gathered, item: object, incoming: Incoming | None) -> None:
    if incoming is None:
        found.notices.append({"field": MESSAGES, "message": item})
    else:
        found.incoming.append(incoming)


def _receipt(item: object) -> Receipt | None:
    """The receipt, or None for a status that is broken or of a kind that Meta added since."""
    try:
        status = payloads.Status.model_validate(item)
    except ValidationError:
        return None
    known = _STATUSES.get(status.status)
    if known is None:
        return None
    error = status.errors[0] if status.errors else None
    return Receipt(
        provider_id=status.id,
        reference=status.biz_opaque_callback_data,
        status=known,
        at=status.timestamp,
        error_code=error.code if error else None,
        error_text=error.sentence if error else None,
    )

"""A provider's post: verified, parsed, and every message and receipt in it stored before it is answered."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from ramah.channels.content import Batch
from ramah.lib.errors import BadInput
from ramah.messaging.accounts import access_of, sibling_account
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount
from ramah.messaging.receipts import apply_receipt
from ramah.messaging.registry import channel_for
from ramah.observe import record_incident
from ramah.store import Database

log = structlog.get_logger()


def receive(database: Database, account: ChannelAccount, headers: Mapping[str, str], body: bytes) -> int:
    """Store all that a webhook body holds for this account; returns how many messages and receipts.

    Raises SignatureError (store nothing) or PayloadError. Repetitions change nothing.
    """
    channel = channel_for(account.kind)
    channel.verify(access_of(account), headers, body)
    return sum(_store(database, account, batch) for batch in channel.parse(body))


def _store(database: Database, account: ChannelAccount, batch: Batch) -> int:
    for notice in batch.notices:
        log.info("webhook_notice", account=account.name, notice=str(notice)[:300])
    if not batch.incoming and not batch.receipts:
        return 0
    receiver = sibling_account(database, account, batch.account_external_id)
    if receiver is None:
        error = BadInput(f"messages for number {batch.account_external_id}, which is connected to no account here")
        record_incident(database, account.organisation_id, error, "webhook:unknown-number")
        return 0
    for message in batch.incoming:
        accept(database, receiver, message)
    for receipt in batch.receipts:
        apply_receipt(database, receiver, receipt)
    return len(batch.incoming) + len(batch.receipts)

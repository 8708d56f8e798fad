"""One step of delivery: claim a parcel, hand it to its channel, settle it."""

from __future__ import annotations

import structlog

from ramah.channels.errors import ChannelError
from ramah.messaging.delivery import (
    Parcel,
    claim_parcel,
    send,
    settle_failed,
    settle_sent,
)
from ramah.observe import record_incident
from ramah.settings import Settings
from ramah.store import Database

log = structlog.get_logger()


def deliver_one(database: Database, config: Settings, owner: str) -> bool:
    """Deliver one message. False when nothing was due."""
    parcel = claim_parcel(database, owner, config.lease_time)
    if parcel is None:
        return False
    try:
        sent = send(parcel)
    except ChannelError as error:
        _failed(database, config, parcel, error)
    else:
        settle_sent(database, parcel, sent)
    return True


def _failed(database: Database, config: Settings, parcel: Parcel, error: ChannelError) -> None:
    settle_failed(database, parcel, error, config.send_attempts, config.uncertain_wait)
    log.warning("send_failed", outbound=parcel.outbound_id, outcome=error.outcome, code=error.code)
    if error.permanent:
        record_incident(database, parcel.organisation_id, error, f"send:{parcel.channel}:{error.outcome}")

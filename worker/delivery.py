"""One step of delivery: claim a parcel, hand it to its channel, settle it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.integrations.storage import Storage
from ramah.messaging.delivery import send, settle_failed, settle_sent
from ramah.messaging.media.outgoing import with_contents
from ramah.messaging.parcels import Parcel, ParcelClaimer
from ramah.messaging.providers import LEFT_ALONE
from ramah.messaging.traces import lines_of_turn
from ramah.observe import record_incident
from ramah.observe.metrics import SEND_SECONDS, SENDS
from ramah.observe.seldom import record_seldom
from ramah.settings import Settings
from ramah.store import Database

log = structlog.get_logger()


def deliver_one(database: Database, config: Settings, claimer: ParcelClaimer, storage: Storage) -> bool:
    """Deliver one message. False when nothing was due."""
    parcel = claimer.claim()
    if parcel is None:
        return False
    try:
        message = with_contents(database, storage, parcel.organisation_id, parcel.message)
        with SEND_SECONDS.labels(parcel.channel).time():
            sent = send(replace(parcel, message=message))
    except ChannelError as error:
        _failed(database, config, parcel, error)
    except Exception as error:  # noqa: BLE001 - a broken channel may have sent it; the row must not stay half-done
        broken = ChannelError(f"the channel broke: {error!r}"[:300], SendOutcome.UNCERTAIN, code="broken")
        record_incident(database, parcel.organisation_id, error, f"send:{parcel.channel}:broken")
        _failed(database, config, parcel, broken)
    else:
        settle_sent(database, parcel, sent)
        SENDS.labels(parcel.channel, "sent").inc()
    return True


def _failed(database: Database, config: Settings, parcel: Parcel, error: ChannelError) -> None:
    with lines_of_turn(database, parcel.organisation_id, parcel.send_key):
        _settle_and_tell(database, config, parcel, error)


def _settle_and_tell(database: Database, config: Settings, parcel: Parcel, error: ChannelError) -> None:
    settle_failed(database, parcel, error, config)
    SENDS.labels(parcel.channel, error.outcome).inc()
    log.warning("send_failed", outbound=parcel.outbound_id, outcome=error.outcome, code=error.code)
    if error.permanent:
        record_incident(database, parcel.organisation_id, error, f"send:{parcel.channel}:{error.outcome}")
    elif error.code != LEFT_ALONE:
        record_seldom(database, parcel.organisation_id, error, f"send:{parcel.channel}:{error.outcome}")

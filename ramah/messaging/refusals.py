"""Posts whose signature is wrong are counted by account and hour: a wrong secret loses every message, silently."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ramah.messaging.models import ChannelAccount, WebhookRefusal
from ramah.store import Database, utc_now

NOT_AGAIN_FOR = 5.0
"""Seconds: anybody can post nonsense to a public address, and must not make us write for each of it."""


@dataclass
class _Unwritten:
    """What this process has counted since it wrote last."""

    count: int = 0
    written_at: float = float("-inf")


_counts: dict[tuple[str, str], _Unwritten] = defaultdict(_Unwritten)
_lock = Lock()


def note_refusal(database: Database, account: ChannelAccount) -> None:
    """Count one. It is written at once, and those of the next seconds together with the first that comes after them."""
    with _lock:
        mine = _counts[(str(database.engine.url), account.id)]
        mine.count += 1
        if time.monotonic() - mine.written_at < NOT_AGAIN_FOR:
            return
        count, mine.count, mine.written_at = mine.count, 0, time.monotonic()
    _write(database, account, count, utc_now())


def _write(database: Database, account: ChannelAccount, count: int, now: datetime) -> None:
    insert = sqlite_insert if database.is_sqlite else postgresql_insert
    hour = now.replace(minute=0, second=0, microsecond=0)
    first = insert(WebhookRefusal).values(
        organisation_id=account.organisation_id, channel_account_id=account.id, hour=hour, count=count, last_at=now
    )
    counted = {"count": WebhookRefusal.count + count, "last_at": now}
    with database.tenant(account.organisation_id, lasting=False) as session:
        session.execute(
            first.on_conflict_do_update(
                index_elements=[WebhookRefusal.channel_account_id, WebhookRefusal.hour], set_=counted
            )
        )

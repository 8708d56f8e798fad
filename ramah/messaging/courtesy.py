"""Courtesies while an answer is made: read marks, "typing", an answered button. They never delay or fail a turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import structlog

from ramah.channels.errors import ChannelError
from ramah.channels.port import Activity
from ramah.messaging.accounts import access_of
from ramah.messaging.claims import Claim
from ramah.messaging.models import ChannelAccount
from ramah.messaging.providers import Purpose, asking_for
from ramah.messaging.registry import channel_for
from ramah.store import Database

log = structlog.get_logger()
THREADS = 2
MOST_WAITING = 32


class Courtesy:
    """Shows people that their message arrived, in threads of its own; under load the surplus is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="courtesy")
        self._room = BoundedSemaphore(MOST_WAITING)

    def show(self, claim: Claim) -> None:
        """Begin to show it; returns at once."""
        if channel_for(claim.channel).abilities.fetched_by_reader or not self._room.acquire(blocking=False):
            return
        self._threads.submit(self._show, claim)

    def _show(self, claim: Claim) -> None:
        try:
            with self._database.tenant_reading(claim.organisation_id) as session:
                account = session.get_one(ChannelAccount, claim.account_id)
            about = Activity(claim.recipient, claim.external_id, claim.raw)
            channel, access = channel_for(claim.channel), access_of(account)
            with asking_for(Purpose.COURTESIES, channel, access):
                channel.show_activity(access, about)
        except ChannelError as error:
            log.info("courtesy_failed", channel=claim.channel, reason=str(error)[:200])
        except Exception:
            log.exception("courtesy_broken", channel=claim.channel)
        finally:
            self._room.release()

    def close(self) -> None:
        """Leave out what waits and finish what runs."""
        self._threads.shutdown(wait=True, cancel_futures=True)

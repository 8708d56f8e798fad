"""One step of the worker: the next file is fetched from its provider, proved, kept, and its row settled."""

from __future__ import annotations

import structlog

from ramah.channels.content import FetchedMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.integrations.storage import Storage, StorageError
from ramah.lib.errors import RamahError
from ramah.lib.signatures import same_text
from ramah.lib.waits import jittered
from ramah.messaging.media.examining import Examined, examine, refuse_above, store
from ramah.messaging.media.leases import Errand, lease_next
from ramah.messaging.media.proof import FileRefused
from ramah.messaging.media.settling import settle_ended, settle_stored, try_later, wait_for_store
from ramah.messaging.models import MediaStatus
from ramah.messaging.providers import LEFT_ALONE, Purpose, asking_for
from ramah.messaging.registry import channel_for
from ramah.observe import record_incident
from ramah.settings import Settings
from ramah.store import Database

log = structlog.get_logger()
FIRST_WAIT = 10.0
GROWTH = 4.0
LONGEST_WAIT = 3600.0
STORE_WAIT = 30.0
TOO_LARGE = "too_large"
"""What every channel calls a file above the limit."""


class FetchFailed(RamahError):
    """What came is not what the provider announced; another try may bring it."""

    subsystem = "media"
    permanent = False


def fetch_one(database: Database, storage: Storage, config: Settings, owner: str) -> bool:
    """Fetch one file. False when none was due. ``owner`` names this worker in the log."""
    errand = lease_next(database)
    if errand is None:
        return False
    told = log.bind(media=errand.media_id, channel=errand.channel, owner=owner)
    try:
        examined = _fetched(errand, config)
        stored = store(storage, errand.organisation_id, examined)
    except FileRefused as error:
        settle_ended(database, errand, MediaStatus.REFUSED, str(error))
        told.info("media_refused", reason=str(error))
    except StorageError as error:
        told.warning("media_store_away", error=str(error))
        _store_is_away(database, errand, error)
    except Exception as error:  # noqa: BLE001 - whatever a channel raises, the file is still wanted
        told.warning("media_not_fetched", error=str(error)[:300], attempts=errand.attempts)
        _not_fetched(database, errand, error, config)
    else:
        settle_stored(database, errand, examined, stored)
        told.info("media_stored", mime_type=examined.type.mime_type, size=len(examined.content))
    return True


def _fetched(errand: Errand, config: Settings) -> Examined:
    remote, most = errand.remote, config.media_limit
    refuse_above(remote.size, most)
    channel = channel_for(errand.channel)
    with asking_for(Purpose.FILES, channel, errand.access):
        found: FetchedMedia = channel.fetch(errand.access, remote, most)
    examined = examine(found.content, found.filename or remote.filename, most)
    if remote.sha256 and not same_text(remote.sha256.lower(), examined.sha256):
        raise FetchFailed("the content has another checksum than the provider says")
    return examined


def _store_is_away(database: Database, errand: Errand, error: StorageError) -> None:
    if wait_for_store(database, errand, STORE_WAIT, str(error)):
        record_incident(database, errand.organisation_id, error, "media:store", errand.conversation_id)


def _not_fetched(database: Database, errand: Errand, error: Exception, config: Settings) -> None:
    if isinstance(error, ChannelError):
        if error.code == TOO_LARGE:
            settle_ended(database, errand, MediaStatus.REFUSED, str(error))
            return
        if error.code == LEFT_ALONE:
            # Nobody was asked: that is no try of this file.
            try_later(database, errand, error.retry_after or FIRST_WAIT, str(error), counted=False)
            return
        if error.outcome is SendOutcome.CONFIGURATION:
            # A dead token is not the file's fault: it waits until somebody has put the account right.
            try_later(database, errand, config.account_pause, str(error), counted=False)
            return
    gone = isinstance(error, ChannelError) and error.outcome is SendOutcome.GIVE_UP
    if gone or errand.attempts >= config.media_attempts:
        settle_ended(database, errand, MediaStatus.FAILED, str(error) or type(error).__name__)
        record_incident(database, errand.organisation_id, error, f"media:{errand.channel}", errand.conversation_id)
        return
    try_later(database, errand, _wait(error, errand.attempts), str(error) or type(error).__name__)


def _wait(error: Exception, attempts: int) -> float:
    """The wait that the provider asks for, else our own back-off: with eight tries some three hours. Seconds."""
    if isinstance(error, ChannelError) and error.retry_after is not None:
        return min(LONGEST_WAIT, float(error.retry_after * error.growth ** (attempts - 1)))
    return jittered(min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** min(attempts - 1, 10)))

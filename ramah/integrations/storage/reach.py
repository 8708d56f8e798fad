"""Whether the bucket for files can be reached just now, asked within a time limit."""

from __future__ import annotations

from ramah.integrations.storage.errors import ObjectMissing
from ramah.integrations.storage.objects import ObjectStorage, Patience
from ramah.integrations.storage.places import Bucket, read_place
from ramah.settings import Settings

PROBE = "readiness/probe"
"""Nothing is ever stored under this name: a bucket that says so knows us and our key."""


def reach_bucket(config: Settings, seconds: float) -> None:
    """Ask the bucket that RAMAH_MEDIA_URL names, once, for at most ``seconds``; a local folder is not asked.

    Raises StorageUnavailable when it does not answer, StorageRefused when it does not know bucket or key.
    """
    secret = config.media_secret.get_secret_value() if config.media_secret else None
    place = read_place(config.media_url, config.media_key, secret)
    if not isinstance(place, Bucket):
        return
    try:
        ObjectStorage(place, Patience(seconds, seconds, retries=0, retrying=seconds)).get(PROBE, 1)
    except ObjectMissing:
        return

"""From the settings to the place for files."""

from __future__ import annotations

from ramah.integrations.storage.objects import ObjectStorage, Patience
from ramah.integrations.storage.places import read_place
from ramah.integrations.storage.port import Storage
from ramah.lib.guard import Protection
from ramah.settings import Settings


def open_storage(config: Settings) -> Storage:
    """The place that RAMAH_MEDIA_URL names. Nothing is asked or created yet. Raises SettingsError."""
    secret = config.media_secret.get_secret_value() if config.media_secret else None
    return ObjectStorage(read_place(config.media_url, config.media_key, secret), _patience(config))


def _patience(config: Settings) -> Patience:
    protection = Protection(
        at_once=config.media_at_once,
        place_wait=config.place_wait,
        threshold=config.media_breaker_failures,
        rest=config.media_breaker_rest,
    )
    return Patience(config.media_connect_timeout, config.media_timeout, protection=protection)

"""From the settings to the place for files."""

from __future__ import annotations

from ramah.integrations.storage.objects import ObjectStorage
from ramah.integrations.storage.places import read_place
from ramah.integrations.storage.port import Storage
from ramah.settings import Settings


def open_storage(config: Settings) -> Storage:
    """The place that RAMAH_MEDIA_URL names. Nothing is asked or created yet. Raises SettingsError."""
    secret = config.media_secret.get_secret_value() if config.media_secret else None
    return ObjectStorage(read_place(config.media_url, config.media_key, secret))

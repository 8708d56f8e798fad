"""Where files are kept: the port, its errors, and the adapter for a local folder and S3."""

from ramah.integrations.storage.errors import (
    ObjectMissing,
    ObjectTooLarge,
    StorageError,
    StorageRefused,
    StorageUnavailable,
)
from ramah.integrations.storage.keys import content_key
from ramah.integrations.storage.opening import open_storage
from ramah.integrations.storage.port import Storage
from ramah.integrations.storage.reach import reach_bucket
from ramah.integrations.storage.room import room_left

__all__ = [
    "ObjectMissing",
    "ObjectTooLarge",
    "Storage",
    "StorageError",
    "StorageRefused",
    "StorageUnavailable",
    "content_key",
    "open_storage",
    "reach_bucket",
    "room_left",
]

"""What can go wrong where files are kept."""

from __future__ import annotations

from ramah.integrations.errors import IntegrationError


class StorageError(IntegrationError):
    """An object was not written, read or deleted. ``permanent`` says that the same call fails again for ever."""

    subsystem = "storage"


class StorageUnavailable(StorageError):
    """No answer, a full disk, a folder that cannot be written, a 5xx. Nothing was stored; try again later."""

    permanent = False


class StorageRefused(StorageError):
    """Key, secret, bucket or address is wrong. An administrator must act; then the same call passes."""


class ObjectMissing(StorageError):
    """There is no object of this name."""


class ObjectTooLarge(StorageError):
    """The object is larger than the caller wants to hold in memory."""

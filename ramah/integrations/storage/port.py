"""What every place for files offers. All methods block, may be called from many threads, and raise StorageError."""

from __future__ import annotations

from typing import Protocol


class Storage(Protocol):
    """Objects by name. Names are those of ``ramah.integrations.storage.keys``; others are refused with ValueError."""

    def put(self, key: str, content: bytes, mime_type: str) -> None:
        """Store an object, whole or not at all. An object of the same name is replaced."""

    def get(self, key: str, most_bytes: int) -> bytes:
        """The whole object. Raises ObjectMissing, and ObjectTooLarge above ``most_bytes``."""

    def get_part(self, key: str, start: int, length: int) -> bytes:
        """``length`` bytes from ``start`` on, fewer where the object ends. Raises ObjectMissing, and ValueError when
        nothing is there (``start`` at or behind the end, ``length`` below 1)."""

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""

    def delete(self, key: str) -> None:
        """Delete an object; one that is not there is fine."""

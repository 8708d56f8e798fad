"""A media store in memory that can be away, full, or forgetful."""

from __future__ import annotations

from ramah.integrations.storage import ObjectMissing, ObjectTooLarge, StorageUnavailable
from ramah.integrations.storage.errors import StorageError
from ramah.integrations.storage.keys import checked_key


class MoodyStorage:
    """Objects in memory. ``trouble`` is raised by every call until it is None; ``puts`` counts what was stored."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.trouble: StorageError | None = None
        self.puts = 0

    def go_away(self) -> None:
        """From now on nothing is stored or read, as on a full disk."""
        self.trouble = StorageUnavailable("No space left on device (os error 28)")

    def come_back(self) -> None:
        """From now on everything works."""
        self.trouble = None

    def put(self, key: str, content: bytes, mime_type: str) -> None:
        """See ``Storage``."""
        self._check()
        self.puts += 1
        self.objects[checked_key(key)] = (content, mime_type)

    def get(self, key: str, most_bytes: int) -> bytes:
        """See ``Storage``."""
        content = self._content(key)
        if len(content) > most_bytes:
            raise ObjectTooLarge("larger than wanted")
        return content

    def get_part(self, key: str, start: int, length: int) -> bytes:
        """See ``Storage``."""
        content = self._content(key)
        if length < 1 or not 0 <= start < len(content):
            raise ValueError("nothing is at this place of the object")
        return content[start : start + length]

    def exists(self, key: str) -> bool:
        """See ``Storage``."""
        self._check()
        return checked_key(key) in self.objects

    def delete(self, key: str) -> None:
        """See ``Storage``."""
        self._check()
        self.objects.pop(checked_key(key), None)

    def _content(self, key: str) -> bytes:
        self._check()
        if checked_key(key) not in self.objects:
            raise ObjectMissing("it is not there")
        return self.objects[key][0]

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

"""Parts of a file, as players of sound and film ask for them. Source: RFC 9110, section 14."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """Bytes ``start`` to ``end``, both included, of ``size``."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start + 1

    @property
    def header(self) -> str:
        """For Content-Range."""
        return f"bytes {self.start}-{self.end}/{self.size}"


class NoSuchPart(Exception):
    """The file has nothing at the place that was asked for."""


def asked_part(header: str | None, size: int) -> Part | None:
    """The one part that is asked for; None for the whole file, also when several parts or nonsense are asked for,
    which a server may answer with the whole. Raises NoSuchPart."""
    match = _ONE_RANGE.fullmatch((header or "").replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
        if last and int(last) < int(first):
            return None
    if start >= size or start > end:
        raise NoSuchPart
    return Part(start, end, size)

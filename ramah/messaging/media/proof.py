"""What a file is, proved by its content alone; names and what a sender says count only among kinds of plain text."""

from __future__ import annotations

import puremagic

from ramah.lib.errors import BadInput
from ramah.messaging.media import catalogue, containers, frames, texts
from ramah.messaging.media.catalogue import FileType

_HEAD = 64 * 1024
_BY_SIGNATURE = {
    extension: kept
    for kept in (
        catalogue.JPEG, catalogue.PNG, catalogue.WEBP, catalogue.GIF, catalogue.PDF, catalogue.MP3, catalogue.AMR,
    )
    for extension in kept.extensions
}  # fmt: skip


class FileRefused(BadInput):
    """A file may not be kept. The message says why, in words for a person; ``code`` is ``empty``, ``type`` or
    ``too_large``."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)


def prove_type(content: bytes, filename: str | None = None) -> FileType:
    """The type of a file. Raises FileRefused for one that is not in the catalogue, whatever it is called."""
    if not content:
        raise FileRefused("the file is empty", "empty")
    text = texts.as_text(content)
    found = texts.type_of(text, filename) if text is not None else _binary(content)
    if found is None:
        raise FileRefused(f"files of this type are not kept ({described(content)})", "type")
    return found


def described(content: bytes) -> str:
    """What a file seems to be, for people: the best guess, for the reason of a refusal."""
    guesses = _guesses(content)
    return guesses[0] if guesses else "unknown content"


def _binary(content: bytes) -> FileType | None:
    return (
        frames.type_of(content)
        or containers.office_type(content)
        or next((_BY_SIGNATURE.get(guess) for guess in _guesses(content)[:1]), None)
    )


def _guesses(content: bytes) -> list[str]:
    """File extensions by signature, most likely first."""
    try:
        found = puremagic.magic_string(content[:_HEAD])
    except (puremagic.PureError, ValueError):
        return []
    return [guess.extension.lstrip(".") or guess.mime_type or "unnamed" for guess in found]

"""Plain text, told from binary files on one side and from markup and scripts on the other."""

from __future__ import annotations

import re
from pathlib import PurePath

from ramah.messaging.media import catalogue
from ramah.messaging.media.catalogue import FileType

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_LOOKED_AT = 4096
_MARKUP = re.compile(r"<\s*(?:!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed|style|meta|%)", re.I)
_PLAIN = frozenset(catalogue.TEXT.extensions)


def as_text(content: bytes) -> str | None:
    """The beginning of a file as text, or None when any part of the file shows that it is binary.

    UTF-8, UTF-16 with a mark, and the one-byte encodings of old spreadsheets count as text."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return _clean(content[len(mark) :], encoding)
    return _clean(content, "utf-8") or _clean(content, "latin-1")


def type_of(text: str, filename: str | None) -> FileType | None:
    """Which kind of text; None for markup, scripts, and text under a name that would be run when opened."""
    begin = text.lstrip()
    if begin.startswith("%PDF-"):
        return catalogue.PDF
    if not begin or begin.startswith(("#!", "<")) or _MARKUP.search(text):
        return None
    if begin[:11].upper() == "BEGIN:VCARD":
        return catalogue.VCARD
    extension = PurePath(filename or "").suffix.lstrip(".").lower()
    if extension in catalogue.CSV.extensions:
        return catalogue.CSV
    return catalogue.TEXT if not extension or extension in _PLAIN else None


def _clean(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text[:_LOOKED_AT]

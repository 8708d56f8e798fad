"""Bytes as text, whatever charset they claim to be in."""

from __future__ import annotations

import codecs
from itertools import chain

REPLACEMENT = "\ufffd"
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8"}
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs of Python that no mail is written in; two of them take quadratic time."""


def decoded(content: bytes, charset: str | None) -> str:
    """The text in its charset; where that is unknown or wrong, in the one that fits best."""
    named = _known(charset)
    for candidate in chain((named,) if named else (), ("utf-8",)):
        try:
            return content.decode(candidate)
        except (UnicodeError, ValueError):
            continue
    if named is not None and named not in ("utf-8", "cp1252"):
        return content.decode(named, "replace")
    return _damaged(content)


def _known(charset: str | None) -> str | None:
    name = (charset or "").strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(_WIDER.get(name, name)) if name and "\0" not in name else None
    except (LookupError, ValueError):
        return None
    # Python knows codecs that give no text at all, such as zlib.
    if codec is None or codec.name in _NO_CHARSETS or not getattr(codec, "_is_text_encoding", True):
        return None
    return codec.name


def _damaged(content: bytes) -> str:
    """UTF-8 with a few broken bytes, or the charset of old Windows programs that name none."""
    text = content.decode("utf-8", "replace")
    broken = text.count(REPLACEMENT)
    whole = sum(1 for sign in text if sign > "\x7f") - broken
    return text if whole >= broken else content.decode("cp1252", "replace")

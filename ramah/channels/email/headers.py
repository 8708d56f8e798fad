"""Header fields as they come: folded, encoded, broken. Nothing here raises.

Read from the stored source, not through ``email.policy.default``: its header objects raise on some malformed fields,
on access and not while parsing, so that one bad field would hide a whole mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from ramah.channels.email.decoding import decoded

LONGEST_VALUE = 10_000
LONGEST_ADDRESS = 190
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\]+")


@dataclass(frozen=True)
class Correspondent:
    """A name and an address, as in ``From``. The address is lower-case."""

    address: str
    name: str | None = None

    @property
    def domain(self) -> str:
        """What follows the ``@``."""
        return self.address.rpartition("@")[2]


def sources(message: Message, name: str) -> list[str]:
    """All fields of this name, unfolded, still encoded, bytes beyond ASCII repaired."""
    wanted = name.lower()
    return [_repaired(str(value)) for key, value in message.raw_items() if key.lower() == wanted]


def source(message: Message, name: str) -> str:
    """The first field of this name, as above, or an empty text."""
    return next(iter(sources(message, name)), "")


def words(value: str) -> str:
    """Encoded words (RFC 2047) as text. What cannot be decoded stays as it is."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return value
    return _clean("".join(_piece(content, charset) for content, charset in pieces))


def text_of(message: Message, name: str) -> str:
    """The first field of this name as a person reads it, on one line."""
    return " ".join(words(source(message, name)).split())


def correspondents(message: Message, name: str) -> list[Correspondent]:
    """The people in a field such as ``From`` or ``To``; what is no address is left out."""
    found = []
    for value in sources(message, name):
        try:
            pairs = getaddresses([value])
        except (ValueError, LookupError, TypeError):
            pairs = []
        found += [Correspondent(address.lower(), _name(said)) for said, address in pairs if _is_address(address)]
        if not found:
            found += [Correspondent(address.lower()) for address in _ADDRESS.findall(value) if _is_address(address)]
    return found


def date_of(message: Message) -> datetime | None:
    """When the mail says that it was sent, or None where it says nothing readable."""
    try:
        moment = parsedate_to_datetime(source(message, "date"))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC) if aware.year >= 1970 else None
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def _repaired(value: str) -> str:
    value = _FOLD.sub("", value[:LONGEST_VALUE])
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        value = decoded(value.encode("utf-8", "surrogateescape"), None)
    return _clean(value)


def _clean(value: str) -> str:
    return _CONTROL.sub(" ", value).strip()


def _piece(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    # The library gives what stood between encoded words in this form of its own.
    return content.decode("raw-unicode-escape", "replace") if charset is None else decoded(content, charset)


def _name(said: str) -> str | None:
    return " ".join(words(said).strip("\"' ").split()) or None


def _is_address(address: str) -> bool:
    return len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None

"""The parts of a mail: its leaves in order, the text that speaks for it, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from ramah.channels.content import MediaKind, RemoteMedia
from ramah.channels.email.decoding import decoded
from ramah.channels.email.headers import source, words
from ramah.channels.email.marks import LEFT_OUT

PLAIN, HTML = "text/plain", "text/html"
_UNSEEN = frozenset({"text/x-amp-html", "text/enriched", "text/watch-html"})
"""Other forms of a text that is there in plain or HTML as well."""
_FOR_MACHINES = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
    }
)
_SOFT_BREAK = re.compile(r"(?<!\n--) \n(?!>|-- \n|\n)")
_FOLDERS = re.compile(r"[/\\]")


@dataclass(frozen=True)
class Passage:
    """One piece of the mail's own text, as it is written."""

    text: str
    is_html: bool


@dataclass
class Contents:
    """What a mail holds: its text in one form, and files by the number of their leaf."""

    passages: list[Passage] = field(default_factory=list)
    files: list[tuple[int, Message]] = field(default_factory=list)


def contents_of(message: Message) -> Contents:
    """Read a mail's parts. Of alternatives the plain one speaks; files are taken from all of them (Apple Mail puts
    them inside the HTML one)."""
    found = Contents()
    for number, (leaf, speaks) in enumerate(_leaves(message, speaks=True)):
        kind = leaf.get_content_type()
        if kind in _UNSEEN or kind in _FOR_MACHINES:
            continue
        if not is_own_text(leaf):
            found.files.append((number, leaf))
        elif speaks:
            found.passages.append(Passage(text_in(leaf), is_html=kind == HTML))
    return found


def leaves(message: Message) -> list[Message]:
    """All parts that are no container, in the order of the mail. A mail in a mail is one leaf."""
    return [leaf for leaf, _ in _leaves(message, speaks=True)]


def _leaves(part: Message, *, speaks: bool) -> Iterator[tuple[Message, bool]]:
    children = _children(part)
    if children is None:
        yield part, speaks
        return
    chosen = _chosen(children) if part.get_content_type() == "multipart/alternative" else None
    for child in children:
        yield from _leaves(child, speaks=speaks and (chosen is None or child is chosen))


def _children(part: Message) -> list[Message] | None:
    payload = part.get_payload()
    if part.get_content_maintype() != "multipart" or not isinstance(payload, list):
        return None
    return [child for child in payload if isinstance(child, Message)]


def _chosen(children: list[Message]) -> Message | None:
    """The alternative that is read: with plain text in it, else with HTML."""
    for kind in (PLAIN, HTML):
        for child in children:
            inside = [leaf for leaf in leaves(child) if leaf.get_content_type() == kind and is_own_text(leaf)]
            if any(text_in(leaf).strip() for leaf in inside):
                return child
    return children[0] if children else None


def is_own_text(leaf: Message) -> bool:
    """Whether a part is what the person wrote, not a text file that came along."""
    kind = leaf.get_content_type()
    broken_container = leaf.get_content_maintype() == "multipart"
    return (kind in (PLAIN, HTML) or broken_container) and not _is_attached(leaf)


def text_in(leaf: Message) -> str:
    """The decoded text of a part, lines ended by ``\\n``."""
    text = decoded(content_in(leaf), _parameter(leaf, "charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (_parameter(leaf, "format") or "").lower() != "flowed":
        return text
    # RFC 3676: a line that ends with a space goes on in the next one; a leading space only protects.
    joined = _SOFT_BREAK.sub("" if (_parameter(leaf, "delsp") or "").lower() == "yes" else " ", text)
    return "\n".join(line[1:] if line.startswith(" ") else line for line in joined.split("\n"))


def content_in(leaf: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone where that can be."""
    try:
        content = leaf.get_payload(decode=True)
    except (ValueError, LookupError):
        content = None
    return content if isinstance(content, bytes) else b""


def file_of(number: int, leaf: Message, message_id: str) -> RemoteMedia:
    """A file of a mail, to be fetched later by the number of its leaf and the mail's id."""
    left_out = source(leaf, LEFT_OUT)
    return RemoteMedia(
        kind=_kind(leaf.get_content_maintype()),
        reference=f"part:{number}:{message_id}",
        mime_type=leaf.get_content_type(),
        filename=_filename(leaf),
        size=int(left_out) if left_out.isascii() and left_out.isdigit() else len(content_in(leaf)) or None,
    )


def _kind(main_type: str) -> MediaKind:
    known = {"image": MediaKind.IMAGE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
    return known.get(main_type, MediaKind.DOCUMENT)


def _is_attached(leaf: Message) -> bool:
    disposition = source(leaf, "content-disposition").partition(";")[0].strip().lower()
    return disposition == "attachment" or _filename(leaf) is not None


def _filename(leaf: Message) -> str | None:
    try:
        given = leaf.get_filename()
    except (ValueError, LookupError, TypeError):
        return None
    # RFC 2231 is the rule, but Outlook and others put encoded words into the parameter.
    name = _FOLDERS.split(words(given or ""))[-1].strip()[:200]
    return name or None


def _parameter(leaf: Message, name: str) -> str | None:
    try:
        value = leaf.get_param(name)
    except (ValueError, LookupError, TypeError):
        return None
    if isinstance(value, tuple):
        value = value[2]
    return str(value).strip() if value is not None else None

"""A mail that is too large, or that the server cannot give whole: its headers, its texts, and what was left out.

Built from BODYSTRUCTURE (RFC 9051, 7.5.2) so that its leaves have the numbers of the whole mail's, and a file can
still be fetched by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]

from ramah.channels.email.marks import CUT, LEFT_OUT, UNREADABLE

LARGEST_TEXT = 500_000
_TAKEN = frozenset(
    {
        *("text/plain", "text/html", "text/rfc822-headers"),
        *("message/delivery-status", "message/disposition-notification"),
    }
)
_DEPTH = 40
_OUR_OWN = re.compile(rb"(?im)^(?:content-[^:\n]*|mime-version|x-ramah-[^:\n]*):.*(?:\n[ \t].*)*\n?")


@dataclass(frozen=True)
class Leaf:
    """A part of a mail as the server describes it. ``section`` is its IMAP name, ``size`` is encoded bytes."""

    section: str
    kind: str
    encoding: str
    size: int


def leaves_of(structure: Any, section: str = "", depth: int = 0) -> Iterator[Leaf]:
    """All leaves, in the order of the mail."""
    if depth > _DEPTH:
        return
    if not structure.is_multipart:
        kind = f"{_word(structure[0])}/{_word(structure[1])}"
        size = structure[6] if isinstance(structure[6], int) else 0
        yield Leaf(section or "1", kind, _word(structure[5]), size)
        return
    for number, child in enumerate(structure[0], start=1):
        yield from leaves_of(child, f"{section}.{number}" if section else str(number), depth + 1)


def skeleton(client: IMAPClient, uid: int, size: int) -> bytes | None:
    """The mail without its large parts; None when it is gone."""
    answer = client.fetch([uid], ["BODYSTRUCTURE", "BODY.PEEK[HEADER]"]).get(uid)
    if answer is None or b"BODY[HEADER]" not in answer:
        return None
    structure = answer[b"BODYSTRUCTURE"]
    head = _OUR_OWN.sub(b"", bytes(answer[b"BODY[HEADER]"]).replace(b"\r\n", b"\n")).rstrip(b"\n")
    top = head + f"\n{CUT}: {size}\nMIME-Version: 1.0\n".encode()
    return top + _built(client, uid, structure, "")


def unreadable(uid: int, said: str) -> bytes:
    """What stands for a mail of which the server gives nothing at all."""
    return f"{UNREADABLE}: message {uid}: {' '.join(said.split())[:300]}\n\n".encode()


def _built(client: IMAPClient, uid: int, structure: Any, section: str) -> bytes:
    """Headers of the content, an empty line, the content."""
    if not structure.is_multipart:
        return _built_leaf(client, uid, next(leaves_of(structure, section)), is_root=not section)
    boundary = f"ramah-cut-{section or '0'}".encode()
    head = f'Content-Type: multipart/{_word(structure[1])}; boundary="{boundary.decode()}"\n\n'.encode()
    parts = [
        b"--" + boundary + b"\n" + _built(client, uid, child, f"{section}.{number}" if section else str(number)) + b"\n"
        for number, child in enumerate(structure[0], start=1)
    ]
    return head + b"".join(parts) + b"--" + boundary + b"--\n"


def _built_leaf(client: IMAPClient, uid: int, leaf: Leaf, *, is_root: bool) -> bytes:
    taken = leaf.kind in _TAKEN and leaf.size <= LARGEST_TEXT
    # A mail that is one part has no MIME header of its own but the mail's (RFC 9051, 6.4.5.1).
    head = "HEADER" if is_root else f"{leaf.section}.MIME"
    wanted = [f"BODY.PEEK[{head}]", *([f"BODY.PEEK[{leaf.section}]"] if taken else [])]
    answer = client.fetch([uid], wanted).get(uid, {})
    header = bytes(answer.get(f"BODY[{head}]".encode(), b"") or b"").replace(b"\r\n", b"\n").strip(b"\n")
    if is_root:
        header = b"\n".join(_content_fields(header))
    if not taken:
        return header + f"\n{LEFT_OUT}: {_decoded_size(leaf)}\n\n".lstrip("\n" if not header else "").encode()
    return header + b"\n\n" + bytes(answer.get(f"BODY[{leaf.section}]".encode(), b"") or b"")


def _content_fields(header: bytes) -> list[bytes]:
    return [
        found.group(0).rstrip(b"\n") for found in _OUR_OWN.finditer(header) if found.group(0)[:8].lower() == b"content-"
    ]


def _decoded_size(leaf: Leaf) -> int:
    return leaf.size * 3 // 4 if leaf.encoding == "base64" else leaf.size


def _word(value: Any) -> str:
    return value.decode("ascii", "replace").lower() if isinstance(value, bytes) else str(value or "").lower()

"""A file of a mail, fetched later: the mail is found by its id, then one part of it is taken."""

from __future__ import annotations

import re
from email.message import Message

from imapclient import IMAPClient  # type: ignore[import-untyped]

from ramah.channels.content import FetchedMedia, RemoteMedia
from ramah.channels.email.account import Mailbox, Wire
from ramah.channels.email.collecting import body_of
from ramah.channels.email.imap import opened, select_for_reading
from ramah.channels.email.message_ids import hashed, is_hash
from ramah.channels.email.parts import content_in
from ramah.channels.email.skeleton import Leaf, leaves_of
from ramah.channels.errors import ChannelError, SendOutcome

_REFERENCE = re.compile(r"part:(\d{1,4}):(.+)", re.DOTALL)
MOST_UNNAMED = 50
"""How many of the newest mails without an id are looked through."""


def fetch_part(mailbox: Mailbox, wire: Wire, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
    """The bytes of one file. Raises ChannelError (GIVE_UP when it is gone or larger than ``most_bytes``)."""
    match = _REFERENCE.fullmatch(media.reference)
    if match is None:
        raise ChannelError(f"{media.reference[:80]!r} names no part of a mail", SendOutcome.GIVE_UP)
    with opened(mailbox, wire) as client:
        select_for_reading(client, mailbox.imap_folder)
        uid = _find(client, match[2])
        if uid is None:
            raise ChannelError("the mail is not in the mailbox any more", SendOutcome.GIVE_UP, code="gone")
        content = _take(client, uid, int(match[1]), most_bytes)
    return FetchedMedia(content=content, mime_type=media.mime_type, filename=media.filename)


def _find(client: IMAPClient, message_id: str) -> int | None:
    if is_hash(message_id):
        return _find_unnamed(client, message_id)
    if not message_id.isascii():
        return None
    # The search is for a part of the field; two mails with one id are copies.
    found = client.search(["HEADER", "Message-ID", message_id])
    return int(max(found)) if found else None


def _find_unnamed(client: IMAPClient, digest: str) -> int | None:
    """A mail without an id, by the hash of what was stored of it."""
    candidates = sorted(client.search(["NOT", "HEADER", "Message-ID", ""]), reverse=True)[:MOST_UNNAMED]
    sizes = client.fetch(candidates, ["RFC822.SIZE"])
    for uid in candidates:
        body = body_of(client, uid, int(sizes.get(uid, {}).get(b"RFC822.SIZE") or 0))
        if body is not None and hashed(body) == digest:
            return int(uid)
    return None


def _take(client: IMAPClient, uid: int, number: int, most_bytes: int) -> bytes:
    structure = client.fetch([uid], ["BODYSTRUCTURE"]).get(uid, {}).get(b"BODYSTRUCTURE")
    leaf = (
        next((leaf for place, leaf in enumerate(leaves_of(structure)) if place == number), None) if structure else None
    )
    if leaf is None:
        raise ChannelError("the mail has no such part", SendOutcome.GIVE_UP, code="gone")
    # Base64 takes four bytes for three, and line ends.
    if leaf.size > most_bytes * 3 // 2 + 1024:
        raise _too_large(leaf.size, most_bytes)
    name = f"BODY[{leaf.section}]".encode()
    content = _without_encoding(client.fetch([uid], [f"BODY.PEEK[{leaf.section}]"]).get(uid, {}).get(name), leaf)
    if len(content) > most_bytes:
        raise _too_large(len(content), most_bytes)
    return content


def _without_encoding(encoded: bytes | None, leaf: Leaf) -> bytes:
    if encoded is None:
        raise ChannelError("the mailbox gave nothing for this part", SendOutcome.GIVE_UP, code="gone")
    part = Message()
    part["Content-Transfer-Encoding"] = leaf.encoding
    part.set_payload(encoded.decode("ascii", "surrogateescape"))
    return encoded if leaf.kind == "message/rfc822" else content_in(part)


def _too_large(size: int, most_bytes: int) -> ChannelError:
    return ChannelError(f"the file has {size} bytes, more than {most_bytes}", SendOutcome.GIVE_UP, code="too_large")

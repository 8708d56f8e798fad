"""New mails of a mailbox, oldest first; nothing is marked, moved or deleted there."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import (  # type: ignore[import-untyped]
    IMAPClientAbortError,
    IMAPClientError,
)

from ramah.channels.content import Collected
from ramah.channels.email.account import Mailbox, Wire
from ramah.channels.email.imap import opened, select_for_reading
from ramah.channels.email.skeleton import skeleton, unreadable

MOST_MAILS = 50
MOST_SECONDS = 60.0
"""After which one look into a mailbox ends between two mails; the next look goes on there."""
LARGEST_MAIL = 10 * 1024 * 1024
FIRST_LOOK = timedelta(days=2)
"""How old mails may be that are taken when a mailbox is read for the first time."""
_CURSOR = re.compile(r"(\d+):(\d+)(?::(\d{8}))?")
_CHUNK = 50


@dataclass(frozen=True)
class Place:
    """How far a folder was read. UIDs mean something only under one ``validity`` (RFC 9051, 2.3.1.1); ``floor`` is the
    day that the first look began with, from which everything is read again once the validity changes."""

    validity: int
    uid: int
    floor: date

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}:{self.floor:%Y%m%d}"


def place_of(cursor: str | None, now: datetime) -> Place | None:
    """A cursor as it was written, or None for the first look."""
    match = _CURSOR.fullmatch(cursor or "")
    if match is None:
        return None
    validity, uid, floor = match.groups()
    begun = datetime.strptime(floor, "%Y%m%d").replace(tzinfo=UTC) if floor else now - FIRST_LOOK
    return Place(int(validity), int(uid), begun.date())


def collect_new(mailbox: Mailbox, wire: Wire, cursor: str | None, now: datetime) -> Iterator[Collected]:
    """At most ``MOST_MAILS`` mails after the cursor, in ``MOST_SECONDS``. Raises ChannelError."""
    with opened(mailbox, wire) as client:
        validity = select_for_reading(client, mailbox.imap_folder)
        before = place_of(cursor, now)
        floor = before.floor if before else (now - FIRST_LOOK).date()
        known = before.uid if before and before.validity == validity else None
        oldest = now - FIRST_LOOK if before is None else datetime(floor.year, floor.month, floor.day, tzinfo=UTC)
        taken, ends = 0, time.monotonic() + MOST_SECONDS
        for uid, size in _sizes(client, _new_uids(client, known, floor), None if known is not None else oldest):
            if taken == MOST_MAILS or time.monotonic() > ends:
                return
            body = body_of(client, uid, size)
            if body is not None:
                taken += 1
                yield Collected(body=body, cursor=str(Place(validity, uid, floor)))


def body_of(client: IMAPClient, uid: int, size: int) -> bytes | None:
    """A mail as its envelope keeps it: whole, without its large parts, or a note that the server does not give it
    (Exchange does so for mails that it cannot convert). None when it is gone."""
    reason = ""
    for take in (_whole, skeleton) if size <= LARGEST_MAIL else (skeleton,):
        try:
            return take(client, uid, size)
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, LookupError, TypeError) as error:
            reason = reason or str(error)
    return unreadable(uid, reason)


def _whole(client: IMAPClient, uid: int, _size: int) -> bytes | None:
    body = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
    return bytes(body) if body is not None else None


def _new_uids(client: IMAPClient, known: int | None, floor: date) -> list[int]:
    if known is None:
        # The server compares with its own local dates.
        return sorted(client.search(["SINCE", floor - timedelta(days=1)]))
    # "n:*" names the newest mail even where that is older than n.
    return sorted(uid for uid in client.search(["UID", f"{known + 1}:*"]) if uid > known)


def _sizes(client: IMAPClient, uids: list[int], oldest: datetime | None) -> Iterator[tuple[int, int]]:
    """Mails with their sizes in bytes, without those that came before ``oldest`` or are gone meanwhile."""
    for start in range(0, len(uids), _CHUNK):
        chunk = uids[start : start + _CHUNK]
        about = client.fetch(chunk, ["RFC822.SIZE", "INTERNALDATE"])
        for uid in chunk:
            facts = about.get(uid)
            if facts is not None and (oldest is None or _moment(facts.get(b"INTERNALDATE"), oldest) >= oldest):
                yield uid, int(facts.get(b"RFC822.SIZE") or 0)


def _moment(value: object, otherwise: datetime) -> datetime:
    return value if isinstance(value, datetime) and value.tzinfo is not None else otherwise

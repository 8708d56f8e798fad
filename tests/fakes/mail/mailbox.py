"""What lies in the mailbox: mails with their numbers, as RFC 9051 wants them kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass
class StoredMail:
    """One mail. ``received_at`` is the server's internal date; ``unreadable`` ones are never given whole,
    ``hopeless`` ones not even in parts."""

    uid: int
    raw: bytes
    received_at: datetime
    flags: set[str] = field(default_factory=set)
    unreadable: bool = False
    hopeless: bool = False


class Folder:
    """One folder. Numbers rise and are never used again while ``validity`` stays."""

    def __init__(self) -> None:
        self.validity = 1_000
        self.mails: list[StoredMail] = []
        self._next = 1
        self.lock = threading.RLock()

    def add(self, raw: bytes, received_at: datetime | None = None) -> StoredMail:
        """A mail arrives."""
        with self.lock:
            ended = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            mail = StoredMail(self._next, ended, received_at or datetime.now(UTC))
            self.mails.append(mail)
            self._next += 1
            return mail

    def renumber(self) -> None:
        """The server was restored: all numbers begin again."""
        with self.lock:
            self.validity += 1
            for number, mail in enumerate(self.mails, start=1):
                mail.uid = number
            self._next = len(self.mails) + 1

    def remove(self, uid: int) -> None:
        """Somebody deletes a mail."""
        with self.lock:
            self.mails = [mail for mail in self.mails if mail.uid != uid]

    def snapshot(self) -> list[tuple[int, frozenset[str]]]:
        """Numbers and flags, to see that reading changes neither."""
        with self.lock:
            return [(mail.uid, frozenset(mail.flags)) for mail in self.mails]

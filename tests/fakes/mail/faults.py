"""What the host does wrong, in the order in which it was asked for. Each fault happens once."""

from __future__ import annotations

import threading
from collections import deque
from enum import StrEnum


class Fault(StrEnum):
    """Ways to fail."""

    BUSY_GREETING = "busy_greeting"  # SMTP: 421 instead of a greeting
    WRONG_LOGIN = "wrong_login"  # SMTP: 535
    LOGIN_LATER = "login_later"  # SMTP: 454
    WRONG_SENDER = "wrong_sender"  # SMTP: 553 after MAIL
    GREYLISTED = "greylisted"  # SMTP: 450 after RCPT
    FULL = "full"  # SMTP: 452 after RCPT
    UNKNOWN_PERSON = "unknown_person"  # SMTP: 550 after RCPT
    CUT_BEFORE_DATA = "cut_before_data"  # SMTP: the connection breaks after RCPT
    DRIPPING = "dripping"  # SMTP: lines without an end after RCPT
    TOO_LARGE = "too_large"  # SMTP: 552 after the content
    POLICY = "policy"  # SMTP: 554 after the content
    TRY_LATER = "try_later"  # SMTP: 451 after the content
    CLOSING = "closing"  # SMTP: 421 after the content
    DAILY_LIMIT = "daily_limit"  # SMTP: 550 5.4.5 after the content
    CUT_AFTER_DATA = "cut_after_data"  # SMTP: the mail is taken, then the connection breaks
    SILENT_AFTER_DATA = "silent_after_data"  # SMTP: the mail is taken, no answer comes
    NONSENSE = "nonsense"  # SMTP: the mail is taken, the answer is no SMTP
    IMAP_CUT = "imap_cut"  # IMAP: the connection breaks at the next mail that is fetched
    IMAP_SILENT = "imap_silent"  # IMAP: the next fetch is not answered
    IMAP_DRIPPING = "imap_dripping"  # IMAP: the next fetch is answered with lines without an end
    IMAP_NONSENSE = "imap_nonsense"  # IMAP: the next fetch is answered with what is no IMAP
    IMAP_LOGIN_LATER = "imap_login_later"  # IMAP: NO [UNAVAILABLE] to the login


class FaultQueue:
    """Faults still to come. Safe between threads."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def order(self, *faults: Fault) -> None:
        """Let these happen next."""
        with self._lock:
            self._waiting.extend(faults)

    def take(self, *wanted: Fault) -> Fault | None:
        """The next fault, if it is one of these."""
        with self._lock:
            return self._waiting.popleft() if self._waiting and self._waiting[0] in wanted else None

"""Mails that no person wrote: never answered, or two machines would write to each other for ever.

Sources: RFC 3834 (Auto-Submitted, and what an automatic responder must not answer), RFC 2919 (List-Id), RFC 3464
(delivery reports), and the fields that programs older than these still send.
"""

from __future__ import annotations

import re
from email.message import Message

from ramah.channels.email.headers import correspondents, source, sources, text_of

_MACHINES = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon"})
_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply", "list-id", "x-failed-recipients")
_BULK = frozenset({"bulk", "list", "junk", "auto_reply"})
_ABSENCE = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|auto\s*:|out of (?:the )?office|"
    r"(?:balasan|jawapan|jawaban) (?:otomatis|automatik)|(?:di ?luar|tidak berada di) (?:kantor|pejabat))",
    re.IGNORECASE,
)
"""Subjects of absence notes; Outlook writes them in the language of the mailbox."""


def is_automatic(message: Message) -> bool:
    """Whether a machine sent it."""
    submitted = source(message, "auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or source(message, "precedence").strip().lower() in _BULK
        or any(source(message, name) for name in _FIELDS)
        or is_report(message)
        or is_from_machine(message)
        or bool(_ABSENCE.match(text_of(message, "subject")))
    )


def is_from_machine(message: Message) -> bool:
    """Whether a mail system itself writes: an empty return path, or one of the names that RFC 2142 and habit give."""
    if any(path.replace(" ", "") == "<>" for path in sources(message, "return-path")):
        return True
    return any(sender.address.partition("@")[0] in _MACHINES for sender in correspondents(message, "from"))


def is_report(message: Message) -> bool:
    """Whether it reports on a mail of ours (RFC 6522)."""
    return message.get_content_type() == "multipart/report"

"""The main menu: which pages there are, and who sees them in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from console.permissions import may
from console.translations import Marked, mark
from ramah.people.roles import Permission
from ramah.people.sessions import Login


@dataclass(frozen=True)
class Entry:
    """One page of the menu. ``count`` is the address of a number shown beside it, read again every 30 seconds; ``jump``
    the letter that opens it after "g", found by itself."""

    path: str
    label: Marked
    icon: str
    permission: Permission = Permission.ANSWER
    count: str = ""
    jump: str = ""


_PAGES = (
    Entry("/console", mark("Inbox"), "inbox"),
    Entry("/console/queue", mark("Queue"), "queue", count="/console/queue/count"),
    Entry("/console/contacts", mark("Contacts"), "person"),
    Entry("/console/payments", mark("Payments"), "note", count="/console/payments/count"),
    Entry("/console/hours", mark("Hours"), "clock", Permission.MANAGE_HOURS),
    Entry("/console/ledger", mark("Ledger"), "checks", Permission.SEE_LEDGER),
    Entry("/console/messages", mark("Message log"), "send", Permission.SEE_LEDGER),
    Entry("/console/canned-replies", mark("Canned replies"), "chat", Permission.MANAGE_CANNED_REPLIES),
    Entry("/console/channels", mark("Channels"), "plug", Permission.MANAGE_CHANNELS),
    Entry("/console/staff", mark("Staff"), "headset", Permission.MANAGE_STAFF),
    Entry("/console/alerts/settings", mark("Alerts"), "bell", Permission.MANAGE_SETTINGS),
    Entry("/console/labels", mark("Labels"), "tag", Permission.MANAGE_LABELS),
    Entry("/console/system", mark("System"), "activity", Permission.MANAGE_SETTINGS),
    Entry("/console/incidents", mark("Incidents"), "alert", Permission.SEE_INCIDENTS),
    Entry("/console/audit", mark("Audit log"), "history", Permission.SEE_AUDIT),
)


def _with_jumps(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Each page gets the first letter of its English name that no page before it has; the same for every person."""
    taken: set[str] = set()
    found = []
    for entry in entries:
        letters = (letter for letter in entry.label.lower() if letter.isascii() and letter.isalpha())
        free = next((letter for letter in letters if letter not in taken), "")
        taken.add(free)
        found.append(replace(entry, jump=free))
    return tuple(found)


MENU = _with_jumps(_PAGES)


def menu_of(login: Login | None) -> list[Entry]:
    """The entries that this person may open, in their order."""
    return [entry for entry in MENU if login and may(login, entry.permission)]

"""Header fields of our own, in mails that could not be taken whole. Whoever forges one only misstates a size."""

from __future__ import annotations

LEFT_OUT = "X-Ramah-Left-Out"
"""On a part: how many bytes of it stayed in the mailbox."""
CUT = "X-Ramah-Cut"
"""On a mail: how large it is in the mailbox."""
UNREADABLE = "X-Ramah-Unreadable"
"""In place of a mail: what the server said instead of giving it."""

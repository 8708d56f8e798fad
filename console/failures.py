"""Why a message did not arrive, and what helps, in the reader's language."""

from __future__ import annotations

from ramah.channels.sentences import Explanation, explain
from ramah.messaging.models import OutboundStatus

OUR_CODES = {"window": "window_closed", "too_old": "too_old", "broken": "give_up"}
"""What our own gates note, by the outcome that it is told as."""
TOLD = (OutboundStatus.FAILED, OutboundStatus.UNPROVED)


def failure_of(channel: str, status: str | None, code: str | None, language: str) -> Explanation | None:
    """One sentence and one next step for a message that failed or that nobody can confirm; None for all others."""
    if status not in TOLD:
        return None
    outcome = "uncertain" if status == OutboundStatus.UNPROVED else OUR_CODES.get(code or "", "give_up")
    return explain(channel, code, outcome, language)

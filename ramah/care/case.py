"""The doctor's case as an incident: what was found, the last bubbles, the step, and the line that asked."""

from __future__ import annotations

from ramah.care.asking_line import line_that_says
from ramah.care.doctor import Finding
from ramah.lib.errors import RamahError
from ramah.messaging.claims import Claim
from ramah.messaging.engine_client import EngineTurn
from ramah.messaging.models import Conversation
from ramah.messaging.thread import Line, read_latest
from ramah.observe import record_incident
from ramah.store import Database

BUBBLES = 10
BUBBLE_LENGTH = 240


class StuckConversation(RamahError):
    """A conversation could not go on by itself."""

    subsystem = "dialogue"


def record_case(
    database: Database, claim: Claim, turn: EngineTurn, finding: Finding, detail: str, operation: str | None
) -> None:
    """Write the incident. It is grouped by what was found and by the line that asked."""
    asked = next((reply.text for reply in reversed(turn.replies) if reply.text), None)
    place = line_that_says(asked, turn.language) if asked else None
    did = [str(action.get("action")) for action in turn.did]
    actions = ", ".join(did) or operation or "nothing"
    error = StuckConversation(f"{finding}: {detail}; the dialogue did {actions}; the customer is led out")
    record_incident(
        database,
        claim.organisation_id,
        error,
        f"stuck:{finding}",
        claim.conversation_id,
        place=place or f"dialogue:{did[-1] if did else operation or 'unknown'}",
        transcript=_transcript(database, claim, turn),
    )


def _transcript(database: Database, claim: Claim, turn: EngineTurn) -> str:
    with database.tenant_reading(claim.organisation_id) as session:
        newest = session.get_one(Conversation, claim.conversation_id).next_position - 1
        lines = read_latest(session, claim.conversation_id, newest, limit=BUBBLES)
    bubbles = [*(_bubble(line) for line in lines), *(f"bot (now): {_short(r.text)}" for r in turn.replies if r.text)]
    return "\n".join(bubbles[-BUBBLES:])


def _bubble(line: Line) -> str:
    return f"{line.author}: {_short(line.text or f'[{line.kind}]')}"


def _short(text: str | None) -> str:
    flat = " ".join((text or "").split())
    return flat if len(flat) <= BUBBLE_LENGTH else flat[: BUBBLE_LENGTH - 1] + "…"

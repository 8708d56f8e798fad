"""A conversation's chart: its last watched turns, and when the doctor was last there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ramah.care.doctor import hands_over, may_intervene
from ramah.care.watched import WatchedTurn, from_json
from ramah.messaging.claims import Claim
from ramah.messaging.models import Interaction
from ramah.store import utc_now

LOOK_BACK = 12
REMEMBERED = timedelta(hours=24)
"""Interventions before that belong to another day's talk."""


@dataclass(frozen=True)
class Chart:
    """The turns before this one, oldest first. ``interventions`` counts those of the last day."""

    turns: tuple[WatchedTurn, ...]
    since_doctor: tuple[WatchedTurn, ...]
    turns_since_doctor: int | None
    interventions: int

    @property
    def may_intervene(self) -> bool:
        """Whether the doctor may act in this turn."""
        return may_intervene(self.turns_since_doctor)

    @property
    def hands_over(self) -> bool:
        """Whether a person gets the conversation instead."""
        return hands_over(self.interventions)


def read_chart(session: Session, claim: Claim) -> Chart:
    """The chart before the turn of a claim. Two queries, whatever the length of the conversation."""
    rows = session.execute(
        select(Interaction.watched, Interaction.doctor)
        .where(Interaction.conversation_id == claim.conversation_id, Interaction.inbound_id != claim.inbound_id)
        .order_by(Interaction.id.desc())
        .limit(LOOK_BACK)
    ).all()
    seen = [(turn, doctor) for stored, doctor in reversed(rows) if (turn := from_json(stored)) is not None]
    interventions = session.scalar(
        select(func.count())
        .select_from(Interaction)
        .where(
            Interaction.conversation_id == claim.conversation_id,
            Interaction.doctor.is_not(None),
            Interaction.created_at > utc_now() - REMEMBERED,
        )
    )
    return _chart(seen, interventions or 0)


def _chart(seen: Sequence[tuple[WatchedTurn, str | None]], interventions: int) -> Chart:
    last = max((index for index, (_, doctor) in enumerate(seen) if doctor), default=None)
    turns = tuple(turn for turn, _ in seen)
    if last is None:
        return Chart(turns, turns, None, interventions)
    return Chart(turns, turns[last + 1 :], len(turns) - last - 1, interventions)

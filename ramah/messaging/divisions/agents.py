"""Who is online right now, and how many customers more they have room for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from ramah.messaging.divisions.opening import closed
from ramah.messaging.divisions.presence import idle_time, is_online
from ramah.messaging.models import Conversation, Division, DivisionAgent, HandledBy, QueueSettings, StaffPresence
from ramah.people import Staff

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Agent:
    """Somebody who is online. ``divisions`` are those where they serve; ``free`` is how many customers more."""

    staff_id: str
    name: str
    capacity: int
    load: int
    last_assigned_at: datetime | None
    divisions: frozenset[str] = frozenset()

    @property
    def free(self) -> int:
        """How many customers more they may be given."""
        return self.capacity - self.load


@dataclass(frozen=True)
class Team:
    """Those who are online, and the divisions in which nobody serves: their customers are everybody's. Nobody
    is given a customer of a ``closed`` one."""

    agents: tuple[Agent, ...]
    unstaffed: frozenset[str]
    closed: frozenset[str] = frozenset()

    def serves(self, agent: Agent, division_id: str | None) -> bool:
        """Whether a customer of this line may be given to the agent."""
        if division_id in self.closed:
            return False
        return division_id is None or division_id in self.unstaffed or division_id in agent.divisions

    @property
    def with_room(self) -> list[Agent]:
        """Those who may be given somebody."""
        return [agent for agent in self.agents if agent.free > 0]

    def lines(self) -> set[str]:
        """The open divisions that somebody has room for, beside the line without one."""
        served = {division for agent in self.with_room for division in agent.divisions}
        return (served | self.unstaffed) - self.closed

    def best_for(self, division_id: str | None) -> Agent | None:
        """Whoever has most room; between equals, whoever was given nobody for the longest."""
        fitting = [agent for agent in self.with_room if self.serves(agent, division_id)]
        return min(fitting, key=_turn, default=None)

    def anybody_for(self, division_id: str | None) -> bool:
        """Whether somebody who serves this line is online, with or without room."""
        return any(self.serves(agent, division_id) for agent in self.agents)


def _turn(agent: Agent) -> tuple[int, datetime, str]:
    return -agent.free, agent.last_assigned_at or LONG_AGO, agent.staff_id


def online_team(session: Session, settings: QueueSettings, now: datetime) -> Team:
    """Everybody who is online. Three queries, one when nobody is."""
    online = session.execute(
        select(Staff.id, Staff.name, StaffPresence)
        .join(StaffPresence, StaffPresence.staff_id == Staff.id)
        .where(Staff.active, is_online(idle_time(settings), now))
    ).all()
    if not online:
        return Team((), frozenset())
    loads = loads_of(session, [row[0] for row in online])
    agents = [
        Agent(
            row[0],
            row[1],
            settings.capacity if row[2].capacity is None else row[2].capacity,
            loads.get(row[0], 0),
            row[2].last_assigned_at,
        )
        for row in online
    ]
    return _with_divisions(session, agents, now)


def loads_of(session: Session, staff_ids: Collection[str]) -> dict[str, int]:
    """How many conversations each person has, counted."""
    held = literal(HandledBy.HUMAN.value, literal_execute=True)
    rows = session.execute(
        select(Conversation.staff_id, func.count(Conversation.id))
        .where(Conversation.handled_by == held, Conversation.staff_id.in_(staff_ids))
        .group_by(Conversation.staff_id)
    )
    return {str(row[0]): row[1] for row in rows}


def _with_divisions(session: Session, agents: list[Agent], now: datetime) -> Team:
    served: dict[str, set[str]] = {}
    shut: set[str] = set()
    rows = session.execute(
        select(Division, Staff.id)
        .outerjoin(DivisionAgent, DivisionAgent.division_id == Division.id)
        .outerjoin(Staff, (Staff.id == DivisionAgent.staff_id) & Staff.active)
    )
    for division, staff_id in rows:
        if division.id not in served and closed(division, now) is not None:
            shut.add(division.id)
        served.setdefault(division.id, set()).update({staff_id} - {None})
    members = {
        agent.staff_id: frozenset(division for division, people in served.items() if agent.staff_id in people)
        for agent in agents
    }
    unstaffed = frozenset(division for division, people in served.items() if not people)
    return Team(
        tuple(replace(agent, divisions=members[agent.staff_id]) for agent in agents), unstaffed, frozenset(shut)
    )

"""A queue in a test's organisation: divisions, people who are there, and customers who write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from ramah.channels.content import IncomingKind
from ramah.messaging.divisions.presence import heard_from
from ramah.messaging.inbox import accept
from ramah.messaging.models import (
    Conversation,
    Division,
    DivisionAgent,
    Outbound,
    QueueMode,
    QueueSettings,
    QueueWait,
    StaffPresence,
)
from ramah.messaging.thread import read_thread
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Organisation, Staff
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, text_message

Team = tuple[str, str, list[str]]
TEAMS: tuple[Team, ...] = (
    ("Billing", "Untuk pertanyaan pembayaran dan invoice", ["tagihan"]),
    ("Support", "Bantuan teknis dan troubleshooting", ["rusak", "error"]),
    ("Umum", "Pertanyaan umum lainnya", []),
)


@dataclass
class Queue:
    """The queue of one tenant."""

    database: Database
    tenant: Tenant
    runner: TurnRunner
    divisions: dict[str, str] = field(default_factory=dict)
    _number: int = 0

    def open(self, mode: QueueMode = QueueMode.QUEUE, teams: Sequence[Team] = TEAMS) -> None:
        """Divisions in order, and the mode."""
        with self.database.tenant(self.tenant.id) as session:
            session.get_one(Organisation, self.tenant.id).queue_mode = mode
            session.merge(QueueSettings(organisation_id=self.tenant.id, texts={}, capacity=2))
            for place, (name, description, keywords) in enumerate(teams):
                row = Division(name=name, description=description, keyword_triggers=keywords, position=place)
                session.add(row)
                session.flush()
                self.divisions[name] = row.id

    def serve_in(self, staff_id: str, *names: str, online: bool = True) -> None:
        """A person serves in these divisions, and is there."""
        with self.database.tenant(self.tenant.id) as session:
            for name in names:
                session.add(DivisionAgent(division_id=self.divisions[name], staff_id=staff_id))
        if online:
            heard_from(self.database, self.tenant.id, staff_id, active=True)

    def agent(self, number: int, *names: str) -> str:
        """One more person, who is there."""
        with self.database.tenant(self.tenant.id) as session:
            row = Staff(
                email=f"agent{number}@kilap.example", name=f"Agent {number}", password_hash="-", roles=["agent"]
            )
            session.add(row)
            session.flush()
            staff_id = row.id
        self.serve_in(staff_id, *names)
        return staff_id

    def vanish(self, staff_id: str, minutes: float) -> None:
        """Nobody has heard of this person's page for so long."""
        with self.database.tenant(self.tenant.id) as session:
            row = session.get_one(StaffPresence, staff_id)
            row.seen_at = row.active_at = utc_now() - timedelta(minutes=minutes)

    def write(self, who: str, *texts: str, payload: str | None = None) -> str:
        """A customer writes on WhatsApp and everything that follows happens; returns the conversation."""
        conversation_id = ""
        for text in texts:
            self._number += 1
            message = text_message(text, f"{who}-{self._number}", f"62811{int(who):07}")
            if payload is not None:
                message = message.model_copy(update={"kind": IncomingKind.TAP, "payload": payload})
            conversation_id = accept(self.database, self.tenant.whatsapp, message).conversation_id
            self.settle()
        return conversation_id

    def settle(self) -> None:
        """Run turns until none is due."""
        while self.runner.run_one():
            pass

    def conversation(self, conversation_id: str) -> Conversation:
        """As it is stored."""
        with self.database.tenant_reading(self.tenant.id) as session:
            return session.get_one(Conversation, conversation_id)

    def waits(self, conversation_id: str) -> list[QueueWait]:
        """All its waits, in order."""
        statement = select(QueueWait).where(QueueWait.conversation_id == conversation_id).order_by(QueueWait.id)
        with self.database.tenant_reading(self.tenant.id) as session:
            return list(session.scalars(statement))

    def heard(self, conversation_id: str) -> list[str]:
        """What the customer was told, in order."""
        with self.database.tenant_reading(self.tenant.id) as session:
            lines = read_thread(session, conversation_id)
        return [line.text for line in lines if line.author == "bot"]

    def shown(self, conversation_id: str) -> list[dict[str, object]]:
        """The contents of the messages to the customer, in order."""
        statement = (
            select(Outbound.content).where(Outbound.conversation_id == conversation_id).order_by(Outbound.position)
        )
        with self.database.tenant_reading(self.tenant.id) as session:
            return list(session.scalars(statement))

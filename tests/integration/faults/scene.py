"""A conversation into which a fault is planted, and the way to look a line up where the source has it today."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update

from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.integrations.storage import open_storage
from ramah.messaging import engine_client
from ramah.messaging.engine_client import EngineClient, EngineError, EngineTurn
from ramah.messaging.inbox import accept
from ramah.messaging.ledger import prove_day
from ramah.messaging.models import ChannelAccount, Conversation, Inbound, InboundStatus, Outbound, OutboundStatus
from ramah.messaging.pacing import DatabasePacer
from ramah.messaging.parcels import ParcelClaimer
from ramah.messaging.turn_runner import TurnRunner
from ramah.messaging.unattended import report_loop
from ramah.observe import Incident
from ramah.observe.incidents import write_kept_back
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, text_message
from worker.delivery import deliver_one

PROJECT = Path(__file__).resolve().parents[3]


def place(module: str, function: str, marker: str) -> str:
    """`module:function:line` of the line of that function that holds the marker, looked up in the source."""
    source = (PROJECT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    found = [
        number
        for node in functions
        if node.name == function
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if marker in lines[number - 1]
    ]
    assert len(found) == 1, f"{marker!r} stands {len(found)} times in {module}:{function}"
    return f"{module}:{function}:{found[0]}"


@dataclass
class Scene:
    """One customer on WhatsApp, who has written "halo" and waits for an answer."""

    database: Database
    tenant: Tenant
    httpserver: HTTPServer
    patch: pytest.MonkeyPatch
    folder: Path
    engine: ScriptedEngine = field(default_factory=ScriptedEngine)

    def write(self, key: str) -> None:
        """The customer writes."""
        accept(self.database, self.tenant.whatsapp, text_message("halo", key))

    def run_turn(self, client: EngineClient | None = None, **changes: object) -> None:
        """One round of a worker's loop, failures included."""
        config = defaults(turn_attempts=1, **changes)
        runner = TurnRunner(self.database, client or self.engine, config, "worker-1")
        try:
            runner.run_one()
        except Exception as error:  # noqa: BLE001 - as the loop does
            report_loop(self.database, "turns-0", error)

    def engine_says(self, kind: str, subsystem: str, at: str) -> None:
        """The engine fails the turn with this in its answer."""
        failure = {"kind": kind, "operation": "action_x", "detail": "d", "permanent": True}
        body = {"failure": {**failure, "subsystem": subsystem, "place": at}}
        with pytest.raises(EngineError) as told:
            engine_client._read(httpx.Response(502, json=body), EngineTurn)
        self.engine.failure = told.value
        self.run_turn()

    def deliver(self) -> None:
        """Send what is due, through the provider of this test."""
        channel = WhatsAppChannel(self.httpserver.url_for("").rstrip("/"), "v1", connect_timeout=0.5, read_timeout=0.2)
        self.patch.setattr("ramah.messaging.delivery.channel_for", lambda kind: channel)
        config: Settings = defaults(media_url=f"file://{self.folder}")
        claimer = ParcelClaimer(self.database, DatabasePacer(), "d1", 60)
        deliver_one(self.database, config, claimer, open_storage(config))

    def incidents(self) -> set[tuple[str, str]]:
        """Subsystem and place of all that was recorded."""
        while write_kept_back(self.database):
            pass
        with self.database.tenant_reading(self.tenant.id) as session:
            return {(one.subsystem, one.place) for one in session.scalars(select(Incident))}

    def heal(self) -> None:
        """Everything works again, and the waits are over."""
        self.patch.undo()
        self.engine.failure = None
        self.engine.answer = ScriptedEngine().answer
        with self.database.tenant(self.tenant.id) as session:
            session.execute(update(Conversation).values(lease_until=None, lease_owner=None))
            session.execute(update(Inbound).values(next_try_at=utc_now() - timedelta(seconds=1)))
            session.execute(update(Outbound).values(next_try_at=utc_now() - timedelta(seconds=1)))
            session.execute(update(ChannelAccount).values(paused_until=None))

    def serve(self) -> None:
        """Answer and send whatever waits."""
        for _ in range(6):
            self.run_turn()
        self.httpserver.clear()
        self.httpserver.expect_request(httpserver_path()).respond_with_json({"messages": [{"id": "wamid.1"}]})
        for _ in range(6):
            self.deliver()
            with self.database.tenant(self.tenant.id) as session:
                session.execute(update(Outbound).values(next_try_at=utc_now() - timedelta(seconds=1)))

    def unanswered(self) -> list[str]:
        """What is wrong with the customer's side of it: messages that wait, silence, rows that are gone."""
        with self.database.tenant_reading(self.tenant.id) as session:
            waiting = session.scalars(select(Inbound).where(Inbound.status == InboundStatus.WAITING)).all()
            reached = (OutboundStatus.SENT, OutboundStatus.UNCERTAIN)
            sentences = session.scalars(select(Outbound).where(Outbound.status.in_(reached))).all()
        today = utc_now().astimezone(ZoneInfo("Asia/Jakarta")).date()
        # A body that nobody can read is kept and named for a person: that is no loss.
        found = prove_day(self.database, self.tenant.id, today).missing
        missing = [one for one in found if one.kind != "envelope_unread"]
        silence = [] if sentences else ["the customer got no sentence"]
        return [*(f"{one.external_id} waits" for one in waiting), *silence, *(str(one) for one in missing)]


def httpserver_path() -> str:
    """Where the channel posts messages."""
    return "/v1/1000001/messages"


@contextmanager
def locked_by_another(database: Database) -> Iterator[None]:
    """Another program holds the database's write lock."""
    began, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with database.every_organisation(lasting=False) as session:
            session.connection()
            began.set()
            may_end.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert began.wait(20)
    try:
        yield
    finally:
        may_end.set()
        thread.join(20)

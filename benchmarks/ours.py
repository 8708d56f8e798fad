"""Our engine by itself: its process and the action server, on a throw-away database, without console and worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from benchmarks.measure import Conversation, Message, Target
from benchmarks.process import ENGINE_PYTHON, PROJECT, Server
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.cli.tables import metadata
from ramah.demo.loader import load_all
from ramah.messaging import models
from ramah.messaging.accounts import find_account
from ramah.messaging.inbox import accept
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.stack import free_ports

TOKEN = "bench-engine-token"
ACTIONS_TOKEN = "bench-actions-token"
TURN, HEALTH = "/webhooks/ramah/turn", "/webhooks/ramah/health"
WEBCHAT = "kilap-auto"
MESSAGES = count(1)

# What a customer writes, and the action that must have answered it.
SHORT = (("halo kak", "action_greet"), ("makasih ya kak", "action_thanks"), ("dadah", "utter_goodbye"))
PLAIN = (("kamu bisa bantu apa aja", "utter_help"), ("sampai jumpa", "utter_goodbye"))
ASKING = (("selamat pagi", "action_greet"), ("jam buka berapa?", "action_show_hours"))
MIXED = (*ASKING, *PLAIN)
BOOKING = (
    ("mau booking dong kak", "booking_form"),
    ("cuci premium", "booking_form"),
    ("sekali aja", "booking_form"),
    ("nama saya Budi Santoso", "booking_form"),
)
Script = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Customer:
    """Somebody new to the platform, about to write on the web chat."""

    conversation_id: str
    who: Mapping[str, str]

    def conversation(self, script: Script) -> Conversation:
        """What this customer posts to our engine, and whether the right action answered."""
        return [_message(self.conversation_id, self.who, text, action) for text, action in script]


@dataclass(frozen=True)
class Engine:
    """The running engine and the platform's database that its actions read.

    Attributes:
        target: Where turns are posted; its servers are the engine and the action server.
        database: The platform's database.
        environment: What the processes run with.
    """

    target: Target
    database: Database
    environment: Mapping[str, str]

    def customers(self, number: int) -> list[Customer]:
        """So many new customers."""
        account = find_account(self.database, "webchat", WEBCHAT)
        return [self._customer(account) for _ in range(number)]

    def conversations(self, script: Script, number: int) -> list[Conversation]:
        """Conversations of new customers who all write the same."""
        return [customer.conversation(script) for customer in self.customers(number)]

    def _customer(self, account: models.ChannelAccount) -> Customer:
        sender = Sender(platform_id=uuid4().hex)
        incoming = Incoming(external_id=uuid4().hex, sender=sender, kind=IncomingKind.TEXT, text="halo")
        conversation_id = accept(self.database, account, incoming).conversation_id
        with self.database.tenant_reading(account.organisation_id) as session:
            contact_id = session.scalars(
                select(models.Conversation.contact_id).where(models.Conversation.id == conversation_id)
            ).one()
        return Customer(conversation_id, {"organisation_id": account.organisation_id, "contact_id": contact_id})


def _message(conversation_id: str, who: Mapping[str, str], text: str, action: str) -> Message:
    body = {
        "conversation_id": conversation_id,
        "message_id": str(next(MESSAGES)),
        "text": text,
        "payload": None,
        "channel": "webchat",
        "language_hint": "id",
        "metadata": who,
    }
    return Message(body, lambda answer: _did(answer, action))


def _did(answer: Any, action: str) -> bool:
    return bool(answer["replies"]) and action in [one["action"] for one in answer["did"]]


@contextmanager
def running_engine(folder: Path, database_url: str, module: str = "engine.serve", **more: str) -> Iterator[Engine]:
    """The newest model served by ``module``, with the action server, until the block ends."""
    engine_port, actions_port = free_ports(2)
    environment = {
        "RAMAH_VAR_DIR": str(folder),
        "RAMAH_DATABASE_URL": database_url,
        "RAMAH_ENGINE_STORE_URL": f"sqlite:///{folder / f'{engine_port}.db'}",
        "RAMAH_ENGINE_PORT": str(engine_port),
        "RAMAH_ENGINE_TOKEN": TOKEN,
        "RAMAH_ACTIONS_PORT": str(actions_port),
        "RAMAH_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "RAMAH_ACTIONS_TOKEN": ACTIONS_TOKEN,
    } | more
    with ExitStack() as stack:
        database = Database(database_url)
        stack.callback(database.close)
        upgrade(database, metadata())
        load_all(database, datetime.now(UTC).year)
        servers = [
            stack.enter_context(Server(name, command, PROJECT, health_url, folder / f"{name}.log", environment))
            for name, command, health_url in (
                ("engine", [str(ENGINE_PYTHON), "-m", module], f"http://127.0.0.1:{engine_port}{HEALTH}"),
                ("actions", [sys.executable, "-m", "actions"], f"http://127.0.0.1:{actions_port}/health"),
            )
        ]
        yield Engine(Target(engine_port, TURN, {"Authorization": f"Bearer {TOKEN}"}, servers), database, environment)

"""What integration tests share: a database on each backend, two organisations, a stand-in engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.lib.guard import GUARDS, Guards
from ramah.messaging.accounts import connect_account
from ramah.messaging.engine_client import EngineClient, EngineError, EngineReply, EngineTurn, SayRequest, TurnRequest
from ramah.messaging.models import ChannelAccount
from ramah.messaging.pacing import DatabasePacer
from ramah.messaging.parcels import ParcelClaimer
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Organisation, Staff, passwords
from ramah.settings import Settings
from ramah.store import Database
from tests.databases import backends, fresh_database

# A hash takes long on purpose, and nobody guesses the passwords of tests.
passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._DECOY = passwords._HASHER.hash("nobody has this password")

# Bursts have tests of their own; elsewhere each message is answered by itself.
os.environ["RAMAH_BURST_WINDOW"] = "0"


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture(autouse=True)
def _circuits_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outages of one test leave nothing alone in the next."""
    fresh = Guards()
    for name in ("_factory", "_circuits", "_kinds"):
        monkeypatch.setattr(GUARDS, name, getattr(fresh, name))


@dataclass
class Tenant:
    """An organisation with a web chat, a WhatsApp number and two people."""

    id: str
    webchat: ChannelAccount
    whatsapp: ChannelAccount
    alice: str
    bob: str


def make_tenant(database: Database, slug: str, number: str, app_secret: str = "s") -> Tenant:
    """A tenant with everything that messages need."""
    with database.every_organisation() as session:
        organisation = Organisation(slug=slug, name=slug.title(), country="ID", timezone="Asia/Jakarta")
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    with database.tenant(organisation_id) as session:
        people = [
            Staff(email=f"{name}@{slug}.example", name=name.title(), password_hash="-", roles=["agent"])
            for name in ("alice", "bob")
        ]
        session.add_all(people)
        webchat = connect_account(session, "webchat", "Web", f"{slug}-web", {}, public_key=f"{slug}-web")
        secrets = {"access_token": "t", "app_secret": app_secret, "verify_token": "v"}
        whatsapp = connect_account(session, "whatsapp", "Phone", number, secrets, public_key=f"{slug}-phone")
        session.flush()
        return Tenant(organisation_id, webchat, whatsapp, people[0].id, people[1].id)


@pytest.fixture
def kilap(database: Database) -> Tenant:
    """The first tenant."""
    return make_tenant(database, "kilap", "1000001")


@pytest.fixture
def stranger(database: Database) -> Tenant:
    """Another tenant, who must see nothing of the first."""
    return make_tenant(database, "stranger", "2000002")


def text_message(text: str, key: str = "1", who: str = "62811000001") -> Incoming:
    """A typed message from a person."""
    return Incoming(external_id=f"m-{key}", sender=Sender(platform_id=who), kind=IncomingKind.TEXT, text=text)


@dataclass
class ScriptedEngine(EngineClient):
    """An engine that answers by a function and remembers what it was asked."""

    answer: Callable[[TurnRequest], EngineTurn] = lambda request: EngineTurn(
        replies=[EngineReply(text=f"echo {request.text}")], language="id"
    )
    turns: list[TurnRequest] = field(default_factory=list)
    said: list[SayRequest] = field(default_factory=list)
    failure: EngineError | None = None

    def turn(self, request: TurnRequest) -> EngineTurn:
        """Remember and answer."""
        self.turns.append(request)
        if self.failure:
            raise self.failure
        return self.answer(request)

    def say(self, request: SayRequest) -> EngineTurn:
        """Remember and answer with the response's name."""
        self.said.append(request)
        return EngineTurn(replies=[EngineReply(text=request.response)])


@pytest.fixture
def engine() -> ScriptedEngine:
    """A stand-in for the engine."""
    return ScriptedEngine()


@pytest.fixture
def runner(database: Database, engine: ScriptedEngine) -> TurnRunner:
    """A worker over the stand-in engine."""
    return TurnRunner(database, engine, defaults(), "worker-1")


def defaults(**changes: object) -> Settings:
    """Settings that no environment file touches."""
    return Settings(_env_file=None, **changes)  # type: ignore[call-arg, arg-type]


def claimer(database: Database, owner: str = "d1", lease_seconds: float = 60) -> ParcelClaimer:
    """A delivery thread's way to what is due."""
    return ParcelClaimer(database, DatabasePacer(), owner, lease_seconds)

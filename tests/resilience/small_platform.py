"""The platform as real processes around a stand-in engine and a stand-in for Meta, small enough to be killed often."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import inspect

from ramah.cli.tables import metadata
from ramah.messaging.accounts import connect_account
from ramah.messaging.models import ChannelAccount
from ramah.people import Organisation
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.databases import fresh_database
from tests.fakes.engine.memory import Memory
from tests.fakes.graph import postman
from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.server import GraphServer
from tests.resilience.processes import Member, clean_environment
from tests.stack import free_ports

TOKEN = "stand-in-engine-token"
KEY = "phone"
POSTMEN = 4
LONGEST_REDELIVERY = 1.0
UNLIMITED = Limits(pair_burst=100_000, throughput_burst=100_000)
"""For runs that are about something else than speed."""
QUICK = {
    "RAMAH_ENGINE_TIMEOUT": "3",
    "RAMAH_LEASE_TIME": "6",
    "RAMAH_UNCERTAIN_WAIT": "30",
    "RAMAH_BURST_WINDOW": "0",
    "RAMAH_SEND_ATTEMPTS": "30",
    "RAMAH_TURN_ATTEMPTS": "20",
    "RAMAH_LOG_LEVEL": "WARNING",
    # Every answer is counted here; who waits while a process is dead is told so by a test of its own.
    "RAMAH_NOTICE_AFTER": "0",
}
"""Short waits, so that what a kill interrupted goes on soon. The wait for a receipt is longer than any outage here."""


@dataclass
class Platform:
    """Console, workers and stand-in engine over one database, for one organisation with one WhatsApp number."""

    folder: Path
    database_url: str
    graph: GraphServer
    workers: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    engine_delays: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.database = Database(self.database_url)
        if not inspect(self.database.engine).has_table(Organisation.__tablename__):
            upgrade(self.database, metadata())
        self.meta = next(iter(self.graph.graph.accounts.values()))
        self.organisation_id, self.account = self._organisation()
        ports = free_ports(2 + self.workers)
        self.console_url, self.engine_port = f"http://127.0.0.1:{ports[0]}", ports[1]
        # Loading the certificates of the world for each request would take most of the time, and nothing speaks TLS.
        self._http = httpx.Client(timeout=10, trust_env=False, verify=False)
        self.memory = Memory(self.folder / "engine-memory.db")
        self.members = {member.name: member for member in self._members(ports)}
        self.meta.webhook_url = f"{self.console_url}/webhooks/whatsapp/{KEY}"

    def environment(self) -> dict[str, str]:
        """What all processes run with."""
        return clean_environment() | {
            "RAMAH_DATABASE_URL": self.database_url,
            "RAMAH_VAR_DIR": str(self.folder),
            "RAMAH_MEDIA_URL": f"file://{self.folder / 'media'}",
            "RAMAH_WHATSAPP_BASE_URL": self.graph.url,
            "RAMAH_ENGINE_URL": f"http://127.0.0.1:{self.engine_port}",
            "RAMAH_ENGINE_TOKEN": TOKEN,
            **QUICK,
            **self.settings,
        }

    def start(self, *names: str) -> None:
        """Start all processes, or these, and wait until they are ready."""
        chosen = [self.members[name] for name in names] or list(self.members.values())
        for member in chosen:
            member.start()
        for member in chosen:
            member.wait_ready()

    def stop(self) -> None:
        """End all processes."""
        for member in self.members.values():
            member.end()
        self._http.close()
        self.database.close()

    def worker_names(self) -> list[str]:
        """The names of the worker processes."""
        return [name for name in self.members if name.startswith("worker")]

    def post(self, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Post a webhook body; the status, or None when the console did not answer."""
        try:
            return self._http.post(self.meta.webhook_url, content=body, headers=dict(headers)).status_code
        except httpx.TransportError:
            return None

    def _organisation(self) -> tuple[str, ChannelAccount]:
        with self.database.every_organisation() as session:
            organisation = Organisation(slug="kilap", name="Kilap", country="ID", timezone="Asia/Jakarta")
            session.add(organisation)
            session.flush()
        secrets = {"access_token": self.meta.token, "app_secret": self.meta.app_secret}
        secrets["verify_token"] = self.meta.verify_token
        with self.database.tenant(organisation.id) as session:
            account = connect_account(session, "whatsapp", "Phone", self.meta.phone_number_id, secrets, public_key=KEY)
        return organisation.id, account

    def _members(self, ports: list[int]) -> Iterator[Member]:
        common = self.environment() | {"RAMAH_CONSOLE_PORT": str(ports[0])}
        before, after = self.engine_delays
        engine = [
            "-m",
            "tests.fakes.engine",
            "--port",
            str(ports[1]),
            "--memory",
            str(self.folder / "engine-memory.db"),
        ]
        engine += ["--token", TOKEN, "--before", str(before), "--after", str(after)]
        yield self._member("engine", engine, common, f"http://127.0.0.1:{ports[1]}/webhooks/ramah/health")
        yield self._member("console", ["-m", "console"], common, f"{self.console_url}/readyz")
        for number, port in enumerate(ports[2:], start=1):
            own = common | {"RAMAH_WORKER_PORT": str(port)}
            yield self._member(f"worker-{number}", ["-m", "worker"], own, f"http://127.0.0.1:{port}/readyz")

    def _member(self, name: str, words: list[str], environment: Mapping[str, str], health: str) -> Member:
        return Member(name, [sys.executable, *words], environment, health, self.folder)


@contextmanager
def migrated_url(backend: str, folder: Path) -> Iterator[str]:
    """The URL of a database that has its tables, and is gone afterwards."""
    with fresh_database(backend, folder) as database:
        yield database.engine.url.render_as_string(hide_password=False)


@contextmanager
def diligent_graph(limits: Limits, habits: Habits) -> Iterator[GraphServer]:
    """The stand-in for Meta, which comes back soon with what was not taken in: a message may be sent again when no
    receipt came in time, so that receipts must not be later than the tests' short waits."""
    usual, postman.LONGEST_WAIT = postman.LONGEST_WAIT, LONGEST_REDELIVERY
    with GraphServer([Account()], limits=limits, habits=habits, redelivery_wait=0.1) as graph:
        more = [threading.Thread(target=graph.postman._run, daemon=True) for _ in range(POSTMEN - 1)]
        for thread in more:
            thread.start()
        try:
            yield graph
        finally:
            postman.LONGEST_WAIT = usual


@contextmanager
def running_platform(
    folder: Path,
    database_url: str,
    *,
    limits: Limits = UNLIMITED,
    habits: Habits | None = None,
    workers: int = 1,
    settings: Mapping[str, str] | None = None,
    engine_delays: tuple[float, float] = (0.0, 0.0),
    only: tuple[str, ...] = (),
) -> Iterator[Platform]:
    """A started platform (all of it, or ``only`` these processes) that is gone afterwards."""
    with diligent_graph(limits, habits or Habits()) as graph:
        platform = Platform(folder, database_url, graph, workers, settings or {}, engine_delays)
        try:
            platform.start(*only)
            yield platform
        finally:
            platform.stop()

"""The platform as real processes on loopback: consoles, workers, stand-in engines, an empty database."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, update

from benchmarks.path_provider import Provider, running_provider
from benchmarks.path_tenant import Tenant, make_tenant
from benchmarks.process import PROJECT, Server
from ramah.cli.tables import metadata
from ramah.messaging.models import Envelope, EnvelopeStatus, Inbound, InboundStatus, Outbound, OutboundStatus
from ramah.messaging.parcels import UNSETTLED
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.databases import fresh_url
from tests.stack import free_ports

TOKEN = "bench-engine-token"
SETTINGS = {
    # Bursts would join messages; here each is answered by itself.
    "RAMAH_BURST_WINDOW": "0",
    "RAMAH_LOG_LEVEL": "WARNING",
    # Short, so that what a kill interrupted goes on soon; but receipts that come late after a kill must come earlier
    # than the last of these waits ends, or people would get a message twice for the sake of the measurement.
    "RAMAH_ENGINE_TIMEOUT": "4",
    "RAMAH_LEASE_TIME": "6",
    "RAMAH_UNCERTAIN_WAIT": "45",
}


@dataclass(frozen=True)
class Shape:
    """How many of each run. ``engine`` is port and token of one that runs already, in place of stand-ins."""

    backend: str
    consoles: int = 1
    engines: int = 1
    redis_url: str | None = None
    engine: tuple[int, str] | None = None


@dataclass
class Stand:
    """What runs, and where; ``ports`` are the consoles'."""

    folder: Path
    database: Database
    tenant: Tenant
    provider: Provider
    environment: dict[str, str]
    consoles: list[Server] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)

    @contextmanager
    def workers(self, number: int) -> Iterator[list[Server]]:
        """So many worker processes until the block ends."""
        with ExitStack() as stack:
            yield [stack.enter_context(self.server("worker", port, "RAMAH_WORKER_PORT")) for port in free_ports(number)]

    def server(self, module: str, port: int, variable: str) -> Server:
        """A process of ours, not started yet."""
        own = self.environment | {variable: str(port)}
        log = self.folder / f"{module}-{port}.log"
        return Server(module, [sys.executable, "-m", module], PROJECT, f"http://127.0.0.1:{port}/readyz", log, own)

    def is_idle(self) -> bool:
        """Whether no message is on its way: read, answered, sent, and no send in doubt."""
        open_ones = (
            select(Envelope.id).where(Envelope.status == EnvelopeStatus.WAITING),
            select(Inbound.id).where(Inbound.status == InboundStatus.WAITING),
            select(Outbound.id).where(Outbound.status.in_(UNSETTLED)),
        )
        with self.database.every_organisation_reading() as session:
            return not any(session.scalar(one.limit(1)) for one in open_ones)

    def drop_waiting(self) -> None:
        """Leave out what a measurement of the webhooks alone left behind: there, nobody reads the answers."""
        with self.database.every_organisation() as session:
            for kind, done in ((Inbound, InboundStatus.DONE), (Outbound, OutboundStatus.DROPPED)):
                waiting = kind.status.in_((InboundStatus.WAITING, OutboundStatus.QUEUED))
                statement = update(kind).where(waiting).values(status=done)
                session.execute(statement.execution_options(synchronize_session=False))


@contextmanager
def running_stand(folder: Path, shape: Shape) -> Iterator[Stand]:
    """Everything but the workers."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_url(shape.backend, folder))
        provider = stack.enter_context(running_provider())
        database = Database(url)
        stack.callback(database.close)
        upgrade(database, metadata())
        tenant = make_tenant(database, [graph.url for graph in provider.graphs])
        engine_port, token = shape.engine or (_start_engines(stack, folder, shape.engines), TOKEN)
        environment = _environment(folder, url, engine_port, token)
        if shape.redis_url:
            environment["RAMAH_REDIS_URL"] = shape.redis_url
        stand = Stand(folder, database, tenant, provider, environment)
        for port in free_ports(shape.consoles):
            stand.consoles.append(stack.enter_context(stand.server("console", port, "RAMAH_CONSOLE_PORT")))
            stand.ports.append(port)
        provider.deliver_receipts_to(stand.ports)
        yield stand


def stand_in_engine(folder: Path, port: int) -> Server:
    """A stand-in engine, not started yet."""
    command = [sys.executable, "-m", "benchmarks.path_engine", "--port", str(port)]
    return Server("engine", command, PROJECT, f"http://127.0.0.1:{port}/health", folder / f"engine-{port}.log")


def kill_and_restart(servers: Sequence[Server]) -> None:
    """Kill processes the hard way, all at once, then start them again."""
    for server in servers:
        os.kill(server._process.pid, signal.SIGKILL)
    for server in servers:
        server._process.wait()
        server.__enter__()


def _start_engines(stack: ExitStack, folder: Path, number: int) -> int:
    """The one port under which all of them are reached: the settings know one address."""
    ports = free_ports(number)
    for port in ports:
        stack.enter_context(stand_in_engine(folder, port))
    if number == 1:
        return ports[0]
    (front,) = free_ports(1)
    command = [sys.executable, "-m", "benchmarks.path_balancer", "--port", str(front), "--to", *map(str, ports)]
    health = f"http://127.0.0.1:{front}/health"
    stack.enter_context(Server("balancer", command, PROJECT, health, folder / "balancer.log"))
    return front


def _environment(folder: Path, url: str, engine_port: int, engine_token: str) -> dict[str, str]:
    return {
        "RAMAH_VAR_DIR": str(folder),
        "RAMAH_DATABASE_URL": url,
        "RAMAH_ENGINE_URL": f"http://127.0.0.1:{engine_port}",
        "RAMAH_ENGINE_TOKEN": engine_token,
        **SETTINGS,
    }

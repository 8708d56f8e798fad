"""From the commit of a message to every open page: operators' event streams, read as browsers read them."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from benchmarks.path_tenant import Tenant, person
from benchmarks.process import BenchmarkError
from console.security import COOKIE
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.messaging.accounts import find_account
from ramah.messaging.inbox import accept
from ramah.people import Staff, StaffSession
from ramah.store import Database, utc_now

PATIENCE = 30.0


@dataclass
class Streams:
    """How long each event took to each operator, milliseconds, and how often it never came."""

    operators: int
    latencies: list[float] = field(default_factory=list)
    last_of_all: list[float] = field(default_factory=list)
    missed: int = 0


def logged_in(database: Database, tenant: Tenant, number: int) -> dict[str, str]:
    """The cookie of a new operator."""
    token = secrets.token_urlsafe(32)
    with database.tenant(tenant.organisation_id) as session:
        staff = Staff(
            email=f"operator{number}@bench.example", name=f"Operator {number}", password_hash="-", roles=["admin"]
        )
        session.add(staff)
        session.flush()
        session.add(
            StaffSession(
                token_hash=sha256(token.encode()).hexdigest(),
                staff_id=staff.id,
                csrf_token=secrets.token_urlsafe(32),
                expires_at=utc_now() + timedelta(hours=4),
            )
        )
    return {COOKIE: token}


def measure_streams(port: int, database: Database, tenant: Tenant, operators: int, events: int) -> Streams:
    """Open so many streams, then let one customer after another write."""
    cookies = [logged_in(database, tenant, number + 1) for number in range(operators)]
    return asyncio.run(_measure(port, database, tenant, cookies, events))


async def _measure(
    port: int, database: Database, tenant: Tenant, cookies: list[dict[str, str]], events: int
) -> Streams:
    readers = [_Stream() for _ in cookies]
    found = Streams(len(cookies))
    tasks = [asyncio.create_task(one.read(port, cookie)) for one, cookie in zip(readers, cookies, strict=True)]
    try:
        await asyncio.wait_for(asyncio.gather(*(one.ready.wait() for one in readers)), PATIENCE)
        for number in range(events):
            await _one_event(database, tenant, number, readers, found)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return found


async def _one_event(database: Database, tenant: Tenant, number: int, readers: list[_Stream], found: Streams) -> None:
    for one in readers:
        one.seen.clear()
    conversation_id = await asyncio.to_thread(_write, database, tenant, number)
    committed = time.perf_counter()
    waiting = [asyncio.wait_for(one.has(conversation_id), PATIENCE) for one in readers]
    arrived = await asyncio.gather(*waiting, return_exceptions=True)
    times = [max(0.0, (at - committed) * 1000) for at in arrived if isinstance(at, float)]
    found.latencies += times
    found.last_of_all.append(max(times, default=PATIENCE * 1000))
    found.missed += len(readers) - len(times)


def _write(database: Database, tenant: Tenant, number: int) -> str:
    account = find_account(database, "whatsapp", "bench-0")
    sender = Sender(platform_id=person(9_000_000 + number), name="Aina")
    incoming = Incoming(external_id=f"live-{number}", sender=sender, kind=IncomingKind.TEXT, text="halo")
    return accept(database, account, incoming).conversation_id


class _Stream:
    """One operator's event stream; notes when each conversation was first told of."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.seen: dict[str, float] = {}
        self._changed = asyncio.Condition()

    async def read(self, port: int, cookie: dict[str, str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        pairs = "; ".join(f"{name}={value}" for name, value in cookie.items())
        writer.write(f"GET /console/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {pairs}\r\n\r\n".encode())
        await writer.drain()
        status = await reader.readline()
        if b" 200 " not in status:
            raise BenchmarkError(f"the event stream answered {status!r}")
        name = ""
        while line := (await reader.readline()).decode():
            if line.startswith("event: "):
                name = line[7:].strip()
            elif line.startswith("data: "):
                await self._take(name, json.loads(line[6:]))

    async def _take(self, name: str, data: dict[str, object]) -> None:
        if name == "ready":
            self.ready.set()
        if name == "conversation":
            async with self._changed:
                self.seen.setdefault(str(data.get("id")), time.perf_counter())
                self._changed.notify_all()

    async def has(self, conversation_id: str) -> float:
        """When it was told of."""
        async with self._changed:
            await self._changed.wait_for(lambda: conversation_id in self.seen)
        return self.seen[conversation_id]

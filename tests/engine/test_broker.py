"""What the engine stores, it also publishes where a broker is set; without one it works as well."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractRobustConnection
from aio_pika.exceptions import ChannelNotFoundEntity
from fake_action_server import FakeActionServer
from running_engine import RunningEngine, free_port

from engine.serve import EXCHANGE, QUEUE
from tests.services import BROKER, address_of

PATIENCE = 20.0
BROKERS = [None, *filter(None, [address_of(BROKER)])]

Event = dict[str, Any]


@pytest.fixture(params=BROKERS, ids=lambda url: "rabbitmq" if url else "no broker")
def broker(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Where events are published, left as it was found."""
    url: str | None = request.param
    found = url is not None and asyncio.run(_has_queue(url))
    yield url
    if url is not None and not found:
        asyncio.run(_remove(url))


async def _has_queue(url: str) -> bool:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        with suppress(ChannelNotFoundEntity):
            await channel.get_queue(QUEUE)
            return True
    return False


async def _remove(url: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.queue_delete(QUEUE)
        await channel.exchange_delete(EXCHANGE)


@pytest.fixture
def publishing_engine(project: Path, action_server: FakeActionServer, broker: str | None) -> Iterator[RunningEngine]:
    """An engine with this broker, or with none."""
    with RunningEngine(project, action_server.url, free_port(), RAMAH_BROKER_URL=broker or "") as running:
        running.wait_until_ready()
        yield running


def _stored(database: Path, conversation: str) -> list[Event]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT data FROM events WHERE sender_id = ? ORDER BY id", (conversation,)).fetchall()
    return [json.loads(data) for (data,) in rows]


async def _published(url: str, engine: RunningEngine, conversation: str) -> list[Event]:
    """What arrives at a queue of our own while the engine answers a greeting."""
    async with await aio_pika.connect_robust(url) as connection:
        queue = await _own_queue(connection)
        await asyncio.to_thread(engine.turn, conversation, "halo")
        wanted, events = len(_stored(engine.database, conversation)), list[Event]()
        async with queue.iterator(timeout=PATIENCE, no_ack=True) as messages:
            async for message in messages:
                event = json.loads(message.body)
                events += [event] if event["sender_id"] == conversation else []
                if len(events) == wanted:
                    return events
    raise AssertionError(f"of {wanted} events only {len(events)} were published")


async def _own_queue(connection: AbstractRobustConnection) -> Any:
    channel = await connection.channel()
    queue = await channel.declare_queue(exclusive=True)
    await queue.bind(EXCHANGE)
    return queue


def test_every_stored_event_is_published_in_its_order(publishing_engine: RunningEngine, broker: str | None) -> None:
    conversation = f"broker-{uuid.uuid4().hex}"
    if broker is None:
        publishing_engine.turn(conversation, "halo")
    else:
        published = asyncio.run(_published(broker, publishing_engine, conversation))
    stored = _stored(publishing_engine.database, conversation)
    assert [event["text"] for event in stored if event["event"] == "user"] == ["halo"]
    if broker is not None:
        assert [(event["event"], event["timestamp"]) for event in published] == [
            (event["event"], event["timestamp"]) for event in stored
        ]

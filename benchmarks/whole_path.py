"""The whole path: all processes as `ramah run` starts them, visitors on the web chat, at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import func, select

from benchmarks.process import BenchmarkError
from benchmarks.visitors import Visitor
from ramah.messaging.models import Conversation, Inbound, InboundStatus, Interaction, Outbound
from tests.stack import Stack, fresh_url

SCRIPT = ("halo kak", "jam buka berapa?", "mau booking dong kak", "cuci premium", "makasih kak")
VISITORS = 12
PATIENCE = 20.0


@dataclass(frozen=True)
class PathTimes:
    """Milliseconds for every message: until the post was answered, the first and the last reply was visible, and
    what the worker waited for the engine."""

    accepted: list[float]
    first_reply: list[float]
    last_reply: list[float]
    engine: list[float]


@contextmanager
def running_stack(folder: Path, backend: str) -> Iterator[Stack]:
    """All processes on a throw-away database."""
    with fresh_url(backend, folder) as url:
        stack = Stack(folder, url)
        stack.start()
        try:
            yield stack
        finally:
            stack.stop()


def measure_path(stack: Stack, rate: float, seconds: float) -> PathTimes:
    """Post ``rate`` messages a second for so many seconds, spread over the visitors.

    Raises:
        BenchmarkError: A message was never answered.
    """
    return asyncio.run(_measure(stack, rate, seconds))


async def _measure(stack: Stack, rate: float, seconds: float) -> PathTimes:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=stack.console, timeout=30.0, limits=limits) as http:
        await _warm_up(stack, http)
        before = len(_engine_times(stack))
        people = [Visitor(http) for _ in range(VISITORS)]
        for one in people:
            await one.open()
        await _write_in_turn(people, rate, round(rate * seconds))
        await _leave(stack, people)
    pairs = [pair for one in people for pair in zip(one.asked, one.answers(), strict=True)]
    return PathTimes(
        accepted=[(asked.accepted - asked.due) * 1000 for asked, _ in pairs],
        first_reply=[(min(replies) - asked.due) * 1000 for asked, replies in pairs],
        last_reply=[(max(replies) - asked.due) * 1000 for asked, replies in pairs],
        engine=_engine_times(stack)[before:],
    )


async def _warm_up(stack: Stack, http: httpx.AsyncClient) -> None:
    """One conversation before the measurement: the first turns load what is loaded on first use."""
    guest = Visitor(http)
    await guest.open()
    for text in SCRIPT:
        await guest.say(text, time.perf_counter())
        await _wait_for_answers(stack, [guest])
    await guest.close()


async def _write_in_turn(people: list[Visitor], rate: float, turns: int) -> None:
    """Messages go out on time, whether or not earlier ones were answered, so that a slow answer hides nothing."""
    start = time.perf_counter() + 0.5
    posts = []
    for number in range(turns):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        text = SCRIPT[number // len(people) % len(SCRIPT)]
        posts.append(asyncio.create_task(people[number % len(people)].say(text, due)))
    await asyncio.gather(*posts)


async def _leave(stack: Stack, people: list[Visitor]) -> None:
    await _wait_for_answers(stack, people)
    for one in people:
        await one.close()


async def _wait_for_answers(stack: Stack, people: list[Visitor]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (all(all(one.answers()) for one in people) and _shown(stack, people)):
        if time.monotonic() > deadline:
            missing = sum(not replies for one in people for replies in one.answers())
            raise BenchmarkError(f"{missing} messages were not answered whole within {PATIENCE:g} s")
        await asyncio.sleep(0.1)


def _shown(stack: Stack, people: list[Visitor]) -> bool:
    """Whether every message that was written for these visitors is on their pages."""
    addresses = [one.address for one in people]
    with stack.database.every_organisation_reading() as session:
        written = select(func.count(Outbound.id)).join(Conversation).where(Conversation.recipient.in_(addresses))
        waiting = select(func.count(Inbound.id)).where(Inbound.status == InboundStatus.WAITING)
        return session.scalar(waiting) == 0 and session.scalar(written) == sum(len(one.seen) for one in people)


def _engine_times(stack: Stack) -> list[float]:
    with stack.database.every_organisation_reading() as session:
        return [float(taken) for taken in session.scalars(select(Interaction.milliseconds).order_by(Interaction.id))]

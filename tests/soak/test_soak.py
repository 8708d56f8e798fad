"""Many customers at once while processes are killed at random; `make soak` runs it, bounded in count and time."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ramah.messaging.models import Inbound, InboundStatus, Outbound
from tests.conversation.chats import WebChat
from tests.resilience.test_kills import send_stubbornly
from tests.stack import Stack, fresh_url, wait_for

CUSTOMERS = 6
MESSAGES = 60
KILLS = 20
VICTIMS = ("worker", "actions", "engine", "console")
PATIENCE = 600.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes on the embedded database."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url("sqlite", folder) as url:
        # Each message has a turn of its own.
        running = Stack(folder, url, {"RAMAH_BURST_WINDOW": "0"})
        running.start()
        try:
            yield running
        finally:
            running.stop()


def all_done(stack: Stack) -> bool:
    """Whether no message waits any more."""
    with stack.database.every_organisation_reading() as session:
        waiting = select(func.count(Inbound.id)).where(Inbound.status == InboundStatus.WAITING)
        return session.scalar(waiting) == 0


@pytest.mark.timeout(3600)
def test_random_kills_lose_nothing_and_repeat_nothing(stack: Stack) -> None:
    dice = random.Random(11)
    chats = [WebChat(stack) for _ in range(CUSTOMERS)]

    def write(chat: WebChat) -> None:
        for number in range(MESSAGES):
            send_stubbornly(chat, "makasih ya" if number % 2 else "jam buka berapa?")

    writers = [threading.Thread(target=write, args=(chat,)) for chat in chats]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        victim = dice.choice(VICTIMS)
        stack.kill(victim)
        wait_for(partial(stack.is_answering, victim), f"{victim} was started again", PATIENCE)
    for writer in writers:
        writer.join(PATIENCE)
    wait_for(lambda: all_done(stack), "everything was answered", PATIENCE)
    with stack.database.every_organisation_reading() as session:
        statuses = session.scalars(select(Inbound.status)).all()
        keys = session.execute(select(Outbound.conversation_id, Outbound.send_key)).all()
    assert statuses == [InboundStatus.DONE] * (CUSTOMERS * MESSAGES)
    assert len(keys) == len(set(keys))

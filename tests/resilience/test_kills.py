"""Processes are killed for real while customers write: nothing is lost, nothing is said twice."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from ramah.messaging.models import Inbound, InboundStatus, Outbound
from tests.conversation.chats import WebChat
from tests.stack import Stack, fresh_url, wait_for

PATIENCE = 120.0


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
            if running.process is not None and running.process.poll() is None:
                running.stop()


def settled(stack: Stack, conversation_id: str) -> bool:
    """Whether every message of a conversation has been dealt with."""
    with stack.database.every_organisation_reading() as session:
        waiting = select(func.count(Inbound.id)).where(
            Inbound.conversation_id == conversation_id, Inbound.status == InboundStatus.WAITING
        )
        return session.scalar(waiting) == 0


def send_stubbornly(chat: WebChat, text: str) -> None:
    """Send as the browser does: the same message again until it was accepted."""
    body = {"client_id": str(uuid4()), "text": text, "payload": None}

    def accepted() -> bool:
        try:
            answer = httpx.post(f"{chat.base}/messages", json=body, headers=chat.headers(), timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == 202

    wait_for(accepted, f"{text} was accepted", PATIENCE)


@pytest.mark.parametrize("victim", ["worker", "actions", "engine", "console"])
def test_a_killed_process_loses_nothing_and_repeats_nothing(stack: Stack, victim: str) -> None:
    chat = WebChat(stack)
    chat.say("halo")
    dice = random.Random(victim)
    moment = dice.randrange(1, 5)
    for number in range(6):
        send_stubbornly(chat, "makasih ya" if number % 2 else "jam buka berapa?")
        if number == moment:
            stack.kill(victim)
    conversation_id = chat.conversation().id
    wait_for(lambda: settled(stack, conversation_id), f"all is answered after {victim} was killed", PATIENCE)
    with stack.database.every_organisation_reading() as session:
        statuses = session.scalars(select(Inbound.status).where(Inbound.conversation_id == conversation_id)).all()
        keys = session.scalars(select(Outbound.send_key).where(Outbound.conversation_id == conversation_id)).all()
    assert statuses == [InboundStatus.DONE] * 7
    assert len(keys) == len(set(keys)) and len({key.split("#")[0].rsplit("-", 1)[0] for key in keys}) == 7
    wait_for(lambda: stack.is_answering(victim), f"{victim} was started again", PATIENCE)
    assert victim in stack.log()


def test_a_message_written_while_the_engine_is_down_is_answered_when_it_is_back(stack: Stack) -> None:
    chat = WebChat(stack)
    stack.kill("engine")
    send_stubbornly(chat, "halo")
    assert chat.answer(PATIENCE)


def test_stopping_leaves_no_process_and_no_half_written_row(stack: Stack) -> None:
    chat = WebChat(stack)
    for _ in range(3):
        send_stubbornly(chat, "halo")
    assert stack.process is not None
    group = stack.process.pid
    assert stack.stop() == 0
    alive = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False).stdout
    assert alive == ""
    with pytest.raises(AssertionError):
        stack.pid_of("worker")
    with stack.database.every_organisation_reading() as session:
        rows = session.scalars(select(Inbound)).all()
    answered = {row.id for row in rows if row.status == InboundStatus.DONE}
    assert all(row.status in (InboundStatus.DONE, InboundStatus.WAITING) for row in rows) and answered

"""A hanging ERP, with real processes: others are answered as fast as before, and who waits for it is told so."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from ramah.demo.loader import FOLDER, load_file
from ramah.lib.sealed import seal
from ramah.messaging.models import Inbound, Interaction, Outbound
from ramah.messaging.slow import notice_in
from ramah.people import Organisation
from ramah.settings import Settings
from tests.conversation.chats import WebChat
from tests.stack import Stack, fresh_url, wait_for

ERP_KEY = "kilap-erp"
HANG = 5.0
ASKERS = 6
"""Customers of the hanging ERP who write at once: more than there are workers for turns."""
ROUNDS, PER_ROUND = 3, 12
MOST = 1.2
GRAIN = 0.1
"""Seconds that the looking itself may add: answers are looked for every 50 ms."""
TOLD_WITHIN = 8.0
NEEDS_ERP = "mau booking cuci premium"


class HangingErp:
    """A site that takes every connection and answers nothing for five seconds, then that it is overloaded."""

    def __init__(self) -> None:
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        erp = self
        self.asked = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                erp.asked += 1
                time.sleep(HANG)
                with suppress(BrokenPipeError):  # who asked has gone
                    self.send_error(503)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes on the embedded database."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url("sqlite", folder) as url:
        # The circuit stays closed, so that the ERP hangs for as long as the test looks.
        settings = {"RAMAH_BURST_WINDOW": "0", "RAMAH_NOTICE_AFTER": "6", "RAMAH_ERP_BREAKER_FAILURES": "100"}
        running = Stack(folder, url, settings)
        running.start()
        try:
            yield running
        finally:
            if running.process is not None and running.process.poll() is None:
                running.stop()


@pytest.fixture
def erp(stack: Stack, tmp_path: Path) -> Iterator[HangingErp]:
    """An organisation whose ERP hangs."""
    text = (FOLDER / "kilap_auto.yml").read_text(encoding="utf-8")
    for old, new in (("kilap-auto", ERP_KEY), ("@kilap.", "@kilap-erp."), ('"1000001"', '"1000009"')):
        text = text.replace(old, new)
    path = tmp_path / "kilap_erp.yml"
    path.write_text(text, encoding="utf-8")
    load_file(stack.database, path, 2026)
    hanging = HangingErp()
    access = {"base_url": hanging.url, "api_key": "k", "api_secret": "s", "company": "Kilap Auto"}
    access |= {"site_timezone": "Asia/Jakarta"}
    with stack.database.every_organisation() as session:
        row = session.scalars(select(Organisation).where(Organisation.slug == ERP_KEY)).one()
        key = Settings(_env_file=None).encryption_key  # type: ignore[call-arg]
        row.erp_kind, row.erp_access = "frappe", seal(access, key)
    yield hanging
    hanging.close()


def seconds_of(chat: WebChat, count: int) -> list[float]:
    """How long each answer took, as the customer sees it."""
    found = []
    for number in range(count):
        began = time.monotonic()
        chat.say("jam buka berapa?" if number % 2 else "makasih ya")
        found.append(time.monotonic() - began)
    return found


def p95(values: list[float]) -> float:
    """The value that 19 of 20 do not pass."""
    return sorted(values)[round(0.95 * (len(values) - 1))]


def beside(stack: Stack, others: WebChat, key: str, asked: list[WebChat]) -> list[float]:
    """How long the others wait while a crowd asks the ERP of this organisation."""
    crowd = [WebChat(stack, key=key) for _ in range(ASKERS)]
    for one in crowd:
        ask(one)
    asked += crowd
    found = seconds_of(others, PER_ROUND)
    wait_until_answered(crowd)
    return found


def wait_until_answered(asked: list[WebChat]) -> None:
    """Until no message of these customers waits any more."""
    wait_for(lambda: not any(one._is_waiting() for one in asked), "all who asked were answered", 120)


def ask(chat: WebChat) -> None:
    """Write what needs the ERP, and do not wait."""
    chat._send(NEEDS_ERP, None, NEEDS_ERP)


def test_others_are_answered_as_fast_as_before_and_who_waits_is_told(stack: Stack, erp: HangingErp) -> None:
    others = WebChat(stack)
    seconds_of(others, 6)
    quiet, hanging = list[float](), list[float]()
    asked: list[WebChat] = []
    for _ in range(ROUNDS):
        # The same crowd writes the same both times; only the ERP behind them differs.
        quiet += beside(stack, others, "kilap-auto", [])
        hanging += beside(stack, others, ERP_KEY, asked)
    assert erp.asked > 0
    figures = f"{p95(hanging):.3f} s beside a hanging ERP, {p95(quiet):.3f} s beside one that answers"
    print(figures)
    assert p95(hanging) <= MOST * p95(quiet) + GRAIN, figures
    told = [moment for one in asked if (moment := _told_after(stack, one)) is not None]
    slow = [one for one in asked if _took(stack, one) > timedelta(seconds=TOLD_WITHIN)]
    assert slow, "nobody had to wait: the test proves nothing"
    assert len(told) >= len(slow) and max(told) <= TOLD_WITHIN
    for one in asked:
        assert one.answer(1).splitlines()[-1] != notice_in("id"), one.transcript()


def test_the_health_pages_answer_while_the_erp_hangs(stack: Stack, erp: HangingErp) -> None:
    ask(WebChat(stack, key=ERP_KEY))
    for name in ("CONSOLE", "WORKER", "ACTIONS", "ENGINE"):
        answer = httpx.get(f"http://127.0.0.1:{stack.ports[name]}/readyz", timeout=5, trust_env=False)
        assert answer.json()["ready"], answer.text
        assert "ramah_" in httpx.get(f"http://127.0.0.1:{stack.ports[name]}/metrics", trust_env=False).text


def _told_after(stack: Stack, chat: WebChat) -> float | None:
    """Seconds from the message to the notice."""
    conversation_id = chat.conversation().id
    with stack.database.every_organisation_reading() as session:
        asked = session.scalars(select(Inbound).where(Inbound.conversation_id == conversation_id)).first()
        notices = select(Outbound).where(
            Outbound.conversation_id == conversation_id, Outbound.send_key.startswith("slow-")
        )
        found = session.scalars(notices).all()
    assert len(found) <= 1 and asked is not None
    return (found[0].created_at - asked.received_at).total_seconds() if found else None


def _took(stack: Stack, chat: WebChat) -> timedelta:
    """From the message to its answer."""
    with stack.database.every_organisation_reading() as session:
        asked = session.scalars(select(Inbound).where(Inbound.conversation_id == chat.conversation().id)).first()
        assert asked is not None and asked.done_at is not None
        assert session.scalars(select(Interaction).where(Interaction.inbound_id == asked.id)).one()
        return asked.done_at - asked.received_at

"""A hanging ERP, with real processes: others are answered as fast as before, and who waits for it is told so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from ramah.demo.loader import FOLDER, load_file
from ramah.lib.sealed import seal
from ramah.messaging.models import Inbound, InboundStatus, Outbound
from ramah.messaging.slow import notice_in
from ramah.people import Organisation
from ramah.settings import Settings
from tests.conversation.chats import WebChat
from tests.fakes.frappe import FakeFrappe
from tests.stack import Stack, fresh_url, wait_for

ERP_KEY = "kilap-erp"
HANGS = {"RAMAH_ERP_READ_TIMEOUT": "5", "RAMAH_ERP_BREAKER_FAILURES": "100"}
"""Each call hangs for five seconds, and the circuit stays closed, so that it hangs for as long as the test looks."""
CROWDS = (6, 30)
"""Customers of the hanging ERP who write at once: more than there are workers for turns, and many more."""
ROUNDS, PER_ROUND = 3, 12
LONGER = 4.0
"""Seconds that the ERP goes on to hang once the others were measured: whoever waits is to be told."""
MOST = 1.2
GRAIN = 0.1
"""Seconds that the looking itself may add: answers are looked for every 50 ms."""
TOLD_WITHIN = 8.0
PATIENCE = 120.0
NEEDS_ERP = "mau booking cuci premium"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes on the embedded database."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url("sqlite", folder) as url:
        settings = {"RAMAH_BURST_WINDOW": "0", "RAMAH_NOTICE_AFTER": "6", "RAMAH_SYSTEM_PATIENCE": "300", **HANGS}
        running = Stack(folder, url, settings)
        running.start()
        try:
            yield running
        finally:
            if running.process is not None and running.process.poll() is None:
                running.stop()


@dataclass
class Erp:
    """The ERP of an organisation. While it hangs it takes every connection and answers nothing."""

    stack: Stack
    site: FakeFrappe

    def hang(self) -> None:
        """From now on; what was known of its catalogue is forgotten, as it is kept under the access."""
        self.site.fail_next("hang", 100_000)
        site = self.site
        access = {"base_url": site.base_url, "api_key": site.api_key, "api_secret": site.api_secret}
        access |= {"company": "Kilap Auto", "company_MYR": "Kilap Auto Malaysia", "site_timezone": site.site_timezone}
        with self.stack.database.every_organisation() as session:
            row = session.scalars(select(Organisation).where(Organisation.slug == ERP_KEY)).one()
            key = Settings(_env_file=None).encryption_key  # type: ignore[call-arg]
            row.erp_kind, row.erp_access = "frappe", seal(access, key)

    def heal(self) -> None:
        """It answers again."""
        self.site.heal()


@pytest.fixture(scope="module")
def erp(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erp]:
    """An organisation whose ERP can hang."""
    text = (FOLDER / "kilap_auto.yml").read_text(encoding="utf-8")
    for old, new in (("kilap-auto", ERP_KEY), ("@kilap.", "@kilap-erp."), ('"1000001"', '"1000009"')):
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("erp") / "kilap_erp.yml"
    path.write_text(text, encoding="utf-8")
    load_file(stack.database, path, 2026)
    with FakeFrappe(site_timezone="Asia/Jakarta") as site:
        yield Erp(stack, site)


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


def crowd_of(stack: Stack, number: int, key: str) -> list[WebChat]:
    """So many customers who have all asked what needs the ERP."""
    crowd = [WebChat(stack, key=key) for _ in range(number)]
    for one in crowd:
        one._send(NEEDS_ERP, None, NEEDS_ERP)
    return crowd


def wait_until_answered(asked: list[WebChat]) -> None:
    """Until no message of these customers waits any more."""
    wait_for(lambda: not any(one._is_waiting() for one in asked), "all who asked were answered", PATIENCE)


def beside_quick(stack: Stack, others: WebChat, number: int) -> list[float]:
    """How long the others wait while a crowd asks an ERP that answers."""
    crowd = crowd_of(stack, number, "kilap-auto")
    found = seconds_of(others, PER_ROUND)
    wait_until_answered(crowd)
    return found


def beside_hanging(stack: Stack, others: WebChat, number: int, erp: Erp, asked: list[WebChat]) -> list[float]:
    """The same while it hangs; then it answers again, and so does the assistant."""
    erp.hang()
    crowd = crowd_of(stack, number, ERP_KEY)
    asked += crowd
    found = seconds_of(others, PER_ROUND)
    time.sleep(LONGER)
    assert any(one._is_waiting() for one in crowd), "nobody had to wait: the test proves nothing"
    erp.heal()
    wait_until_answered(crowd)
    return found


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", CROWDS)
def test_others_are_answered_as_fast_as_before_and_who_waits_is_told(stack: Stack, erp: Erp, number: int) -> None:
    others = WebChat(stack)
    seconds_of(others, 6)
    quick, hanging = list[float](), list[float]()
    asked: list[WebChat] = []
    for _ in range(ROUNDS):
        # The same crowd writes the same both times; only the ERP behind them differs.
        quick += beside_quick(stack, others, number)
        hanging += beside_hanging(stack, others, number, erp, asked)
    figures = f"{p95(hanging):.3f} s beside {number} at a hanging ERP, {p95(quick):.3f} s beside one that answers"
    print(figures)
    waits = sorted(_took(stack, one).total_seconds() for one in asked)
    told = [moment for one in asked if (moment := _told_after(stack, one)) is not None]
    print(f"who asked it waited {waits[0]:.1f} to {waits[-1]:.1f} s; {len(told)} were told, after {max(told):.1f} s")
    assert p95(hanging) <= MOST * p95(quick) + GRAIN, figures
    assert len(told) >= sum(wait > TOLD_WITHIN for wait in waits) and max(told) <= TOLD_WITHIN
    for one in asked:
        assert one.answer(1).splitlines()[-1] != notice_in("id"), one.transcript()


def test_the_health_pages_answer_while_the_erp_hangs(stack: Stack, erp: Erp) -> None:
    erp.hang()
    crowd_of(stack, 1, ERP_KEY)
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
        asked = session.scalars(select(Inbound).where(Inbound.conversation_id == chat.conversation().id)).all()
        assert [one.status for one in asked] == [InboundStatus.DONE], "it was given up"
        assert asked[0].done_at is not None
        return asked[0].done_at - asked[0].received_at

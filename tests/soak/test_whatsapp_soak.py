"""Many customers write on WhatsApp to the whole stack, its own engine and actions included, while it is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from ramah.messaging.ledger import local_today, prove_day
from ramah.messaging.models import Inbound, InboundStatus, Interaction, Outbound, OutboundStatus
from ramah.people import Organisation
from ramah.store import utc_now
from tests.databases import backends, fresh_url
from tests.resilience.backlog import assert_each_arrived_once_in_order
from tests.resilience.customers import number_of
from tests.resilience.verdicts import under_way
from tests.stack import PROJECT, Stack, wait_for

PEOPLE, MESSAGES, KILLS = 20, 12, 40
VICTIMS = ("worker", "actions", "engine", "console")
TEXTS = ("jam buka berapa?", "makasih ya", "halo")
PATIENCE = 600.0
SETTINGS = {
    "RAMAH_ENGINE_TIMEOUT": "20",
    "RAMAH_LEASE_TIME": "21",
    "RAMAH_UNCERTAIN_WAIT": "120",
    "RAMAH_BURST_WINDOW": "0",
    "RAMAH_TURN_ATTEMPTS": "20",
    "RAMAH_SEND_ATTEMPTS": "30",
}


@pytest.fixture(params=backends())
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """All processes, on each database."""
    with fresh_url(request.param, tmp_path) as url:
        running = Stack(tmp_path, url, SETTINGS)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def ask_graph(stack: Stack, name: str) -> Any:
    """What the stand-in for Meta knows."""
    return httpx.get(f"{stack.graph}/_demo/{name}", timeout=20, trust_env=False, verify=False).json()


def write_all(stack: Stack, failures: list[BaseException]) -> None:
    """Everybody writes in turn; a webhook that is not taken in comes again, as Meta's do."""
    dice = random.Random(5)
    try:
        with httpx.Client(timeout=20, trust_env=False, verify=False) as client:
            for number in range(MESSAGES):
                for person in range(PEOPLE):
                    wait_for(lambda: ask_graph(stack, "state")["waiting"] < 30, "receipts were taken in", PATIENCE)
                    body: dict[str, Any] = {"from": number_of(person), "id": f"wamid.{person}-{number}"}
                    body |= {"text": dice.choice(TEXTS), "repeat": 2 if dice.random() < 0.2 else 1}
                    client.post(f"{stack.graph}/_demo/inbound", json=body).raise_for_status()
    except BaseException as error:
        failures.append(error)
        raise


def is_settled(stack: Stack) -> bool:
    """Whether nothing is under way any more."""
    return ask_graph(stack, "state")["waiting"] == 0 and not under_way(stack.database)


@pytest.mark.timeout(7200)
def test_random_kills_of_the_whole_stack_lose_nothing_and_repeat_nothing(stack: Stack) -> None:
    dice, failures = random.Random(17), list[BaseException]()
    writer = threading.Thread(target=write_all, args=(stack, failures))
    writer.start()
    for _ in range(KILLS):
        victim = dice.choice(VICTIMS)
        stack.kill(victim)
        wait_for(partial(stack.is_answering, victim), f"{victim} was started again", PATIENCE)
    writer.join()
    assert failures == []
    wait_for(partial(is_settled, stack), "everything has settled", PATIENCE)
    with stack.database.every_organisation_reading() as session:
        inbound = Counter(session.scalars(select(Inbound.status)).all())
        turns = session.scalars(select(Interaction.inbound_id)).all()
        statuses = Counter(session.scalars(select(Outbound.status)).all())
        organisations = session.scalars(select(Organisation)).all()
    assert inbound == {InboundStatus.DONE: PEOPLE * MESSAGES}
    assert len(turns) == len(set(turns)) == PEOPLE * MESSAGES
    assert set(statuses) == {OutboundStatus.READ} and statuses.total() >= PEOPLE * MESSAGES
    assert_each_arrived_once_in_order(stack.database, ask_graph(stack, "journal"))
    assert set(ask_graph(stack, "limits").values()) == {0}
    for organisation in organisations:
        proof = prove_day(stack.database, organisation.id, local_today(organisation, utc_now()))
        assert proof.missing == ()
    done = subprocess.run(
        [sys.executable, "-m", "ramah", "ledger", "--day", local_today(organisations[0], utc_now()).isoformat()],
        cwd=PROJECT,
        env=stack.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Every way by which an action can reach the outside is known, and asks the sandbox before it changes anything."""

from __future__ import annotations

import inspect
from importlib import import_module

import grimp

from ramah.booking.withheld_erp import _WithheldErp
from ramah.integrations.erp.port import Erp

OUTWARD = frozenset(
    {
        "httpx",
        "redis",
        "obstore",
        "boto3",
        "requests",
        "aiohttp",
        "socket",
        "smtplib",
        "imaplib",
        "subprocess",
        "telegram",
    }
)
FENCED = ("ramah.integrations.http", "ramah.integrations.storage.objects", "ramah.messaging.wake")
ONLY_ASKS = ("ramah.observe.beats", "ramah.observe.readiness")
"""The process's own signs of life, which no action calls."""

CHANGES = {"book", "move", "cancel"}
READS = {"check", "services", "plans", "find_customer", "taken", "find_booking", "bookings_of"}


def test_actions_reach_the_outside_by_known_doors_alone() -> None:
    graph = grimp.build_graph("actions", "ramah", include_external_packages=True)
    seen: set[str] = set()
    waiting = [name for name in graph.modules if name.partition(".")[0] == "actions"]
    while waiting:
        name = waiting.pop()
        if name not in seen and name.partition(".")[0] in ("actions", "ramah"):
            seen.add(name)
            waiting += graph.find_modules_directly_imported_by(name)
    doors = {name for name in seen if OUTWARD & set(graph.find_modules_directly_imported_by(name))}
    assert len(seen) > 200
    assert doors == {*FENCED, *ONLY_ASKS}


def test_each_of_them_asks_for_the_sandbox() -> None:
    for name in FENCED:
        assert "current_sandbox()" in inspect.getsource(import_module(name)), name


def test_each_call_of_an_erp_is_known_to_read_or_is_withheld() -> None:
    port = {name for name in vars(Erp) if not name.startswith("_")}
    assert port == CHANGES | READS
    assert set(vars(_WithheldErp)) >= CHANGES

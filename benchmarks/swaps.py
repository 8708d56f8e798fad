"""Changing the model again and again while customers write: how long it takes, and what it leaves in memory."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx

from benchmarks.measure import Talk
from benchmarks.ours import PLAIN, TOKEN, Customer, Engine, running_engine
from benchmarks.process import BenchmarkError
from benchmarks.report import MEGABYTE

PATIENCE = 120.0
WRITERS = 2


@dataclass(frozen=True)
class Swaps:
    """What the changes did.

    Attributes:
        memory: Resident bytes of the engine before the first change and after each.
        seconds: How long each took, from the request until the new model serves.
        turns: Milliseconds of the turns that were taken meanwhile; all were answered rightly.
    """

    memory: Sequence[int]
    seconds: Sequence[float]
    turns: Sequence[float]

    @property
    def slope(self) -> float:
        """Bytes that a change adds, over all changes but the first two, which fill what is filled once."""
        sizes = self.memory[2:]
        return statistics.linear_regression(range(len(sizes)), sizes).slope


def measure_swaps(folder: Path, database_url: str, model: Path, number: int) -> Swaps:
    """Change the model so many times while customers write.

    Raises:
        BenchmarkError: A turn failed, or a change was refused.
    """
    served = folder / "served.tar.gz"
    shutil.copy(model, served)
    stop = Event()
    with (
        running_engine(folder, database_url, RAMAH_ENGINE_MODEL=str(served)) as engine,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        writers = [pool.submit(_write, engine, stop) for _ in range(WRITERS)]
        try:
            memory, seconds = _change(engine, served, model, number)
        finally:
            stop.set()
        return Swaps(memory, seconds, [latency for writer in writers for latency in writer.result()])


def _write(engine: Engine, stop: Event) -> list[float]:
    latencies: list[float] = []
    with Talk(engine.target) as talk:
        while not stop.is_set():
            (customer,) = engine.customers(1)
            latencies += talk.turns(Customer.conversation(customer, PLAIN)).latencies
    return latencies


def _change(engine: Engine, served: Path, model: Path, number: int) -> tuple[list[int], list[float]]:
    server = engine.target.servers[0]
    memory, seconds = [server.memory()], list[float]()
    for change in range(1, number + 1):
        made = served.with_suffix(".making")
        shutil.copy(model, made)
        os.utime(made)
        made.replace(served)
        started = time.monotonic()
        address = f"http://127.0.0.1:{engine.target.port}/webhooks/ramah/model"
        answer = httpx.post(address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE)
        if answer.status_code != httpx.codes.OK or answer.json()["changes"] != change:
            raise BenchmarkError(f"change {change} of the model: {answer.status_code} {answer.text}")
        seconds.append(time.monotonic() - started)
        memory.append(server.memory())
        print(f"  change {change} of {number}: {seconds[-1]:.1f} s, {memory[-1] / MEGABYTE:.0f} MiB", flush=True)
    return memory, seconds


def swaps_text(swaps: Swaps) -> str:
    """One paragraph about the changes."""
    return (
        f"{len(swaps.seconds)} changes of the model while {WRITERS} customers wrote {len(swaps.turns)} messages,"
        " none lost:"
        f" {statistics.median(swaps.seconds):.1f} s each, turns p50 {statistics.median(swaps.turns):.1f} ms and at most"
        f" {max(swaps.turns):.0f} ms; memory from {swaps.memory[0] / MEGABYTE:.0f} to"
        f" {swaps.memory[-1] / MEGABYTE:.0f} MiB, slope {swaps.slope / MEGABYTE:+.2f} MiB a change"
    )

"""What a storm of repetitions and a kill cost: the same for us and for the rival."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.path_engine import ANSWER
from benchmarks.path_load import PEOPLE, Acknowledged, Done, Fate, acknowledge, deliver
from benchmarks.path_provider import Postbox, Provider, running_provider
from benchmarks.path_stand import Stand, kill_and_restart, stand_in_engine
from benchmarks.path_tenant import number_id
from benchmarks.process import PROJECT, Server
from tests.databases import fresh_url
from tests.stack import free_ports

REPEATED = 40
STORMS = 5
CRASH_RATE = 60.0
CRASH_CONNECTIONS = 64
QUIET = 3.0
"""Seconds in which nothing more comes, after which a person's answers are complete."""
LONGEST = 150.0


Idle = Callable[[], bool]


def always() -> bool:
    """For whoever does everything before the answer: nothing is ever on its way."""
    return True


@dataclass
class Proof:
    """How one side did: the acknowledgement, the storm of identical posts, and the kill.

    ``storm`` is how many answers five messages got that were posted forty times at once each.
    """

    acknowledged: Acknowledged
    storm: int = 0
    crash: Fate = field(default_factory=Fate)


@contextmanager
def running_rival(folder: Path, backend: str) -> Iterator[tuple[Provider, Server, int]]:
    """The rival on a database of its own, with its provider and port."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_url(backend, folder))
        provider = stack.enter_context(running_provider())
        port, engine_port = free_ports(2)
        stack.enter_context(stand_in_engine(folder, engine_port))
        command = [sys.executable, "-m", "benchmarks.path_rival", "--port", str(port), "--database", url]
        command += ["--engine", f"http://127.0.0.1:{engine_port}"]
        for index, graph in enumerate(provider.graphs):
            command += ["--graph", f"{number_id(index)}={graph.url}"]
        server = Server("rival", command, PROJECT, f"http://127.0.0.1:{port}/readyz", folder / "rival.log")
        yield provider, stack.enter_context(server), port


def prove_rival(folder: Path, backend: str, rate: float, seconds: float, crashed: int, done: Done) -> Proof:
    """The rival's figures."""
    with running_rival(folder, backend) as (provider, server, port):
        provider.deliver_receipts_to([port])
        before = server.processor_time()
        acknowledged = acknowledge(provider, [port], rate, seconds, done)
        work = (server.processor_time() - before) * 1000 / len(acknowledged.latencies)
        proof = Proof(Acknowledged(acknowledged.latencies, acknowledged.refused, work))
        proof.storm = storm(provider, [port])
        proof.crash = crash(provider, [port], crashed, [server], done)
        return proof


def prove_ours(stand: Stand, workers: Sequence[Server], acknowledged: Acknowledged, crashed: int, done: Done) -> Proof:
    """Our figures; console and workers are killed at the same moment."""
    proof = Proof(acknowledged)
    proof.storm = storm(stand.provider, stand.ports)
    proof.crash = crash(stand.provider, stand.ports, crashed, [*stand.consoles, *workers], done, stand.is_idle)
    return proof


def storm(provider: Provider, ports: Sequence[int]) -> int:
    """Post one message forty times at once, five times; returns how many answers their writers got."""
    return sum(_storm(provider, ports) for _ in range(STORMS))


def _storm(provider: Provider, ports: Sequence[int]) -> int:
    who, box = next(PEOPLE), Postbox(ports)
    letter = provider.write(who, "sekali saja")
    start = threading.Barrier(REPEATED)

    def post() -> None:
        start.wait()
        deliver(box, letter)

    with ThreadPoolExecutor(REPEATED) as pool:
        for one in [pool.submit(post) for _ in range(REPEATED)]:
            one.result()
    _settle(lambda: len(provider.answers(who)))
    return len(provider.answers(who))


def crash(
    provider: Provider, ports: Sequence[int], messages: int, servers: Sequence[Server], done: Done, idle: Idle = always
) -> Fate:
    """One message each from many people; once an eighth is answered the processes are killed, amid webhooks,
    turns and sends. What was not answered with 200 is posted again until it is, as providers do."""
    people = [next(PEOPLE) for _ in range(messages)]
    letters, box = {who: provider.write(who, f"pesan {who}") for who in people}, Postbox(ports)

    def answered() -> int:
        return sum(len(provider.answers(who)) for who in people)

    def kill() -> None:
        with provider.changed:
            provider.changed.wait_for(lambda: answered() >= messages // 8, LONGEST)
        kill_and_restart(servers)

    # A thread of its own: the pool's are busy with what waits for the processes.
    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(CRASH_CONNECTIONS) as pool:
        running = []
        for who in people:
            running.append(pool.submit(deliver, box, letters[who]))
            time.sleep(1 / CRASH_RATE)
            done(1)
        for one in running:
            one.result()
    killer.join()
    _settle(answered, idle)
    fate = Fate()
    for who in people:
        fate.add([f"{ANSWER}pesan {who}"], provider.answers(who))
    return fate


def _settle(number: Callable[[], int], idle: Idle = always) -> None:
    """Wait until nothing is on its way and a number no longer grows."""
    last, since, deadline = number(), time.monotonic(), time.monotonic() + LONGEST
    while time.monotonic() < deadline and (time.monotonic() - since < QUIET or not idle()):
        time.sleep(0.2)
        now = number()
        if now != last:
            last, since = now, time.monotonic()

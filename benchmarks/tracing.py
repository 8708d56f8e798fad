"""`python -m benchmarks.tracing`: what a trace costs a turn, in processor time of all processes that work on it.

Engine and actions run the same booking with and without a trace, in pairs of short rounds, so that a change of the
machine's mood meets both. The worker's part, with the row that is kept, is measured in this process on the engine's
answers. It takes some three minutes on two busy cores.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import structlog

from benchmarks.machine import describe_machine
from benchmarks.measure import percentile, run_round
from benchmarks.ours import BOOKING, WEBCHAT, Engine, running_engine
from benchmarks.process import BenchmarkError
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.demo.loader import load_all
from ramah.lib.spans import current_recorder
from ramah.messaging.accounts import find_account
from ramah.messaging.engine_client import EngineClient, EngineTurn, TurnRequest
from ramah.messaging.inbox import accept
from ramah.messaging.turn_runner import TurnRunner
from ramah.settings import Settings
from ramah.store import Database
from tests.databases import fresh_database

MOST_PERCENT = 3.0


@dataclass(frozen=True)
class Pair:
    """Milliseconds of processor time for a turn, without and with a trace."""

    without: float
    traced: float


@dataclass
class Answers(EngineClient):
    """An engine that gives the same answer each time, as the client reads it from the wire."""

    body: dict[str, Any]

    def turn(self, request: TurnRequest) -> EngineTurn:
        """The answer."""
        answer = json.loads(json.dumps(self.body))
        recorder = current_recorder()
        if recorder is not None:
            recorder.take_in(answer.get("spans"))
        return EngineTurn.model_validate(answer)


def main() -> int:
    """Measure and print; returns the exit code, 1 when a trace costs more than it may."""
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="ramah-bench-") as name:
            folder = Path(name)
            with running_engine(folder, f"sqlite:///{folder / 'platform.db'}") as engine:
                pairs = _pairs(engine, options.conversations, options.rounds)
                answer = _one_answer(engine)
            worker = _worker(folder, answer, options.worker_turns)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    return _report(pairs, worker)


def _pairs(engine: Engine, number: int, rounds: int) -> list[Pair]:
    """Rounds of the same bookings without and with a trace, as neighbours; which comes first changes each time."""
    run_round(engine.target, engine.conversations(BOOKING, 2))  # the first turns of a process load what it needs
    pairs: list[Pair] = []
    for index in range(rounds):
        order = (False, True) if index % 2 else (True, False)
        found = {is_traced: _work(engine, number, is_traced) for is_traced in order}
        pairs.append(Pair(found[False], found[True]))
        print(f"\rround {index + 1} of {rounds}", end="", flush=True)
    print()
    return pairs


def _work(engine: Engine, number: int, is_traced: bool) -> float:
    headers = {**engine.target.headers, **({"traceparent": _traceparent()} if is_traced else {})}
    return run_round(replace(engine.target, headers=headers), engine.conversations(BOOKING, number)).work


def _one_answer(engine: Engine) -> dict[str, Any]:
    """What the engine answers to a traced turn of a form, with its spans."""
    connection = HTTPConnection("127.0.0.1", engine.target.port, timeout=60)
    try:
        for message in engine.conversations(BOOKING, 1)[0][:2]:
            headers = {**engine.target.headers, "traceparent": _traceparent(), "Content-Type": "application/json"}
            connection.request("POST", engine.target.path, json.dumps(message.body), headers)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def _worker(folder: Path, answer: dict[str, Any], number: int) -> Pair:
    """The worker's part, on the engine's answers with and without what explains them."""
    bare = {name: value for name, value in answer.items() if name not in ("spans", "explained")}
    plain: list[float] = []
    recorded: list[float] = []
    with fresh_database("sqlite", folder) as database:
        load_all(database, datetime.now(UTC).year)
        for index in range(2 * number):
            is_traced = index % 4 in (1, 2)
            runner = _runner(database, answer if is_traced else bare)
            with nullcontext() if is_traced else patch("ramah.messaging.turn_runner.turn_recording", _untraced):
                (recorded if is_traced else plain).append(_one_turn(database, runner))
    return Pair(_middle(plain), _middle(recorded))


def _runner(database: Database, answer: dict[str, Any]) -> TurnRunner:
    return TurnRunner(database, Answers(answer), Settings(_env_file=None), "benchmark")  # type: ignore[call-arg]


def _one_turn(database: Database, runner: TurnRunner) -> float:
    account = find_account(database, "webchat", WEBCHAT)
    sender = Sender(platform_id=uuid4().hex)
    incoming = Incoming(external_id=uuid4().hex, sender=sender, kind=IncomingKind.TAP, text="halo", payload="/greet")
    accept(database, account, incoming)
    used = time.process_time()
    if not runner.run_one():
        raise BenchmarkError("the worker found no turn")
    return (time.process_time() - used) * 1000


def _untraced(*_: object) -> nullcontext[None]:
    return nullcontext()


def _traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _report(pairs: Sequence[Pair], worker: Pair) -> int:
    served = Pair(_middle([one.without for one in pairs]), _middle([one.traced for one in pairs]))
    # Within a pair the machine was in the same mood, so the difference is taken there.
    more = [one.traced - one.without for one in pairs]
    print(f"{'':24} {'without':>9} {'with':>9} {'more':>9}  ms of processor time a turn")
    print(f"{'engine and actions':24} {served.without:9.2f} {served.traced:9.2f} {_middle(more):9.2f}")
    print(f"{'worker':24} {worker.without:9.2f} {worker.traced:9.2f} {worker.traced - worker.without:9.2f}")
    whole, cost = served.without + worker.without, _middle(more) + worker.traced - worker.without
    percent, doubt = 100 * cost / whole, 100 * _doubt(more) / whole
    print(f"A trace costs {percent:.1f} % of a turn's processor time, give or take {doubt:.1f} %;")
    print(f"allowed are {MOST_PERCENT:g} %.")
    return int(percent > MOST_PERCENT)


def _middle(values: Sequence[float]) -> float:
    """The mean of the middle half: what neighbours on the machine disturbed most is left out, and the clock's ticks of
    ten milliseconds do not show as they would in a median."""
    aside = len(values) // 4
    return statistics.fmean(sorted(values)[aside : len(values) - aside])


def _doubt(values: Sequence[float]) -> float:
    """Twice the standard error of the middle, as if the values were spread normally."""
    spread = percentile(values, 75) - percentile(values, 25)
    return 2 * spread / (1.35 * math.sqrt(len(values)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracing", description=__doc__)
    parser.add_argument("--conversations", type=int, default=1, help="bookings of four messages a round (default: 1)")
    parser.add_argument("--rounds", type=int, default=96, help="rounds of each kind (default: 96)")
    parser.add_argument("--worker-turns", type=int, default=150, help="turns of each kind in the worker (default: 150)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

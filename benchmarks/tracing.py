"""`python -m benchmarks.tracing`: what a trace costs a turn, in processor time of all processes that work on it.

Engine and actions run the same booking with and without a trace, in turns, so that a change of the machine's mood meets
both. The worker's part, with the row that is kept, is measured in this process on the answers that the engine gave.
"""

from __future__ import annotations

import argparse
import json
import secrets
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

from benchmarks.machine import describe_machine
from benchmarks.measure import Round, run_round
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


@dataclass
class Answers(EngineClient):
    """An engine that gives the same answer each time, as the client reads it from the wire."""

    body: dict[str, Any]

    def turn(self, request: TurnRequest) -> EngineTurn:
        """The answer."""
        answer = json.loads(json.dumps(self.body))
        recorder = current_recorder()
        if recorder is not None:
            recorder.take_in(answer["spans"])
        return EngineTurn.model_validate(answer)


def main() -> int:
    """Measure and print; returns the exit code, 1 when a trace costs more than it may."""
    options = _options()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="ramah-bench-") as name:
            folder = Path(name)
            with running_engine(folder, f"sqlite:///{folder / 'platform.db'}") as engine:
                without, traced = _rounds(engine, options.conversations, options.rounds)
                answer = _one_answer(engine)
            plain, recorded = _worker(folder, answer, options.conversations * options.rounds)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    return _report(without.work, traced.work, plain, recorded)


def _rounds(engine: Engine, number: int, rounds: int) -> tuple[Round, Round]:
    found: dict[bool, list[Round]] = {False: [], True: []}
    run_round(engine.target, engine.conversations(BOOKING, 2))  # the first turns of a process load what it needs
    for index in range(2 * rounds):
        is_traced = bool(index % 2)
        headers = {**engine.target.headers, **({"traceparent": _traceparent()} if is_traced else {})}
        target = replace(engine.target, headers=headers)
        found[is_traced].append(run_round(target, engine.conversations(BOOKING, number)))
    return Round.together(found[False]), Round.together(found[True])


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


def _worker(folder: Path, answer: dict[str, Any], number: int) -> tuple[float, float]:
    """Milliseconds of processor time of the worker's part without and with a trace."""
    plain: list[float] = []
    recorded: list[float] = []
    with fresh_database("sqlite", folder) as database:
        runner = _runner(database, answer)
        for index in range(2 * number):
            is_traced = bool(index % 2)
            with nullcontext() if is_traced else patch("ramah.messaging.turn_runner.turn_recording", _untraced):
                (recorded if is_traced else plain).append(_one_turn(database, runner))
    return _middle(plain), _middle(recorded)


def _runner(database: Database, answer: dict[str, Any]) -> TurnRunner:
    load_all(database, datetime.now(UTC).year)
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


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _report(without: float, traced: float, plain: float, recorded: float) -> int:
    print(f"{'':24} {'without':>9} {'with':>9}  ms of processor time a turn")
    print(f"{'engine and actions':24} {without:9.2f} {traced:9.2f}")
    print(f"{'worker':24} {plain:9.2f} {recorded:9.2f}")
    percent = ((traced + recorded) / (without + plain) - 1) * 100
    print(f"A trace costs {percent:.1f} % of a turn's processor time; allowed are {MOST_PERCENT:g} %.")
    return int(percent > MOST_PERCENT)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracing", description=__doc__)
    parser.add_argument("--conversations", type=int, default=10, help="bookings of four messages a round (default: 10)")
    parser.add_argument("--rounds", type=int, default=6, help="rounds of each kind (default: 6)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

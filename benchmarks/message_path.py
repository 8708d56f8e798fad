"""`python -m benchmarks.message_path`: how fast, how safe and how flat the way of a message is, beside a rival.

Nothing is asserted about times. A message that was lost, answered twice, in the wrong order or over a person's head
ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.machine import describe_machine
from benchmarks.ours import TOKEN as REAL_TOKEN
from benchmarks.ours import running_engine
from benchmarks.path_crash import prove_ours, prove_rival
from benchmarks.path_fill import Size
from benchmarks.path_growth import measure_growth, total_rows
from benchmarks.path_load import Acknowledged, Done, acknowledge, converse
from benchmarks.path_report import Results, as_json, tables
from benchmarks.path_stand import Shape, Stand, running_stand
from benchmarks.process import PROJECT, BenchmarkError, Server
from tests.databases import backends, fresh_url
from tests.services import REDIS, address_of

PARTS = ("path", "pairs", "rival", "growth")
RATE = 80.0
RESULTS = PROJECT / "var" / "results" / "message_path.json"


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    seconds: float
    rival_seconds: float
    messages: int
    crashed: int
    large: Size
    samples: int


FULL = Plan(30.0, 10.0, 480, 160, Size(100_000, 1_000_000), 100)
QUICK = Plan(4.0, 3.0, 120, 80, Size(10_000, 100_000), 30)


def main() -> int:
    """Measure and print; returns the exit code."""
    options = _options()
    os.environ["RAMAH_BURST_WINDOW"] = "0"
    # The stand-in for Meta tells of each webhook that a killed console did not take.
    logging.getLogger("tests.fakes.graph.postman").setLevel(logging.ERROR)
    started = time.monotonic()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    measured: list[Results] = []
    try:
        for backend in options.databases:
            with tempfile.TemporaryDirectory(prefix="ramah-path-") as name:
                measured.append(_measure(options, Path(name), backend))
            print("", tables(measured[-1]), "", sep="\n", flush=True)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([as_json(one) for one in measured], indent=1), encoding="utf-8")
    print(f"{time.monotonic() - started:.0f} seconds in all; figures in {RESULTS.relative_to(PROJECT)}")
    wrong = [failure for one in measured for failure in one.failures()]
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


def _measure(options: argparse.Namespace, folder: Path, backend: str) -> Results:
    plan, results = options.plan, Results(backend)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        if "path" in options.parts:
            with running_stand(folder, Shape(backend)) as stand:
                _path(stand, plan, results, progress)
            if options.real_engine:
                _real_engine(folder, backend, plan, results, progress)
        if "pairs" in options.parts and backend == "postgresql":
            _pairs(folder, plan, results, progress)
        if "rival" in options.parts:
            total = round(plan.rival_seconds * RATE) + plan.crashed
            done = _bar(progress, f"{backend}: rival", total)
            results.rival = prove_rival(folder, backend, RATE, plan.rival_seconds, plan.crashed, done)
        if "growth" in options.parts:
            made = _bar(progress, f"{backend}: growth, rows", total_rows(plan.large))
            results.growth = measure_growth(folder, backend, plan.large, plan.samples, made)
    return results


def _path(stand: Stand, plan: Plan, results: Results, progress: Progress) -> None:
    posts = round(plan.seconds * RATE)
    done = _bar(progress, f"{results.backend}: webhooks, no worker", posts)
    results.alone = _acknowledge(stand, plan, done)
    with stand.workers(1) as servers:
        done = _bar(progress, f"{results.backend}: webhooks, one worker", posts)
        results.busy = _acknowledge(stand, plan, done)
        _converse(stand, "1 worker", servers, plan.messages, results, progress)
        done = _bar(progress, f"{results.backend}: kill", plan.crashed)
        results.ours = prove_ours(stand, servers, results.alone, plan.crashed, done)
    with stand.workers(2) as servers:
        _converse(stand, "2 workers", servers, plan.messages, results, progress)


def _acknowledge(stand: Stand, plan: Plan, done: Done) -> Acknowledged:
    before = stand.consoles[0].processor_time()
    run = acknowledge(stand.provider, stand.ports, RATE, plan.seconds, done)
    stand.drop_waiting()
    return replace(run, work=(stand.consoles[0].processor_time() - before) * 1000 / len(run.latencies))


def _converse(
    stand: Stand, name: str, workers: Sequence[Server], messages: int, results: Results, progress: Progress
) -> None:
    servers = [*stand.consoles, *workers]
    before = sum(server.processor_time() for server in servers)
    run = converse(stand, messages, _bar(progress, f"{results.backend}: {name}", messages))
    stand.provider.drain(30.0)
    run.work = (sum(server.processor_time() for server in servers) - before) * 1000 / max(1, run.fate.answered)
    results.conversations[name] = run


def _real_engine(folder: Path, backend: str, plan: Plan, results: Results, progress: Progress) -> None:
    """The same conversations with the newest model, each message answered by understanding it."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_url(backend, folder))
        engine = stack.enter_context(running_engine(folder, url))
        shape = Shape(backend, engine=(engine.target.port, REAL_TOKEN))
        stand = stack.enter_context(running_stand(folder, shape))
        servers = stack.enter_context(stand.workers(1))
        _converse(stand, "1 worker, real engine", servers, plan.messages // 2, results, progress)


def _pairs(folder: Path, plan: Plan, results: Results, progress: Progress) -> None:
    """Two of each on one database, with Redis where it answers, as on several machines."""
    redis_url = address_of(REDIS)
    shape = Shape("postgresql", consoles=2, engines=2, redis_url=redis_url)
    name = "2 consoles, workers, engines" + (", Redis" if redis_url else "")
    with running_stand(folder, shape) as stand, stand.workers(2) as servers:
        _converse(stand, name, servers, plan.messages, results, progress)


def _bar(progress: Progress, name: str, total: int) -> Callable[[int], None]:
    task = progress.add_task(name, total=total)
    return lambda number: progress.advance(task, number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.message_path", description=__doc__)
    parser.add_argument("--database", choices=[*backends(), "both"], default="both", help="(default: both)")
    parser.add_argument("--quick", dest="plan", action="store_const", const=QUICK, default=FULL, help="two minutes")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    parser.add_argument("--real-engine", action="store_true", help="conversations with the newest model as well")
    options = parser.parse_args()
    options.databases = backends() if options.database == "both" else [options.database]
    return options


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.console`: how fast an operator's screens are in a large database, beside the common ways.

List p95 under 150 ms, thread under 200, search under 300, an event on the screen of each of 100 operators under 300.
Nothing is asserted about times: the table says what was reached. An event that never came ends the run with exit
code 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import text

from benchmarks.console_live import Streams, logged_in, measure_streams
from benchmarks.console_screens import Screens, Times, beside_rivals
from benchmarks.machine import describe_machine
from benchmarks.measure import percentile
from benchmarks.path_fill import Size, fill, rows_to_write
from benchmarks.path_tenant import make_tenant
from benchmarks.process import PROJECT, BenchmarkError, Server
from benchmarks.report import table
from ramah.cli.tables import metadata
from ramah.store import Database
from ramah.store.migrate import upgrade
from tests.databases import backends, fresh_url
from tests.stack import free_ports

RESULTS = PROJECT / "var" / "results" / "console.json"
EMPTY = Size(0, 0)
POLLED_EVERY = 5.0
"""Seconds between two looks of a console that asks again and again: on average a change is seen after half of it."""
AIMS = {"list": 150.0, "thread": 200.0, "search": 300.0, "message log": 300.0}
"""p95 in milliseconds, by the beginning of a screen's name."""
EVENT_AIM = 300.0
# A hundredth each of the conversations waits and has something unread, and of the messages failed.
SPREAD = (
    "UPDATE conversations SET handled_by = 'queue' WHERE id LIKE '%37'",
    "UPDATE conversations SET unread = 2 WHERE id LIKE '%11'",
    "UPDATE outbound SET status = 'failed', error_code = '131047' WHERE id LIKE '%37'",
)


@dataclass(frozen=True)
class Plan:
    """How much is measured: ``seconds`` bound the screens of one database."""

    size: Size
    samples: int
    seconds: float
    operators: int
    events: int


FULL = Plan(Size(100_000, 1_000_000), 60, 120.0, 100, 20)
QUICK = Plan(Size(5_000, 50_000), 10, 30.0, 20, 5)


@dataclass
class Results:
    """What was measured on one database."""

    backend: str
    screens: Times = field(default_factory=dict)
    rivals: dict[str, tuple[Times, str]] = field(default_factory=dict)
    streams: Streams | None = None


def main() -> int:
    """Measure and print; returns the exit code."""
    options, started = _options(), time.monotonic()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    measured = []
    try:
        for backend in options.databases:
            with tempfile.TemporaryDirectory(prefix="ramah-console-") as name:
                measured.append(_measure(options.plan, Path(name), backend))
            print("", tables(measured[-1]), "", sep="\n", flush=True)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([as_json(one) for one in measured], indent=1), encoding="utf-8")
    print(f"{time.monotonic() - started:.0f} seconds in all; figures in {RESULTS.relative_to(PROJECT)}")
    missed = sum(one.streams.missed for one in measured if one.streams)
    return 1 if missed else 0


def tables(results: Results) -> str:
    """All tables of one database."""
    return "\n\n".join((_screens(results), _rivals(results), _events(results)))


def as_json(results: Results) -> dict[str, Any]:
    """The same figures for programs."""
    streams = results.streams
    return {
        "backend": results.backend,
        "screens": {name: [percentile(times, 50), percentile(times, 95)] for name, times in results.screens.items()},
        "rivals": {
            name: {"rival": how, **{who: percentile(values, 50) for who, values in times.items()}}
            for name, (times, how) in results.rivals.items()
        },
        "event_p95": percentile(streams.latencies, 95) if streams else None,
        "events_missed": streams.missed if streams else None,
    }


def _measure(plan: Plan, folder: Path, backend: str) -> Results:
    results = Results(backend)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(*columns))
        url = stack.enter_context(fresh_url(backend, folder))
        database = Database(url)
        stack.callback(database.close)
        upgrade(database, metadata())
        tenant = make_tenant(database)
        fill(database, tenant, EMPTY, plan.size, _bar(progress, f"{backend}: rows", rows_to_write(EMPTY, plan.size)))
        _spread(database)
        (port,) = free_ports(1)
        stack.enter_context(_console(folder, url, port))
        cookie = logged_in(database, tenant, 0)
        screens = Screens(f"http://127.0.0.1:{port}", cookie, database, tenant, plan.size)
        done = _bar(progress, f"{backend}: screens", plan.samples)
        results.screens = screens.measure(plan.samples, plan.seconds, done)
        results.rivals = beside_rivals(database, tenant, plan.size, max(4, plan.samples // 6))
        results.streams = measure_streams(port, database, tenant, plan.operators, plan.events)
    return results


def _spread(database: Database) -> None:
    with database.engine.begin() as connection:
        for statement in SPREAD:
            connection.execute(text(statement))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _console(folder: Path, url: str, port: int) -> Server:
    settings = {
        "RAMAH_VAR_DIR": str(folder),
        "RAMAH_DATABASE_URL": url,
        "RAMAH_LOG_LEVEL": "WARNING",
        "RAMAH_CONSOLE_PORT": str(port),
    }
    command, log = [sys.executable, "-m", "console"], folder / "console.log"
    return Server("console", command, PROJECT, f"http://127.0.0.1:{port}/readyz", log, settings)


def _screens(results: Results) -> str:
    rows = []
    for name, times in results.screens.items():
        aim = next(aim for beginning, aim in AIMS.items() if name.startswith(beginning))
        late = percentile(times, 95)
        reached = "yes" if late < aim else "no"
        rows.append((name, str(len(times)), f"{percentile(times, 50):.0f}", f"{late:.0f}", f"{aim:.0f}", reached))
    return table((f"screen, {results.backend}", "asked", "p50 ms", "p95 ms", "aim", "reached"), rows)


def _rivals(results: Results) -> str:
    rows = []
    for name, (times, how) in results.rivals.items():
        ours, theirs = percentile(times["ours"], 50), percentile(times["rival"], 50)
        rows.append((name, how, f"{ours:.1f}", f"{theirs:.1f}", f"{theirs / ours:.1f}"))
    header = (f"rows of one page, {results.backend}", "the common way", "ours p50 ms", "its p50 ms", "times as long")
    return table(header, rows)


def _events(results: Results) -> str:
    streams = results.streams
    assert streams is not None
    late, whole = percentile(streams.latencies, 95), percentile(streams.last_of_all, 95)
    rows = [
        (f"to each of {streams.operators} operators", f"{percentile(streams.latencies, 50):.0f}", f"{late:.0f}"),
        ("to the last of them", f"{percentile(streams.last_of_all, 50):.0f}", f"{whole:.0f}"),
        (f"a console that asks every {POLLED_EVERY:.0f} s, by arithmetic", *_polled()),
    ]
    said = f"\nevents that never came: {streams.missed}; aim {EVENT_AIM:.0f} ms: {'yes' if late < EVENT_AIM else 'no'}"
    return table((f"event to screen, {results.backend}", "p50 ms", "p95 ms"), rows) + said


def _polled() -> tuple[str, str]:
    return f"{POLLED_EVERY * 500:.0f}", f"{POLLED_EVERY * 950:.0f}"


def _bar(progress: Progress, name: str, total: int) -> Callable[[int], None]:
    task = progress.add_task(name, total=total)
    return lambda number: progress.advance(task, number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--database", choices=[*backends(), "both"], default="both", help="(default: both)")
    parser.add_argument("--quick", dest="plan", action="store_const", const=QUICK, default=FULL, help="a small one")
    options = parser.parse_args()
    options.databases = backends() if options.database == "both" else [options.database]
    return options


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: turns per second and waiting times of our engine beside stock Rasa, and of the whole path.

Nothing is asserted about times; a wrong answer or a lost message ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.engines import measure_engines, profile_turns
from benchmarks.machine import describe_machine
from benchmarks.process import BenchmarkError
from benchmarks.report import engines_table, memory_table, path_table, profile_table
from benchmarks.stock import stock_project
from benchmarks.whole_path import measure_path, running_stack
from tests.databases import backends, fresh_url

PARTS = ("engines", "profile", "path")


def main() -> int:
    """Measure and print; returns the exit code."""
    options = _options()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="ramah-bench-") as name:
            _measure(options, Path(name))
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    return 0


def _measure(options: argparse.Namespace, folder: Path) -> None:
    if "engines" in options.parts:
        stock_project()
        with fresh_url(options.database, folder) as url:
            results = measure_engines(folder, url, options.rounds, options.turns)
        print("", engines_table(results), "", memory_table(results.memory), "", sep="\n", flush=True)
    if "profile" in options.parts:
        with fresh_url(options.database, folder) as url:
            print(profile_table(profile_turns(folder, url)), "", sep="\n", flush=True)
    if "path" in options.parts:
        print(f"The whole path on {options.database}: {options.rate:g} turns/s for {options.seconds:g} s", flush=True)
        with running_stack(folder, options.database) as stack:
            print(path_table(measure_path(stack, options.rate, options.seconds)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each engine (default: 3)")
    parser.add_argument("--turns", type=int, default=150, help="turns in a round (default: 150)")
    parser.add_argument("--rate", type=float, default=2.0, help="turns per second on the whole path (default: 2)")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the whole path's run (default: 30)")
    parser.add_argument("--database", choices=backends(), default="sqlite", help="of the platform (default: sqlite)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

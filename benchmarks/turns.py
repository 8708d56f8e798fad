"""`python -m benchmarks.turns`: how long replies take on the whole path, at a steady rate of messages in the web chat.

Nothing is asserted about times; a message that nobody answered ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.process import BenchmarkError
from benchmarks.report import path_table
from benchmarks.whole_path import measure_path, running_stack
from tests.databases import backends


def main() -> int:
    """Measure and print; returns the exit code."""
    options = _options()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    print(f"The whole path on {options.database}: {options.rate:g} turns/s for {options.seconds:g} s", flush=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="ramah-bench-") as name,
            running_stack(Path(name), options.database) as stack,
        ):
            print(path_table(measure_path(stack, options.rate, options.seconds)), flush=True)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--rate", type=float, default=2.0, help="turns per second (default: 2)")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the run (default: 30)")
    parser.add_argument("--database", choices=backends(), default="sqlite", help="of the platform (default: sqlite)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

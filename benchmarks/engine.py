"""`python -m benchmarks.engine`: our engine beside stock Rasa on the same skill data, messages and action server.

Turns a second, waiting times, what a turn costs late in a conversation, memory, start-up, training, and where a turn
of ours spends its time; at the end the aims, each met or missed. Nothing is asserted about times; an answer that is
not the one expected ends the run with exit code 1. Both engines listen on the loopback interface only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.engines import profile_turns
from benchmarks.machine import describe_machine
from benchmarks.process import BenchmarkError
from benchmarks.report import profile_table
from benchmarks.report_engine import report
from benchmarks.side_by_side import Size, measure
from benchmarks.stock import stock_project
from benchmarks.swaps import measure_swaps, swaps_text
from benchmarks.training import train_ours
from tests.databases import backends, fresh_url

PARTS = ("engines", "profile", "swaps")
WHOLE = Size(rounds=3, turns=150, our_last=3000, stock_last=300, seconds=900.0)
QUICK = Size(rounds=1, turns=45, our_last=300, stock_last=300, seconds=150.0)
SWAPS = 10


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
    stock = stock_project(options.stock_epochs) if "engines" in options.parts else None
    print("Training our assistant ...", flush=True)
    model, training = train_ours(folder / "training")
    if stock is not None:
        with fresh_url(options.database, folder) as url:
            results = measure(folder, url, model, stock, QUICK if options.quick else WHOLE)
        print("", report(results, stock.training, training, options.stock_epochs), "", sep="\n", flush=True)
    if "profile" in options.parts:
        print("Our turns under a stop-watch ...", flush=True)
        with fresh_url(options.database, folder) as url:
            print(profile_table(profile_turns(folder, url, model)), "", sep="\n", flush=True)
    if "swaps" in options.parts:
        print("Changing the model under load ...", flush=True)
        with fresh_url(options.database, folder) as url:
            print(swaps_text(measure_swaps(folder, url, model, SWAPS)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, and conversations of 300 turns")
    parser.add_argument("--stock-epochs", type=int, help="train stock Rasa with fewer epochs than its own 100")
    parser.add_argument("--database", choices=backends(), default="sqlite", help="of the platform (default: sqlite)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

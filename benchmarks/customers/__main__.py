"""`python -m benchmarks.customers`: N simulated customers a language on the web chat, and what became of them.

The exit code is 1 where the aim is missed: 99 % complete for clean customers, 95 % for messy ones, no wrong field.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.customers.crowd import MIXED, Crowd, play, write_transcripts
from benchmarks.customers.summing_up import reached_aim, results_table, what_failed
from benchmarks.customers.wording import CLEAN, MESSY
from benchmarks.whole_path import running_stack
from ramah.settings import settings
from ramah.store import Database
from tests.databases import backends

LANGUAGES = ("id", "ms", "en")
RESULTS = Path(__file__).resolve().parents[2] / "var" / "results"


def main() -> int:
    """Run and print; returns the exit code."""
    options = _options()
    languages = LANGUAGES if options.language == "all" else (options.language,)
    crowd = Crowd(options.number, options.seed, options.style, languages, options.parallel)
    with _stack(options) as (url, database):
        visits = play(url, database, crowd)
    print(results_table(visits), what_failed(visits), sep="\n", flush=True)
    if path := write_transcripts(RESULTS, visits, f"{options.style}-{options.language}-{options.seed}"):
        print(f"Transcripts of what was not flawless: {path}")
    return 0 if reached_aim(visits) else 1


@contextmanager
def _stack(options: argparse.Namespace) -> Iterator[tuple[str, Database]]:
    """The running stack at --url with the settings' database, or one of its own."""
    if options.url:
        database = Database(options.database_url or settings().database_url)
        yield options.url.rstrip("/"), database
        database.close()
        return
    with tempfile.TemporaryDirectory(prefix="ramah-customers-") as name:
        print("Starting a stack of its own ...", flush=True)
        with running_stack(Path(name), options.database) as stack:
            yield stack.console, stack.database


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.customers", description=__doc__)
    parser.add_argument("-n", "--number", type=int, default=20, help="customers of each language (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same customers (default: 1)")
    parser.add_argument("--style", choices=(CLEAN, MESSY, MIXED), default=MIXED, help="how they write (default: mixed)")
    parser.add_argument("--language", choices=(*LANGUAGES, "all"), default="all", help="default: all")
    parser.add_argument("--parallel", type=int, default=2, help="customers at once (default: 2)")
    parser.add_argument("--url", help="a running console; else a stack is started on free ports")
    parser.add_argument("--database-url", help="of that console, where the settings have another")
    parser.add_argument("--database", choices=backends(), default="sqlite", help="of a stack of its own")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

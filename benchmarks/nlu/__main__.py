"""`python -m benchmarks.nlu --train FILE --test FILE`: how well and how fast messages are understood.

Trains our pipeline and the one that stock Rasa chooses for itself on the same messages and asks both the same
questions. FILE is Rasa NLU data (YAML, JSON) or a table (CSV, TSV) of text and label, with or without a header.
`--own` cross-validates the project's own examples instead and writes what is confused to `results/`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.nlu.figures import figures_of
from benchmarks.nlu.own import cross_validate
from benchmarks.nlu.table import comparison, remarks
from benchmarks.nlu.trial import Trial, run_trial
from benchmarks.process import BenchmarkError

PIPELINES = {"ours": ["ours"], "stock": ["stock"], "both": ["ours", "stock"]}


def main() -> int:
    """Measure and print; returns the exit code."""
    options = _options()
    try:
        print("\n".join(describe_machine()), "", sep="\n", flush=True)
        if options.own:
            print(cross_validate(options.folds))
            return 0
        with tempfile.TemporaryDirectory(prefix="ramah-nlu-") as name:
            train, test = options.train.resolve(), options.test.resolve()
            trials = [run_trial(one, train, test, Path(name)) for one in PIPELINES[options.pipeline]]
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(
        "", f"{options.train.name} -> {options.test.name}", comparison(trials), *remarks(trials), sep="\n", flush=True
    )
    if options.json:
        options.json.write_text(json.dumps([_figures(trial) for trial in trials], indent=2) + "\n", encoding="utf-8")
    return 0


def _figures(trial: Trial) -> dict[str, object]:
    costs = ("pipeline", "examples", "train_seconds", "milliseconds", "memory", "train_memory")
    return {name: getattr(trial, name) for name in costs} | asdict(figures_of(trial))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument("--train", type=Path, metavar="FILE", help="messages to train on")
    parser.add_argument("--test", type=Path, metavar="FILE", help="messages to answer")
    parser.add_argument("--pipeline", choices=PIPELINES, default="both", help="what to measure (default: both)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--own", action="store_true", help="cross-validate the project's own examples")
    parser.add_argument("--folds", type=int, default=5, help="rounds of the cross-validation (default: 5)")
    options = parser.parse_args()
    if not options.own and not (options.train and options.test):
        parser.error("--train and --test are needed, or --own")
    return options


if __name__ == "__main__":
    sys.exit(main())

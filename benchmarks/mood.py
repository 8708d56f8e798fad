"""How well moods, or any labels, are told apart: `python -m benchmarks.mood --train FILE --test FILE`.

Trains our way of reading moods on one table and measures it on another, beside a TF-IDF logistic regression that is
trained in the same run. `--own` measures the model that is shipped on our own sentences, which it never saw."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.mood_measure import Reading, accuracy, macro_f1, measure_baseline, measure_ours, measure_shipped
from benchmarks.report import table
from scripts.mood_training.labelled import Labelled, TableUnreadable, read_table
from scripts.mood_training.training import TrainingFailed

HEADER = ("", "macro F1", "accuracy", "ms a message", "train s")


def main() -> int:
    """Measure and print; returns the exit code."""
    options = _options()
    print("\n".join(describe_machine()), "", sep="\n", flush=True)
    try:
        if options.own:
            _print_own()
        else:
            _print_comparison(read_table(options.train), read_table(options.test))
    except (TableUnreadable, TrainingFailed, OSError) as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    return 0


def _print_comparison(train: Sequence[Labelled], test: Sequence[Labelled]) -> None:
    labels = sorted({example.label for example in train})
    print(f"{len(train)} messages to train on, {len(test)} to test; labels: {', '.join(labels)}", flush=True)
    expected = [example.label for example in test]
    ours, baseline = measure_ours(train, test), measure_baseline(train, test)
    ratio = macro_f1(expected, ours.labels) / (macro_f1(expected, baseline.labels) or 1.0)
    rows = [_row("ours", expected, ours), _row("TF-IDF, logistic regression", expected, baseline)]
    print("", table(HEADER, rows), "", f"macro F1, ours over the baseline: {ratio:.3f}", sep="\n")


def _print_own() -> None:
    rows = [_row(name, expected, reading)[:-1] for name, expected, reading in measure_shipped()]
    print(table(HEADER[:-1], rows))


def _row(name: str, expected: Sequence[str], reading: Reading) -> tuple[str, ...]:
    return (
        name,
        f"{macro_f1(expected, reading.labels):.4f}",
        f"{accuracy(expected, reading.labels):.4f}",
        f"{reading.milliseconds:.3f}",
        f"{reading.train_seconds:.1f}",
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mood", description=__doc__)
    parser.add_argument("--train", type=Path, help="CSV or TSV, gzip or not: text and label, or columns of 0 and 1")
    parser.add_argument("--test", type=Path, help="the same, of messages that are not in the other")
    parser.add_argument("--own", action="store_true", help="the shipped model on our own held-out sentences")
    options = parser.parse_args()
    if not options.own and not (options.train and options.test):
        parser.error("give --train and --test, or --own")
    return options


if __name__ == "__main__":
    raise SystemExit(main())

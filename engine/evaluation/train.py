"""`python -m engine.evaluation.train`: one pipeline trained on any labelled messages, through Rasa's graph."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from engine.quiet import configure_logging, silence

silence()

from engine.evaluation.pipelines import OURS, STOCK, configuration_of  # noqa: E402
from engine.light_start import components_of_configuration, leave_out_tensorflow  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
CANNOT_READ, FAILED = 2, 1


def main() -> int:
    """Train, store the model and write what it took as JSON; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation.train", description=__doc__)
    parser.add_argument("--pipeline", choices=(OURS, STOCK), required=True)
    parser.add_argument("--messages", type=Path, required=True, help="Rasa NLU data, CSV or TSV")
    parser.add_argument("--model", type=Path, required=True, help="the model file to make")
    parser.add_argument("--result", type=Path, required=True, help="the JSON file to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="evaluation-") as name:
        configuration = Path(name) / "config.yml"
        configuration.write_text(json.dumps(configuration_of(options.pipeline, PROJECT)), encoding="utf-8")
        if options.pipeline == OURS:
            leave_out_tensorflow(components_of_configuration(configuration))
        return _train(configuration, options)


def _train(configuration: Path, options: argparse.Namespace) -> int:
    from engine.evaluation.examples import ExamplesError, labels_of, plain_labels, read_examples, write_plainly

    configure_logging()
    try:
        data = read_examples(options.messages)
    except ExamplesError as error:
        print(error, file=sys.stderr)
        return CANNOT_READ
    plain = plain_labels(labels_of(data))
    messages = configuration.with_name("nlu.json")
    write_plainly(data, plain, messages)
    seconds = _run_rasa(configuration, messages, options.model)
    result: dict[str, Any] = {
        "seconds": seconds,
        "peak_memory": _peak_memory(),
        "messages": len(data.intent_examples),
        "labels": {name: label for label, name in plain.items()},
    }
    options.result.write_text(json.dumps(result), encoding="utf-8")
    return 0 if options.model.is_file() else FAILED


def _run_rasa(configuration: Path, messages: Path, model: Path) -> float:
    """Train as `rasa train nlu` does; gives the seconds."""
    from rasa.model_training import train_nlu

    started = time.perf_counter()
    train_nlu(str(configuration), str(messages), str(model.parent), fixed_model_name=model.name)
    return time.perf_counter() - started


def _peak_memory() -> int:
    """The most memory that this process has held, in bytes."""
    peak: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m engine.evaluation.answer`: what a trained model answers to labelled messages, one by one.

The components run as the engine runs them: ours in a straight line without TensorFlow, stock's through Rasa's runner.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from engine.quiet import configure_logging, silence

silence()

from engine.evaluation.pipelines import OURS, STOCK  # noqa: E402
from engine.light_start import components_of_model, leave_out_tensorflow  # noqa: E402

CANNOT_READ = 2
WARMING = 20


def main() -> int:
    """Answer every message and write the answers as JSON; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m engine.evaluation.answer", description=__doc__)
    parser.add_argument("--pipeline", choices=(OURS, STOCK), required=True)
    parser.add_argument("--messages", type=Path, required=True, help="Rasa NLU data, CSV or TSV")
    parser.add_argument("--model", type=Path, required=True, help="the model to ask")
    parser.add_argument("--result", type=Path, required=True, help="the JSON file to write")
    options = parser.parse_args()
    if options.pipeline == OURS:
        leave_out_tensorflow(components_of_model(options.model))
    from engine.evaluation.examples import ExamplesError, read_messages

    configure_logging()
    try:
        messages = read_messages(options.messages)
    except ExamplesError as error:
        print(error, file=sys.stderr)
        return CANNOT_READ
    result = asyncio.run(_answers(_loaded(options), messages))
    options.result.write_text(json.dumps(result), encoding="utf-8")
    return 0


def _loaded(options: argparse.Namespace) -> Any:
    from rasa.core.agent import Agent

    from engine.connector.graph import StraightRunner

    agent = Agent.load(str(options.model))
    if options.pipeline == OURS:
        agent.processor.graph_runner = StraightRunner.taking_over(agent.processor.graph_runner)
    return agent


async def _answers(agent: Any, messages: list[Any]) -> dict[str, Any]:
    for message in messages[:WARMING]:
        await agent.parse_message(message.get("text"))
    answers, milliseconds = [], []
    for message in messages:
        started = time.perf_counter()
        parsed = await agent.parse_message(message.get("text"))
        milliseconds.append((time.perf_counter() - started) * 1000)
        answers.append(_answer(message, parsed))
    return {"answers": answers, "milliseconds": statistics.median(milliseconds), "memory": _memory()}


def _answer(message: Any, parsed: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": message.get("text"),
        "label": message.get("intent"),
        "intent": parsed["intent"]["name"],
        "ranking": [(guess["name"], guess["confidence"]) for guess in parsed.get("intent_ranking") or []],
        "annotated": _spans(message.get("entities") or []),
        "found": _spans(parsed.get("entities") or []),
    }


def _spans(entities: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    return sorted({(entity["start"], entity["end"], entity["entity"]) for entity in entities})


def _memory() -> int:
    """The memory that this process holds, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    sys.exit(main())

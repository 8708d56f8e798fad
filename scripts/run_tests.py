"""Run the stages of the tests: `python3 -m scripts.run_tests [STAGE ...]`; all of them without a name."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.progress import ROOT, tell
from scripts.stages import LANES, RESULTS, STAGES, Command, Stage

NOT_FOUND, TIMED_OUT = 127, 124
LAST_LINES = 120
POLITE_WAIT = 15.0
INTERRUPTED = 130
NAMES = [stage.name for stage in STAGES]
_RUNNING: set[subprocess.Popen[bytes]] = set()
"""What is to be ended when somebody interrupts."""


@dataclass(frozen=True)
class Outcome:
    """How a stage ended: its exit code, seconds and the last line that it printed."""

    stage: Stage
    status: int
    seconds: float
    last_line: str


def main() -> int:
    """Run the named stages with their output, or all with a line each; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts.run_tests", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(NAMES))
    parser.add_argument("--args", default="", help="more words for the stage's commands, such as '-k name'")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.stages) - set(NAMES))
    if unknown:
        parser.error(f"no stage is called {', '.join(unknown)}; there are {', '.join(NAMES)}")
    RESULTS.mkdir(parents=True, exist_ok=True)
    wanted = [stage for stage in STAGES if stage.name in arguments.stages]
    try:
        return _run_aloud(wanted, shlex.split(arguments.args)) if wanted else _run_all()
    except KeyboardInterrupt:
        tell("\nInterrupted; everything that was started has ended.")
        return INTERRUPTED


def _run_aloud(stages: list[Stage], words: list[str]) -> int:
    for stage in stages:
        if not stage.has_work():
            tell(f"{stage.name}: there are no tests yet.")
            continue
        for command in stage.commands():
            status = _execute((*command, *words), stage.patience, None)
            if status:
                return status
    return 0


def _run_all() -> int:
    started = time.monotonic()
    outcomes: list[Outcome] = []
    for step in LANES:
        outcomes += _run_step(step)
        failed = [outcome for outcome in outcomes if outcome.status]
        if failed:
            _explain(failed[0])
            return 1
    tell(f"\nAll {len(outcomes)} stages passed in {time.monotonic() - started:.0f} s.")
    return 0


def _run_step(step: Sequence[Sequence[str]]) -> list[Outcome]:
    """The outcomes of stages that ran, lanes at the same time; nothing more begins once one has failed."""
    stages = {stage.name: stage for stage in STAGES}
    pool, failed = ThreadPoolExecutor(len(step)), threading.Event()
    try:
        lanes = [pool.submit(_run_lane, [stages[name] for name in lane], failed) for lane in step]
        return [outcome for lane in lanes for outcome in lane.result()]
    except KeyboardInterrupt:
        failed.set()
        for process in list(_RUNNING):
            _end_group(process)
        raise
    finally:
        pool.shutdown()


def _run_lane(lane: Sequence[Stage], failed: threading.Event) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for stage in lane:
        if failed.is_set():
            break
        if not stage.has_work():
            tell(f"  {stage.name:<13} no tests yet")
            continue
        tell(f"  {stage.name:<13} ...")
        outcome = _run_quietly(stage)
        outcomes.append(outcome)
        verdict = "ok    " if outcome.status == 0 else "FAILED"
        tell(f"  {stage.name:<13} {verdict} {outcome.seconds:6.1f} s  {outcome.last_line}")
        if outcome.status:
            failed.set()
    return outcomes


def _run_quietly(stage: Stage) -> Outcome:
    started, log, status = time.monotonic(), _log_of(stage), 0
    with log.open("w", encoding="utf-8") as output:
        for command in stage.commands():
            output.write(f"$ {' '.join(command)}\n")
            output.flush()
            status = _execute(command, stage.patience, output.fileno())
            if status:
                break
    return Outcome(stage, status, time.monotonic() - started, _last_line(log))


def _execute(command: Command, patience: float, output: int | None) -> int:
    """Run in a process group of its own, so that nothing survives a time-out or Ctrl-C."""
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT if output else None, start_new_session=True
        )
    except FileNotFoundError:
        os.write(output or 2, f"{command[0]} was not found; run `make setup`\n".encode())
        return NOT_FOUND
    _RUNNING.add(process)
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        os.write(output or 2, f"ended after {patience:.0f} s\n".encode())
        return TIMED_OUT
    finally:
        _RUNNING.discard(process)
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the group, which is usually nothing; politely first, so that tests clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLITE_WAIT)


def _log_of(stage: Stage) -> Path:
    return RESULTS / f"{stage.name}.log"


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip(" =")[:100] if lines else ""


def _explain(outcome: Outcome) -> None:
    log = _log_of(outcome.stage)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    tell("\n" + "\n".join(lines))
    tell(f"\nStage {outcome.stage.name} failed; its whole output is in {log.relative_to(ROOT)}.")
    tell(f"Next: `make {outcome.stage.target}` runs it alone, then `make test` all again.")


if __name__ == "__main__":
    sys.exit(main())

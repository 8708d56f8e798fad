"""Steps that say what they do, how long they took, and what to do when they fail."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 1800.0


class SetupError(Exception):
    """A step cannot be done; the message says why, ``next_step`` what to do about it."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.next_step = next_step


def tell(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a piece of work and its duration; turn a failed command into an error with a next step."""
    tell(f"==> {name} ...")
    started = time.monotonic()
    yield
    tell(f"    {name}: done in {time.monotonic() - started:.1f} s")


def run(
    command: Sequence[str | Path],
    next_step: str,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    patience: float = PATIENCE,
) -> None:
    """Run a command whose output the user sees.

    Args:
        command: The program and its arguments.
        next_step: What to do if it fails.
        environment: All variables of the command; ours if None.
        folder: Where it runs.
        patience: Seconds until it is ended.

    Raises:
        SetupError: It is missing, fails or takes too long.
    """
    words = [str(word) for word in command]
    sys.stdout.flush()
    try:
        status = subprocess.run(words, cwd=folder, env=environment, timeout=patience, check=False).returncode
    except FileNotFoundError as error:
        raise SetupError(f"{words[0]} was not found", next_step) from error
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"{' '.join(words)} did not end within {patience:.0f} s", next_step) from error
    if status:
        raise SetupError(f"{' '.join(words)} failed with exit code {status}", next_step)


def run_filtered(command: Sequence[str | Path], next_step: str, without: str) -> None:
    """Run a command and show its output line by line, but for lines that match a regular expression.

    Raises:
        SetupError: It is missing or fails.
    """
    words, noise = [str(word) for word in command], re.compile(without)
    try:
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except OSError as error:
        raise SetupError(f"{words[0]} cannot be run: {error.strerror}", next_step) from error
    with process:
        for line in process.stdout or ():
            if not noise.match(line):
                tell(f"    {line.rstrip()}")
    if process.returncode:
        raise SetupError(f"{' '.join(words)} failed with exit code {process.returncode}", next_step)


def output_of(command: Sequence[str | Path], patience: float = 20.0) -> str | None:
    """What a command prints, or None if it is missing, fails or takes too long."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

"""Resolve the dependencies and write the lock files: `python3 -m scripts.lock [--upgrade]`.

uv's requirements files hold versions and hashes only: no address of a package index, so that the same
lock serves whichever index a machine uses.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from scripts.installer import run_uv
from scripts.progress import ROOT, SetupError, run, step, tell
from scripts.static_assets import CONSOLE, npm_command

OPTIONS = ("pip", "compile", "-q", "--generate-hashes", "--no-annotate", "--no-header")
PLATFORM_LOCKS = ("uv", "node", "base", "dev")
ENGINE_LOCKS = ("requirements", "requirements-dev")
ADVICE = "Read which requirements contradict each other, change requirements/*.in or engine/*.in, run again."


def main() -> int:
    """Write every lock and return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts.lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that the .in files allow")
    arguments = parser.parse_args()
    upgrade = ["--upgrade"] if arguments.upgrade else []
    try:
        with step("Platform locks (requirements/)"):
            _lock_platform(upgrade)
        with step("Engine locks (engine/)"):
            _lock_engine(upgrade)
        with step("Browser libraries (console/package-lock.json)"):
            _lock_console()
    except SetupError as error:
        tell(f"\nLocking stopped: {error}.\nNext: {error.next_step}")
        return 1
    return 0


def _lock_platform(upgrade: list[str]) -> None:
    for name in PLATFORM_LOCKS:
        files = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt", "-c", "requirements/constraints.txt"]
        run_uv([*OPTIONS, *upgrade, "--universal", "--python-version", "3.11", *files], ADVICE)


def _lock_engine(upgrade: list[str]) -> None:
    for name in ENGINE_LOCKS:
        files = [f"{name}.in", "-o", f"{name}.txt", "--override", "overrides.txt"]
        run_uv(["--directory", ROOT / "engine", *OPTIONS, *upgrade, "--python-version", "3.10", *files], ADVICE)


def _lock_console() -> None:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    run([*npm_command(), "install", "--package-lock-only"], ADVICE, environment=environment, folder=CONSOLE)
    shutil.rmtree(CONSOLE / "node_modules", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

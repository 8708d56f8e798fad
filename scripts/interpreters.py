"""Finds Python interpreters: 3.11 or newer for the platform, 3.10 for the engine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.installer import binary, uv
from scripts.progress import ROOT, SetupError, output_of, tell

PLATFORM = (3, 11)
PLATFORM_BEFORE = (3, 14)
ENGINE = (3, 10)
TELL_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
NO_ENGINE_PYTHON = (
    "Rasa needs Python 3.10 and none was found or could be fetched. Install it and run the command again: "
    "`uv python install 3.10`, `pyenv install 3.10`, or your system's package (python3.10 with python3.10-venv)."
)


def version_of(python: str | Path) -> tuple[int, ...]:
    """The interpreter's version, such as (3, 11); empty if it does not run."""
    answer = output_of([python, "-c", TELL_VERSION])
    return tuple(int(part) for part in answer.split(".")) if answer else ()


def is_platform_version(version: tuple[int, ...]) -> bool:
    """Whether the platform's locked packages are known to work on it."""
    return PLATFORM <= version < PLATFORM_BEFORE


def platform_request() -> str:
    """What to ask uv for: this interpreter if it will do, else any that will (uv may fetch one)."""
    if is_platform_version(tuple(sys.version_info[:2])):
        return sys.executable
    return ">=3.11,<3.14"


def engine_python() -> str:
    """An interpreter of version 3.10.

    Raises:
        SetupError: There is none and none may be fetched.
    """
    for candidate in _candidates():
        if version_of(candidate) == ENGINE:
            return str(candidate)
    return _fetched()


def _candidates() -> Iterator[str | Path]:
    """Cheapest first. The folder's .python-version makes pyenv's shims answer with 3.10."""
    found = output_of([uv(), "--directory", ROOT / "engine", "python", "find", "--no-python-downloads", "3.10"])
    if found:
        yield found
    prefix = output_of(["pyenv", "prefix", "3.10"])
    if prefix:
        yield binary(Path(prefix), "python")
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from (binary(folder, "python") for folder in sorted(versions.glob("3.10.*"), reverse=True))
    on_path = shutil.which("python3.10")
    if on_path:
        yield on_path


def _fetched() -> str:
    if os.environ.get("UV_PYTHON_DOWNLOADS") == "never":
        raise SetupError("no Python 3.10, and UV_PYTHON_DOWNLOADS=never forbids fetching one", NO_ENGINE_PYTHON)
    tell("    no Python 3.10 on this machine; uv fetches one ...")
    output_of([uv(), "python", "install", "3.10"], patience=600)
    found = output_of([uv(), "python", "find", "--managed-python", "3.10"])
    if not found:
        raise SetupError("no Python 3.10, and uv could not fetch one", NO_ENGINE_PYTHON)
    return found

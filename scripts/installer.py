"""uv, the installer of everything else, in a small environment of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.progress import ROOT, SetupError, run, run_filtered, step
from scripts.stamps import digest, read_stamp, remove_stamp, write_stamp

TOOLS = ROOT / "var" / "tools"
ENVIRONMENT = TOOLS / "uv"
LOCK = ROOT / "requirements" / "uv.txt"
ONE_PACKAGE = r" [-+~] "  # uv lists every package that it touched


def binary(environment: Path, name: str) -> Path:
    """A program of a virtual environment."""
    return environment / ("Scripts" if sys.platform == "win32" else "bin") / name


def uv() -> Path:
    """The pinned uv, installed if it is not there.

    Raises:
        SetupError: Python cannot make environments, or the package index is out of reach.
    """
    value = digest(LOCK)
    if read_stamp(ENVIRONMENT) != value or not binary(ENVIRONMENT, "uv").is_file():
        with step("Installer (var/tools/uv)"):
            _install()
        write_stamp(ENVIRONMENT, value)
    return binary(ENVIRONMENT, "uv")


def _install() -> None:
    remove_stamp(ENVIRONMENT)
    try:
        import ensurepip  # noqa: F401 - only to see whether this Python has it
    except ImportError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        advice = f"Install it (Debian and Ubuntu: apt-get install python{version}-venv) and run the command again."
        raise SetupError("this Python cannot make virtual environments: ensurepip is missing", advice) from error
    run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], "Check that the disk has room and var/ is writable.")
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes", "-r", str(LOCK)]
    run([binary(ENVIRONMENT, "python"), *pip], "Check that pip reaches its package index, then run the command again.")


def sync(environment: Path, lock: Path) -> None:
    """Make an environment hold exactly what a lock file lists, every file checked against its hash.

    Raises:
        SetupError: The package index is out of reach, or a file is not what the lock says.
    """
    python = binary(environment, "python")
    run_filtered(
        [uv(), "pip", "sync", "--python", python, "--require-hashes", lock],
        "Check the network and the room on the disk (4 GB), then run again; what was fetched is kept.",
        without=ONE_PACKAGE,
    )


def run_uv(arguments: Sequence[str | Path], next_step: str) -> None:
    """Run uv where the user sees its progress."""
    run([uv(), *arguments], next_step)

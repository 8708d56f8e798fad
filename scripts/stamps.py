"""Stamps: small files that say what an environment was made from, so that nothing is done twice."""

from __future__ import annotations

import hashlib
from pathlib import Path

STAMP = "ramah-lock"


def digest(*files: Path) -> str:
    """The SHA-256 of the files' contents, in order, as hexadecimal digits."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def read_stamp(environment: Path) -> str:
    """The stamp of an environment; empty where there is none."""
    file = environment / STAMP
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""


def write_stamp(environment: Path, value: str) -> None:
    """Record that the environment is complete."""
    (environment / STAMP).write_text(value + "\n", encoding="utf-8")


def remove_stamp(environment: Path) -> None:
    """Record that the environment is being changed."""
    (environment / STAMP).unlink(missing_ok=True)

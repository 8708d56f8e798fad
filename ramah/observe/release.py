"""Which state of the code is running: the commit, so that an incident can be looked up in the sources of its time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ramah.settings import settings

PROJECT = Path(__file__).resolve().parents[2]
SHOWN = 12


@lru_cache(maxsize=1)
def running_release() -> str:
    """The first signs of the commit: RAMAH_RELEASE where it is set (images have no repository), else the checkout's
    own; empty where neither is known."""
    return (settings().release or _checked_out(PROJECT / ".git"))[:SHOWN]


def _checked_out(repository: Path) -> str:
    """What HEAD names, read from the files of a repository: running `git` may not be possible here."""
    try:
        head = (repository / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        loose = repository / name
        return loose.read_text(encoding="ascii").strip() if loose.exists() else _packed(repository, name)
    except OSError:
        return ""


def _packed(repository: Path, name: str) -> str:
    lines = (repository / "packed-refs").read_text(encoding="ascii").splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")

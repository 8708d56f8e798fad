"""One supervisor at a time over one data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ramah.supervisor.errors import SupervisorError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file; the system gives it back even when we are killed.

    Raises:
        SupervisorError: Somebody else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise SupervisorError(
                f"Ramah is already running here (process {holder}). Stop it with Ctrl-C in its terminal or "
                f"`kill {holder}`, or set RAMAH_VAR_DIR to give this one a data folder of its own."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield

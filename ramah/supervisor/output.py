"""Everything that the processes say: on the terminal with their names, and in one file each."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

OWN_NAME = "supervisor"
FILE_BYTES = 5_000_000
OLD_FILES = 1
COLOURS = (36, 35, 34, 33, 32)
BOLD = "\x1b[1m"
PLAIN = "\x1b[0m"


class Output:
    """Writes lines to standard output and to ``<log folder>/<name>.log``, which never outgrow their size."""

    def __init__(self, names: Sequence[str], log_folder: Path, stream: TextIO | None = None) -> None:
        log_folder.mkdir(parents=True, exist_ok=True)
        self.log_folder = log_folder
        self._stream: TextIO | None = stream or sys.stdout
        self._coloured = self._stream.isatty()
        everybody = [OWN_NAME, *names]
        self._width = max(map(len, everybody))
        self._colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(everybody)}
        self._files = {name: _open(self.file_of(name)) for name in everybody}

    def file_of(self, name: str) -> Path:
        """The log file of a process."""
        return self.log_folder / f"{name}.log"

    def line(self, name: str, text: str) -> None:
        """Write one line of a process."""
        self._keep(name, text)
        self._show(f"{self._prefix(name)} {text}")

    def say(self, text: str) -> None:
        """Write one or more lines of the supervisor itself."""
        for line in text.splitlines():
            self._keep(OWN_NAME, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}")
            emphasised = f"{BOLD}{line}{PLAIN}" if self._coloured else line
            self._show(f"{self._prefix(OWN_NAME)} {emphasised}")

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    def _keep(self, name: str, text: str) -> None:
        self._files[name].handle(logging.makeLogRecord({"msg": text}))

    def _prefix(self, name: str) -> str:
        padded = f"{name:<{self._width}} |"
        return f"\x1b[{self._colours[name]}m{padded}{PLAIN}" if self._coloured else padded

    def _show(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except OSError:
            # The terminal or the reader of our pipe is gone; the files still get everything.
            self._give_up_the_terminal(self._stream)

    def _give_up_the_terminal(self, stream: TextIO) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        self._stream = None


def _open(path: Path) -> RotatingFileHandler:
    return RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="replace")

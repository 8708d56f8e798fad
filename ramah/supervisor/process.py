"""One run of one command, from its start to its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from pathlib import Path

from ramah.supervisor import leash
from ramah.supervisor.lines import lines_of
from ramah.supervisor.output import Output
from ramah.supervisor.spec import ProcessSpec

TAIL_LINES = 20
DRAIN = 1.0


class RunningProcess:
    """A started command, leader of its own process group. ``tail`` holds its last lines."""

    def __init__(self, process: Process, log: asyncio.Task[None], tail: deque[str]) -> None:
        self._process = process
        self._log = log
        self.tail = tail

    @classmethod
    async def start(cls, spec: ProcessSpec, output: Output) -> RunningProcess:
        """Start the command. That it cannot be run shows as exit code 127 and a line in its log."""
        # Our own pipe: with asyncio's, the end of the process would not be seen while a grandchild holds it open.
        read_end, write_end = os.pipe()
        try:
            reader = await _reader(read_end)
            process = await asyncio.create_subprocess_exec(
                *_leashed(spec),
                stdin=DEVNULL,
                stdout=write_end,
                stderr=write_end,
                cwd=spec.working_directory,
                env=dict(spec.environment),
                # Ctrl-C in the terminal reaches us alone, so that we decide the order.
                start_new_session=True,
            )
        finally:
            os.close(write_end)
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        return cls(process, asyncio.create_task(_copy(reader, spec.name, output, tail)), tail)

    @property
    def pid(self) -> int:
        """The process id, which is the id of the process group too."""
        return self._process.pid

    @property
    def ending(self) -> str | None:
        """How the process ended, in words; None while it runs."""
        code = self._process.returncode
        if code is None:
            return None
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    async def ended(self) -> None:
        """Return when the process has ended, whatever its children do."""
        await self._process.wait()

    async def stop(self, patience: float) -> None:
        """Ask the group to stop, kill it after ``patience`` seconds; nothing of it is left afterwards."""
        if self._process.returncode is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), patience)
        self.kill()
        await self._process.wait()
        await self.drain()

    def kill(self) -> None:
        """End the whole group at once."""
        self._signal(signal.SIGKILL)

    async def drain(self) -> None:
        """Let the last lines arrive."""
        await asyncio.wait([self._log], timeout=DRAIN)
        self._log.cancel()

    def _signal(self, number: signal.Signals) -> None:
        # A group whose members have all ended is nothing to complain about; macOS refuses instead.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def _leashed(spec: ProcessSpec) -> list[str]:
    script = Path(leash.__file__).resolve()
    # Isolated and without site packages: it starts in a tenth of the time and sees no module of ours.
    return [sys.executable, "-I", "-S", str(script), str(os.getpid()), "--", *spec.command]


async def _reader(read_end: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(read_end, "rb", buffering=0))
    return reader


async def _copy(reader: asyncio.StreamReader, name: str, output: Output, tail: deque[str]) -> None:
    async for line in lines_of(reader):
        tail.append(line)
        output.line(name, line)

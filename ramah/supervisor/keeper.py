"""Keeps one process alive: starts it, waits until it is healthy, starts it again when it dies."""

from __future__ import annotations

import asyncio
from time import monotonic

from ramah.supervisor.errors import StartFailure
from ramah.supervisor.health import healthy
from ramah.supervisor.output import Output
from ramah.supervisor.process import RunningProcess
from ramah.supervisor.spec import Pace, ProcessSpec


class Keeper:
    """One process through all its runs. ``ready`` is set while it is healthy as far as we know."""

    def __init__(self, spec: ProcessSpec, output: Output, pace: Pace) -> None:
        self.spec = spec
        self.ready = asyncio.Event()
        self._output = output
        self._pace = pace
        self._run: RunningProcess | None = None
        self._started_at = self._ready_at = monotonic()

    @property
    def starting_for(self) -> float:
        """Seconds since the present run was started."""
        return monotonic() - self._started_at

    async def keep(self) -> None:
        """Run the process until cancelled; ``stop`` ends it.

        Raises:
            StartFailure: It did not become healthy at its first start.
        """
        run = await self._start()
        if not await self._becomes_ready(run):
            raise StartFailure(await self._why(run))
        waits = self._pace.waits()
        while True:
            await run.ended()
            if self.ready.is_set() and monotonic() - self._ready_at >= self._pace.settled_after:
                waits = self._pace.waits()
            await self._rest(run, next(waits))
            run = await self._start()
            if not await self._becomes_ready(run):
                await run.stop(self._pace.stop_patience)

    async def stop(self) -> None:
        """Stop the present run, if there is one."""
        if self._run is None:
            return
        was_running = self._run.ending is None
        await self._run.stop(self._pace.stop_patience)
        if was_running:
            self._output.say(f"{self.spec.name}: stopped ({self._run.ending})")

    def kill(self) -> None:
        """End the present run at once."""
        if self._run is not None:
            self._run.kill()

    async def _start(self) -> RunningProcess:
        self._output.say(f"{self.spec.name}: starting")
        self._started_at = monotonic()
        self._run = await RunningProcess.start(self.spec, self._output)
        return self._run

    async def _rest(self, run: RunningProcess, wait: float) -> None:
        self.ready.clear()
        # What the dead process had started itself would keep its port.
        run.kill()
        await run.drain()
        self._output.say(f"{self.spec.name}: died ({run.ending}); restart in {wait:g} s")
        await asyncio.sleep(wait)

    async def _becomes_ready(self, run: RunningProcess) -> bool:
        end, health = asyncio.create_task(run.ended()), asyncio.create_task(healthy(self.spec.health_url))
        try:
            await asyncio.wait({end, health}, timeout=self.spec.start_patience, return_when=asyncio.FIRST_COMPLETED)
            # An answer while our process is dead came from somebody else.
            if end.done() or not health.done():
                return False
            health.result()
        finally:
            end.cancel()
            health.cancel()
        self._ready_at = monotonic()
        self._output.say(f"{self.spec.name}: ready in {self.starting_for:.1f} s")
        self.ready.set()
        return True

    async def _why(self, run: RunningProcess) -> str:
        if run.ending is None:
            what = f"was not ready after {self.spec.start_patience:g} s ({self.spec.health_url} did not answer 200)"
        else:
            what = f"ended before it was ready ({run.ending})"
            await run.drain()
        lines = [f"    {line}" for line in run.tail] or ["    (it wrote nothing)"]
        log = self._output.file_of(self.spec.name)
        return "\n".join([f"{self.spec.name} {what}. Its last lines, from {log}:", *lines, self.spec.advice])

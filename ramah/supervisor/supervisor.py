"""All processes together: started at once, watched, stopped in reverse order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from ramah.supervisor.errors import StartFailure
from ramah.supervisor.keeper import Keeper
from ramah.supervisor.output import Output
from ramah.supervisor.ports import refuse_busy_ports
from ramah.supervisor.spec import Pace, ProcessSpec

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED, FAILED = 0, 1


class Supervisor:
    """Runs processes until it is told to stop.

    Args:
        specs: In the order of dependence: what others need comes first and is stopped last.
        log_folder: Gets one log file for each process and one of the supervisor.
        announce: Called once, when every process is ready for the first time.
        pace: Times of restarts and stopping.
    """

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        log_folder: Path,
        *,
        announce: Callable[[], None] = lambda: None,
        pace: Pace | None = None,
    ) -> None:
        self._specs = specs
        self._log_folder = log_folder
        self._announce = announce
        self._pace = pace or Pace()

    async def run(self) -> int:
        """Run until SIGINT or SIGTERM; a second one kills at once. Returns the exit code.

        Raises:
            SupervisorError: A port is busy; nothing was started.
        """
        refuse_busy_ports(self._specs)
        output = Output([spec.name for spec in self._specs], self._log_folder)
        keepers = [Keeper(spec, output, self._pace) for spec in self._specs]
        asked_to_stop = self._listen(keepers, output)
        tasks = [asyncio.create_task(keeper.keep(), name=keeper.spec.name) for keeper in keepers]
        try:
            await self._watch(keepers, tasks, asked_to_stop, output)
        except StartFailure as failure:
            output.say(str(failure))
            return FAILED
        finally:
            await _stop(keepers, tasks, output)
            output.close()
        return STOPPED

    def _listen(self, keepers: Sequence[Keeper], output: Output) -> asyncio.Event:
        asked = asyncio.Event()

        def stop(number: signal.Signals) -> None:
            if asked.is_set():
                output.say(f"{number.name} again: killing")
                for keeper in keepers:
                    keeper.kill()
                return
            output.say(f"{number.name}: stopping, please wait (once more kills)")
            asked.set()

        for number in STOP_SIGNALS:
            # nohup has the hang-up ignored, and it shall stay so.
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, stop, number)
        return asked

    async def _watch(
        self,
        keepers: Sequence[Keeper],
        tasks: Sequence[asyncio.Task[None]],
        asked_to_stop: asyncio.Event,
        output: Output,
    ) -> None:
        stop = asyncio.create_task(asked_to_stop.wait())
        progress = asyncio.create_task(self._progress(keepers, output))
        pending: set[asyncio.Task[None] | asyncio.Task[bool]] = {stop, progress, *tasks}
        try:
            while not stop.done():
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            stop.cancel()
            progress.cancel()

    async def _progress(self, keepers: Sequence[Keeper], output: Output) -> None:
        waiting = {asyncio.create_task(keeper.ready.wait()) for keeper in keepers}
        try:
            while waiting:
                _, waiting = await asyncio.wait(waiting, timeout=self._pace.progress_every)
                late = [keeper for keeper in keepers if not keeper.ready.is_set()]
                if late:
                    names = ", ".join(f"{keeper.spec.name} ({keeper.starting_for:.0f} s)" for keeper in late)
                    output.say(f"still starting: {names}")
        finally:
            for task in waiting:
                task.cancel()
        self._announce()


async def _stop(keepers: Sequence[Keeper], tasks: Sequence[asyncio.Task[None]], output: Output) -> None:
    for task in tasks:
        task.cancel()
    # Their failures were raised or told where they were watched.
    await asyncio.gather(*tasks, return_exceptions=True)
    for keeper in reversed(keepers):
        await keeper.stop()
    output.say("all processes are stopped")

"""Threads that do one thing over and over, rest while there is nothing, and survive what goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from worker.bell import Bell

log = structlog.get_logger()
AFTER_FAILURE = 1.0
Report = Callable[[str, Exception], None]
"""Hears of a failed step: the loop's name and the error."""


@dataclass(eq=False)
class Loop:
    """One repeated step. ``step`` returns whether it did something; then it is called again at once.

    ``rest`` is how many seconds to wait when there was nothing. Loops that share a ``bell`` look one after the
    other, and one that finds something wakes the next. ``is_prompt`` means that a commit of others concerns it at
    once. ``beat`` is when it last came round. ``may_go`` is asked between two steps: the thread ends where it says so.
    """

    name: str
    step: Callable[[], bool]
    rest: float
    bell: Bell = field(default_factory=Bell)
    is_prompt: bool = False
    beat: datetime = field(default_factory=lambda: datetime.now(UTC))
    failures: int = 0
    report: Report = lambda name, error: None
    may_go: Callable[[], bool] = lambda: False

    def run(self, stop: threading.Event) -> None:
        """Go round until told to stop; the step that is running is finished first."""
        while not stop.is_set():
            if self.may_go():
                self.bell.ring()  # a ring that only this one has heard is for those who stay
                return
            try:
                busy = self.step()
            except Exception as error:
                # One bad round must not end the loop; what it was about is still a row and comes again.
                self.failures += 1
                log.exception("loop_failed", loop=self.name)
                self.report(self.name, error)
                stop.wait(AFTER_FAILURE)
                continue
            finally:
                self.beat = datetime.now(UTC)
            if busy:
                self.bell.ring()
            else:
                self.bell.wait(self.rest)


class Loops:
    """All loops of a process, each in its own thread."""

    def __init__(self, loops: list[Loop], report: Report | None = None) -> None:
        self._report = report
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = dict(self._thread_of(loop) for loop in loops)
        self._is_running = False

    @property
    def loops(self) -> list[Loop]:
        """The loops that run, in the order in which they came."""
        with self._lock:
            return list(self._threads)

    def start(self) -> None:
        """Start every thread."""
        with self._lock:
            self._is_running = True
            for thread in self._threads.values():
                thread.start()

    def add(self, loop: Loop) -> None:
        """One more loop; where the others run, it is started at once."""
        loop, thread = self._thread_of(loop)
        with self._lock:
            if self._stop.is_set():
                return
            self._threads[loop] = thread
            if self._is_running:
                thread.start()

    def stop(self, patience: float) -> None:
        """Ask every loop to finish its step and wait for it, ``patience`` seconds in all."""
        with self._lock:
            self._stop.set()
            threads = dict(self._threads)
        for loop in threads:
            loop.bell.close()
        until = time.monotonic() + patience
        for thread in threads.values():
            thread.join(max(0.0, until - time.monotonic()))

    def ring(self) -> None:
        """Somebody committed something: those whom it may concern look now."""
        for bell in {loop.bell for loop in self.loops if loop.is_prompt}:
            bell.ring()

    def late(self, seconds: float) -> list[str]:
        """Loops that have not come round for so long, beyond the rest that they may take."""
        now = datetime.now(UTC)
        return [one.name for one in self.loops if (now - one.beat).total_seconds() > seconds + one.rest]

    def _thread_of(self, loop: Loop) -> tuple[Loop, threading.Thread]:
        loop.report = self._report or loop.report
        return loop, threading.Thread(target=self._run, args=(loop,), name=loop.name)

    def _run(self, loop: Loop) -> None:
        loop.run(self._stop)
        with self._lock:
            self._threads.pop(loop, None)

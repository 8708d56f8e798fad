"""What wakes the threads of a team: one of them at a time, who wakes the next when there is more to do."""

from __future__ import annotations

import threading


class Bell:
    """Rung by whoever knows of work. One waiting thread hears each ring, or the next one that comes to wait: were all
    to wake, all would ask the database for what only one of them can have."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = False
        self._closed = False

    def ring(self) -> None:
        """Wake one thread."""
        with self._changed:
            self._rung = True
            self._changed.notify()

    def close(self) -> None:
        """Wake all threads, now and for ever."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Return at a ring, when the bell was closed, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung or self._closed, seconds)
            self._rung = False

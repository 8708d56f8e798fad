"""Relief: others look while threads are held up, up to a bound, and go when they are wanted no longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from worker.bell import Bell
from worker.loops import Loop, Loops
from worker.relief import Relief

PATIENCE = 10.0
SIZE, MOST = 2, 5
REST = 0.02


class Held:
    """A team whose every step is held up until it is let go; each step takes one piece of work."""

    def __init__(self) -> None:
        self.work = 0
        self.under_way = 0
        self.go_on = threading.Event()
        self._lock = threading.Lock()
        bell = Bell()

        def hire(number: int) -> Loop:
            return Loop(f"held-{number}", self._step, REST, bell, is_prompt=True)

        self.loops = Loops([hire(number) for number in range(SIZE)])
        relief = Relief(SIZE, MOST, lambda: self.under_way, hire)
        self.loops.add(Loop("relief", lambda: relief.look(self.loops), REST))

    def _step(self) -> bool:
        with self._lock:
            found = self.work > 0
            self.work -= found
            self.under_way += found
        if found:
            self.go_on.wait(PATIENCE)
            with self._lock:
                self.under_way -= 1
        return found

    @property
    def threads(self) -> int:
        """Threads of the team that live."""
        return sum(thread.name.startswith("held-") for thread in threading.enumerate())


@contextmanager
def running(team: Held) -> Iterator[Held]:
    team.loops.start()
    try:
        yield team
    finally:
        team.go_on.set()
        team.loops.stop(PATIENCE)


def comes_true(condition: Callable[[], bool]) -> bool:
    """Whether it does so in time, and stays for a moment."""
    until = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(5 * REST)
    return condition()


def test_more_threads_look_while_all_are_held_up() -> None:
    with running(Held()) as team:
        team.work = SIZE + 1
        assert comes_true(lambda: team.under_way == SIZE + 1)


def test_never_more_than_the_bound() -> None:
    with running(Held()) as team:
        team.work = 3 * MOST
        assert comes_true(lambda: team.under_way == MOST)
        assert team.threads == MOST


def test_they_go_when_nobody_is_held_up_any_more() -> None:
    with running(Held()) as team:
        team.work = MOST
        assert comes_true(lambda: team.under_way == MOST)
        team.go_on.set()
        assert comes_true(lambda: team.threads == SIZE)
        assert not team.loops.late(PATIENCE)


def test_idle_there_are_only_those_of_the_team() -> None:
    with running(Held()) as team:
        assert comes_true(lambda: team.threads == SIZE)


def test_a_stop_ends_hired_threads_too() -> None:
    with running(Held()) as team:
        team.work = MOST
        assert comes_true(lambda: team.under_way == MOST)
    assert team.threads == 0


def test_one_that_goes_hands_its_ring_on() -> None:
    bell, stop = Bell(), threading.Event()
    loop = Loop("leaving", lambda: False, REST, bell)
    loop.may_go = lambda: True
    loop.run(stop)
    began = time.monotonic()
    bell.wait(PATIENCE)
    assert time.monotonic() - began < PATIENCE / 2

"""The worker's threads: a ring wakes one of a team, work wakes the next, and a stop wakes all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from worker.bell import Bell
from worker.loops import Loop, Loops

PATIENCE = 10.0
LONG = 60.0


class Team:
    """Four threads that share a bell. ``work`` is how often a look finds something."""

    def __init__(self) -> None:
        self.looks = threading.Semaphore(0)
        self.work = 0
        self.at_work = threading.Semaphore(0)
        self.go_on = threading.Event()
        self._lock = threading.Lock()
        bell = Bell()
        self.loops = Loops([Loop(f"turns-{n}", self._look, LONG, bell, is_prompt=True) for n in range(4)])

    def _look(self) -> bool:
        with self._lock:
            found = self.work > 0
            self.work -= found
        self.looks.release()
        if found:
            self.at_work.release()
            self.go_on.wait(PATIENCE)
        return found

    def looked(self, times: int) -> bool:
        """Whether it looked so often, and no more often than that for a moment."""
        came = all(self.looks.acquire(timeout=PATIENCE) for _ in range(times))
        return came and not self.looks.acquire(timeout=0.2)


@contextmanager
def running(team: Team) -> Iterator[None]:
    team.loops.start()
    try:
        yield
    finally:
        team.go_on.set()
        team.loops.stop(PATIENCE)


def test_a_ring_that_brings_nothing_costs_one_look() -> None:
    team = Team()
    with running(team):
        assert team.looked(4)
        team.loops.ring()
        assert team.looked(1)


def test_a_thread_at_work_leaves_the_next_ring_to_another() -> None:
    team = Team()
    with running(team):
        assert team.looked(4)
        team.work = 2
        team.loops.ring()
        assert team.at_work.acquire(timeout=PATIENCE)
        team.loops.ring()
        assert team.at_work.acquire(timeout=PATIENCE)


def test_who_found_something_looks_again_and_wakes_the_next() -> None:
    team = Team()
    team.go_on.set()
    with running(team):
        assert team.looked(4)
        team.work = 3
        team.loops.ring()
        assert all(team.at_work.acquire(timeout=PATIENCE) for _ in range(3))


def test_a_stop_wakes_everybody() -> None:
    team = Team()
    with running(team):
        assert team.looked(4)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("turns-")]


def test_a_ring_while_all_are_at_work_is_heard_by_whoever_comes_to_wait() -> None:
    bell = Bell()
    bell.ring()
    bell.wait(LONG)

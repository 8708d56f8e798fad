"""Places: worth waiting for where they come free soon, and given up at once where they do not."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest

from ramah.lib.places import LINE, Places

PATIENCE = 10.0


def taken_by(places: Places, number: int) -> list[object]:
    """So many have a place now."""
    held = [places.take(0.0) for _ in range(number)]
    assert None not in held
    return [place for place in held if place is not None]


def waiting_for(places: Places, number: int) -> list[Thread]:
    """So many wait for a place, and give it back as soon as they have it."""

    def wait() -> None:
        place = places.take(PATIENCE, hurried=True)
        if place is not None:
            places.leave(place)

    threads = [Thread(target=wait) for _ in range(number)]
    for thread in threads:
        thread.start()
    while places.waiting < number:
        time.sleep(0.001)
    return threads


def test_a_place_that_comes_free_is_waited_for() -> None:
    places, got = Places(1), Event()
    (held,) = taken_by(places, 1)

    def wait() -> None:
        if places.take(PATIENCE) is not None:
            got.set()

    waiter = Thread(target=wait)
    waiter.start()
    assert not got.wait(0.05)
    places.leave(held)
    assert got.wait(PATIENCE)
    waiter.join()


def test_nobody_waits_longer_than_it_would() -> None:
    places = Places(1)
    taken_by(places, 1)
    began = time.monotonic()
    assert places.take(0.1) is None
    assert 0.09 <= time.monotonic() - began < 2.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment that places see; nobody can have waited by it."""
    now = [1000.0]
    monkeypatch.setattr("ramah.lib.places.time.monotonic", lambda: now[0])
    return now


def test_where_all_have_theirs_for_long_already_it_is_given_up_at_once(clock: list[float]) -> None:
    places = Places(2)
    taken_by(places, 2)
    clock[0] += 31.0
    began = time.perf_counter()
    assert places.take(30.0, hurried=True) is None
    assert time.perf_counter() - began < 5.0


def test_where_the_last_one_kept_it_for_long_it_is_given_up_at_once(clock: list[float]) -> None:
    places = Places(1)
    (held,) = taken_by(places, 1)
    clock[0] += 31.0
    places.leave(held)
    taken_by(places, 1)
    began = time.perf_counter()
    assert places.take(30.0, hurried=True) is None
    assert time.perf_counter() - began < 5.0


def test_one_that_was_quick_again_makes_waiting_worth_while(clock: list[float]) -> None:
    places = Places(1)
    for seconds in (31.0, 0.1):
        (held,) = taken_by(places, 1)
        clock[0] += seconds
        places.leave(held)
    (held,) = taken_by(places, 1)
    (waiter,) = waiting_for(places, 1)
    places.leave(held)
    waiter.join(PATIENCE)
    assert not waiter.is_alive()


def test_a_crowd_does_not_wait_in_a_line_without_end() -> None:
    places = Places(1)
    (held,) = taken_by(places, 1)
    crowd = waiting_for(places, LINE)
    began = time.monotonic()
    assert places.take(PATIENCE, hurried=True) is None
    assert time.monotonic() - began < 5.0
    places.leave(held)
    for one in crowd:
        one.join(PATIENCE)
    taken_by(places, 1)


def test_who_is_in_no_hurry_waits_all_the_same() -> None:
    places = Places(1)
    (held,) = taken_by(places, 1)
    time.sleep(0.02)
    began = time.monotonic()
    assert places.take(0.01) is None
    assert time.monotonic() - began >= 0.009
    places.leave(held)

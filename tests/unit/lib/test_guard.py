"""Guards: a system that does not answer is left alone, and a slow one holds only some of us."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
import time_machine

from ramah.lib.deadline import time_left, within
from ramah.lib.guard import CircuitIsOpen, Guards, NoPlace, Protection

HASTY = Protection(at_once=1, place_wait=0.05, threshold=2, rest=30.0)


class Away(Exception):
    """The other side does not answer."""


class SaidNo(Exception):
    """The other side answers, and refuses."""


def ask(guards: Guards, answer: Exception | None = None, name: str = "site", values: Protection = HASTY) -> None:
    with guards.guard("erp", name, values, lambda error: isinstance(error, Away)):
        if answer is not None:
            raise answer


@contextmanager
def a_call_under_way(guards: Guards, name: str = "site", values: Protection = HASTY) -> Iterator[None]:
    began, may_end = Event(), Event()

    def call() -> None:
        with guards.guard("erp", name, values, lambda _: True):
            began.set()
            may_end.wait(10)

    thread = Thread(target=call)
    thread.start()
    assert began.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join(10)


def test_outages_in_a_row_open_the_circuit_and_its_rest_is_told() -> None:
    guards = Guards()
    with time_machine.travel(1_900_000_000, tick=False) as clock:
        for _ in range(2):
            with pytest.raises(Away):
                ask(guards, Away())
        clock.shift(10)
        with pytest.raises(CircuitIsOpen) as refused:
            ask(guards)
        assert (refused.value.retry_after, refused.value.subsystem, refused.value.permanent) == (20.0, "erp", False)
        assert [state.state for state in guards.states()] == ["opened"]
        clock.shift(21)
        ask(guards)
        assert [state.state for state in guards.states()] == ["closed"]


def test_one_more_outage_after_the_rest_opens_it_again() -> None:
    guards = Guards()
    with time_machine.travel(1_900_000_000, tick=False) as clock:
        for _ in range(2):
            with pytest.raises(Away):
                ask(guards, Away())
        clock.shift(31)
        with pytest.raises(Away):
            ask(guards, Away())
        with pytest.raises(CircuitIsOpen):
            ask(guards)


def test_refusals_open_nothing_and_end_a_row_of_outages() -> None:
    guards = Guards()
    for error in (Away(), SaidNo(), Away(), SaidNo()):
        with pytest.raises(type(error)):
            ask(guards, error)
    ask(guards)


def test_a_call_beyond_the_places_is_turned_away_soon() -> None:
    guards = Guards()
    with a_call_under_way(guards):
        began = time.monotonic()
        with pytest.raises(NoPlace):
            ask(guards)
        assert time.monotonic() - began < 2.0
        assert [state.under_way for state in guards.states()] == [1]
    ask(guards)


def test_all_systems_of_a_kind_share_the_last_places() -> None:
    guards, values = Guards(), Protection(1, 0.05, 2, 30.0, all_at_once=2)
    with a_call_under_way(guards, "one", values), a_call_under_way(guards, "two", values), pytest.raises(NoPlace):
        ask(guards, name="three", values=values)
    ask(guards, name="three", values=values)


def test_everybody_who_listens_hears_how_a_call_ended() -> None:
    guards = Guards()
    heard: list[tuple[str, str]] = []
    guards.listener = lambda kind, ended, _: heard.append((kind, ended))
    ask(guards)
    for error in (SaidNo(), Away(), Away()):
        with pytest.raises(type(error)):
            ask(guards, error)
    with pytest.raises(CircuitIsOpen):
        ask(guards)
    assert heard == [("erp", one) for one in ("answered", "refused", "outage", "outage", "circuit_open")]


def test_the_nearer_deadline_counts_and_ends_with_its_block() -> None:
    assert time_left() is None
    with within(60):
        with within(0.0):
            assert time_left() == 0.0
        with within(600):
            assert 0 < (time_left() or 0.0) <= 60
    assert time_left() is None


def test_within_one_deadline_it_waits_for_a_place_but_once() -> None:
    guards, patient = Guards(), Protection(at_once=1, place_wait=0.3, threshold=2, rest=30.0)
    with a_call_under_way(guards, values=patient), within(10):
        waited = []
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(NoPlace):
                ask(guards, values=patient)
            waited.append(time.monotonic() - began)
    assert waited[0] >= 0.29
    assert max(waited[1:]) < 0.2


def test_a_crowd_at_a_system_that_hangs_is_turned_away_at_once() -> None:
    guards, patient = Guards(), Protection(at_once=1, place_wait=0.2, threshold=2, rest=30.0, hurried=True)
    with a_call_under_way(guards, values=patient):
        with pytest.raises(NoPlace):
            ask(guards, values=patient)  # it might have been quick: this one waits
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(NoPlace):
                ask(guards, values=patient)
        assert time.monotonic() - began < 20 * patient.place_wait / 2
    ask(guards, values=patient)

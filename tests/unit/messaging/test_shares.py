"""Shares: an organisation whose turns hang leaves room for all others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread

import pytest

from ramah.messaging.shares import SLOW_AFTER, Shares


@contextmanager
def hanging(shares: Shares, *organisations: str) -> Iterator[list[str]]:
    """These take turns that do not end, in turn, for as long as each of them may. Gives who holds one."""
    held: list[str] = []
    with ExitStack() as stack:
        for _ in range(100):
            for one in organisations:
                if one not in shares.full():
                    stack.enter_context(shares.held(one))
                    held.append(one)
        yield held


def test_one_organisation_alone_comes_to_about_half() -> None:
    with hanging(Shares(4, 32), "kilap") as held:
        assert len(held) == 18


def test_two_come_to_a_third_each_and_a_newcomer_finds_room() -> None:
    shares = Shares(4, 32)
    with hanging(shares, "kilap", "bening") as held:
        assert (held.count("kilap"), held.count("bening")) == (12, 12)
        assert "stranger" not in shares.full()


def test_without_spare_threads_one_organisation_may_have_all() -> None:
    with hanging(Shares(4, 4), "kilap") as held:
        assert len(held) == 4


def test_who_has_finished_may_begin_again() -> None:
    shares = Shares(1, 3)
    with hanging(shares, "kilap"):
        assert shares.full() == {"kilap"}
    assert shares.full() == frozenset() and shares.total() == 0


def test_a_turn_is_slow_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now, shares = [50.0], Shares(1, 3)
    monkeypatch.setattr("ramah.messaging.shares.time.monotonic", lambda: now[0])
    with shares.held("kilap"):
        assert (shares.total(), shares.slow()) == (1, 0)
        now[0] += SLOW_AFTER
        assert (shares.total(), shares.slow()) == (1, 1)
    assert shares.slow() == 0


def test_fresh_messages_come_first_while_one_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now, shares = [50.0], Shares(1, 3)
    monkeypatch.setattr("ramah.messaging.shares.time.monotonic", lambda: now[0])
    with shares.held("kilap"):
        assert not shares.prefers_fresh()
    with shares.held("kilap", again=True):
        assert shares.prefers_fresh()
        now[0] += SLOW_AFTER
        assert not shares.prefers_fresh()


def test_who_looks_after_slow_turns_sleeps_while_there_are_none() -> None:
    shares, seen = Shares(1, 3), list[bool]()
    assert not shares.any(0.01)
    watcher = Thread(target=lambda: seen.append(shares.any(60.0)))
    watcher.start()
    with shares.held("kilap"):
        watcher.join(10)
    assert seen == [True]

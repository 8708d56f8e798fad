"""When an upset customer is offered a person."""

from __future__ import annotations

from ramah.care.comfort import wants_comfort
from ramah.care.watched import WatchedTurn

CALM = WatchedTurn(1)
UPSET = WatchedTurn(1, troubled=True)
COMFORTED = WatchedTurn(1, troubled=True, comforted=True)


def test_once_upset_is_not_enough() -> None:
    assert not wants_comfort([CALM, CALM, UPSET])


def test_twice_in_a_row_is() -> None:
    assert wants_comfort([UPSET, UPSET])


def test_twice_within_three_turns_is() -> None:
    assert wants_comfort([UPSET, CALM, UPSET])
    assert not wants_comfort([UPSET, CALM, CALM, UPSET])


def test_a_calm_message_is_not_comforted() -> None:
    assert not wants_comfort([UPSET, UPSET, CALM])
    assert not wants_comfort([])


def test_an_episode_is_comforted_once() -> None:
    assert not wants_comfort([UPSET, COMFORTED, UPSET])
    assert not wants_comfort([UPSET, COMFORTED, CALM, CALM, UPSET, UPSET])


def test_after_three_calm_turns_a_new_episode_begins() -> None:
    assert wants_comfort([UPSET, COMFORTED, CALM, CALM, CALM, UPSET, UPSET])

"""Scripted customers on the running stack, several at once; what they write is in customers/<language>.yml.

Each reaches the ERP field by field, is asked nothing again, hears no sentence three times, in about the least turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.conversation.customers.playing import Story, play
from tests.conversation.customers.proof import doctors_cases, prove
from tests.conversation.customers.scripts import Script, read_scripts
from tests.stack import Stack

AT_ONCE = 8
SCRIPTS = [script for script in read_scripts() if not script.slow]
Stories = Mapping[str, "Future[Story]"]


@pytest.fixture(scope="module")
def stories(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Stories]:
    """All chosen customers, talking side by side; each test waits for its own."""
    parameters = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = [one.params["script"] for one in parameters if one is not None and "script" in one.params]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {script.id: pool.submit(play, stack, script) for script in chosen}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_a_scripted_customer_gets_what_was_meant(stack: Stack, stories: Stories, script: Script) -> None:
    prove(stories[script.id].result(240), stack.database)


def test_the_doctor_stays_away_from_customers_who_get_what_they_want(stack: Stack, stories: Stories) -> None:
    told = [story.result(240) for story in stories.values() if story.exception(240) is None]
    if not told:
        pytest.skip("no customer was chosen")
    cases = [case for story in told if story.script.ends == "booked" for case in doctors_cases(story, stack.database)]
    assert cases == []


def test_all_scripted_customers_together_need_hardly_more_turns_than_the_least(stories: Stories) -> None:
    told = [story.result(240) for story in stories.values() if story.exception(240) is None]
    if not told:
        pytest.skip("no customer was chosen")
    least = sum(story.script.least + story.script.detours for story in told)
    turns = sum(story.person.turns for story in told)
    print(f"turns: {turns} for at least {least}, {turns / least:.3f}")
    assert turns <= 1.2 * least

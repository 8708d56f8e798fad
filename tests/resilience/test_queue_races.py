"""Many agents free at the same moment, many customers arriving: nobody overtaken, doubled, or beyond capacity."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ramah.desk.handover import take_over
from ramah.messaging.inbox import accept
from ramah.people import Staff
from ramah.store import Database
from tests.databases import backends, fresh_database
from tests.integration.conftest import make_tenant, text_message
from tests.resilience.queue_races import Leavers, Rush, judge, try_to_take


@pytest.fixture(params=backends())
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on each backend."""
    with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


def assert_everybody_is_served_in_turn(database: Database, agents: int, customers: int) -> None:
    rush = Rush(database, make_tenant(database, "kilap", "1000001"), agents, customers)
    rush.run()
    verdict = judge(rush)
    assert (verdict.overtaken, verdict.doubled, rush.over_capacity) == ([], [], [])
    assert verdict.served + len(rush.left) == customers
    assert rush.left


@pytest.mark.timeout(120)
def test_everybody_is_served_once_and_in_turn(database: Database) -> None:
    assert_everybody_is_served_in_turn(database, agents=6, customers=40)


def test_the_place_is_right_after_each_who_leaves(database: Database) -> None:
    rush = Rush(database, make_tenant(database, "kilap", "1000001"), agents=1, customers=12)
    rush._prepare()
    chats = [rush._queue_up(number, rush.divisions[0]) for number in range(12)]
    leavers = Leavers(rush)
    leavers.ask(chats)
    assert leavers.wrong == []


def assert_one_of_many_has_it(database: Database, people: int) -> None:
    tenant = make_tenant(database, "kilap", "1000001")
    chat = accept(database, tenant.whatsapp, text_message("halo")).conversation_id
    with database.tenant(tenant.id) as session:
        staff = [
            Staff(email=f"p{number}@kilap.example", name=f"Person {number}", password_hash="-", roles=["agent"])
            for number in range(people)
        ]
        session.add_all(staff)
        session.flush()
        names = {one.id: one.name for one in staff}
    with ThreadPoolExecutor(40) as pool:
        told = dict(
            zip(
                names,
                pool.map(lambda who: try_to_take(lambda: take_over(database, tenant.id, chat, who)), names),
                strict=True,
            )
        )
    (winner,) = [who for who, said in told.items() if said is None]
    assert {said for said in told.values() if said} == {f"{names[winner]} has this conversation"}


def test_of_two_hundred_who_take_over_one_wins_and_the_others_are_told_who(database: Database) -> None:
    assert_one_of_many_has_it(database, people=200)

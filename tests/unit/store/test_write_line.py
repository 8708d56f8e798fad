"""Writers of one process take turns: in the order of their coming, and nobody is passed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from ramah.store import Database
from ramah.store.write_line import WriteLine
from tests.stack import wait_for

PATIENCE = 20.0


@contextmanager
def held(line: WriteLine) -> Iterator[threading.Event]:
    """Somebody else has the turn until the event is set, or the test is over."""
    has, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with line.turn(PATIENCE):
            has.set()
            may_go.wait(PATIENCE)

    holder = threading.Thread(target=hold)
    holder.start()
    assert has.wait(PATIENCE)
    yield may_go
    may_go.set()
    holder.join()


def test_turns_come_in_the_order_of_coming() -> None:
    line, order, threads = WriteLine(), list[int](), list[threading.Thread]()

    def write(number: int) -> None:
        with line.turn(PATIENCE):
            order.append(number)

    with held(line) as may_go:
        for number in range(8):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            wait_for(lambda: len(line._waiting) == len(threads), "they stand in line", PATIENCE)
        may_go.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert order == list(range(8))


def test_a_thread_whose_turn_it_is_may_come_again() -> None:
    line = WriteLine()
    with line.turn(PATIENCE), line.turn(PATIENCE):
        pass
    assert not line._taken


def test_who_has_no_patience_left_goes_on_and_leaves_the_line_as_it_was() -> None:
    line = WriteLine()
    with held(line):
        with line.turn(0.01):
            assert line._taken
        assert not line._waiting
    assert not line._taken


def test_an_error_within_a_turn_ends_it() -> None:
    line = WriteLine()
    try:
        with line.turn(PATIENCE):
            raise LookupError
    except LookupError:
        pass
    assert not line._taken


def test_sixty_threads_write_to_one_file_and_none_is_told_that_it_is_locked(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'crowd.db'}?synchronous=off")
    with database.every_organisation() as session:
        session.execute(text("CREATE TABLE marks (number INTEGER)"))
    failed: list[OperationalError] = []

    def write(number: int) -> None:
        try:
            for _ in range(5):
                with database.every_organisation() as session:
                    session.execute(text("INSERT INTO marks VALUES (:number)"), {"number": number})
        except OperationalError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.every_organisation_reading() as session:
        assert session.scalar(text("SELECT count(*) FROM marks")) == 300
    database.close()
    assert failed == []

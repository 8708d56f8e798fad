"""One running stack for all conversations of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from ramah.people import Outlet
from ramah.store import Database
from tests.databases import backends
from tests.stack import Stack, fresh_url

ROOM = 20
"""Visits at the same time."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """All processes, on PostgreSQL where there is one."""
    folder: Path = tmp_path_factory.mktemp("stack")
    with fresh_url(backends()[-1], folder) as url:
        running = Stack(folder, url)
        running.start()
        _make_room(running.database)
        try:
            yield running
        finally:
            running.stop()


def _make_room(database: Database) -> None:
    """Enough bays and crews for all: who meets whom on a day depends on the date on which the tests run."""
    with database.every_organisation() as session:
        session.execute(update(Outlet).where(Outlet.crews > 0).values(crews=ROOM))
        session.execute(update(Outlet).where(Outlet.bays > 0).values(bays=ROOM))

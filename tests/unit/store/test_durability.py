"""How long an SQLite commit waits: for the disk, unless the URL gives that up."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from ramah.lib.errors import BadInput
from ramah.store import Database

WAYS = {"": 2, "?synchronous=normal": 1, "?synchronous=OFF": 0}
"""What follows the file's name, and SQLite's number for it."""


@pytest.mark.parametrize("query", WAYS)
def test_a_commit_waits_for_the_disk_unless_the_url_says_otherwise(tmp_path: Path, query: str) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ramah.db'}{query}")
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == WAYS[query]
    database.close()
    assert (tmp_path / "ramah.db").exists()


def test_a_durability_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="full, normal, off"):
        Database(f"sqlite:///{tmp_path / 'ramah.db'}?synchronous=sometimes")

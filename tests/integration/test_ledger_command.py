"""`ramah ledger` at the terminal."""

from __future__ import annotations

import json

import pytest

from ramah.cli.ledger import show
from ramah.lib.errors import BadInput, NotFound
from ramah.settings import settings
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.days import all_rows, live_through, tables, take_away, today


@pytest.fixture
def at_the_terminal(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the test's database."""
    url = database.engine.url.render_as_string(hide_password=False)
    changed = settings().model_copy(update={"database_url": url.replace("postgresql+psycopg2", "postgresql")})
    monkeypatch.setattr("ramah.cli.ledger.settings", lambda: changed)


@pytest.mark.usefixtures("at_the_terminal")
def test_the_command_fails_when_anything_is_missing(
    database: Database, kilap: Tenant, stranger: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    live_through(database, kilap)
    day = today().isoformat()
    assert show(day, None, as_json=False) == 0
    capsys.readouterr()
    (notes,) = (t for t in tables() if t.name == "thread_notes")
    take_away(database, notes, all_rows(database, notes)[0])
    assert show(day, None, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["missing"], [one["counts"]["missing"] for one in told["organisations"]]) == (1, [1, 0])
    assert show(day, "kilap", as_json=False) == 1
    assert told["organisations"][0]["missing"][0]["id"] in capsys.readouterr().out
    assert show(day, "stranger", as_json=False) == 0


@pytest.mark.usefixtures("at_the_terminal", "kilap")
def test_the_command_refuses_what_it_does_not_know() -> None:
    with pytest.raises(BadInput, match="no date"):
        show("yesterday", None, as_json=False)
    with pytest.raises(NotFound, match="nobody"):
        show(None, "nobody", as_json=False)

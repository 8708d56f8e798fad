"""The indexes of words are made where they are missing, go away with their migration, and a search works without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from alembic import command
from sqlalchemy import text

from ramah.cli.tables import metadata
from ramah.desk.inbox_list import list_page
from ramah.desk.list_filters import Filter
from ramah.messaging.models import Conversation
from ramah.store import Database, trigram_index
from ramah.store.migrate import _config, differences, upgrade
from ramah.store.trigrams import rows_with
from tests.databases import backends, fresh_url
from tests.integration.conftest import Tenant, make_tenant
from tests.integration.desk.test_word_search import add

OURS = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name LIKE 'words_of_%'",
    "postgresql": "SELECT count(*) FROM pg_class WHERE relname LIKE 'words_of_%'",
}


@pytest.fixture(params=backends())
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database that nobody else gets afterwards."""
    with fresh_url(request.param, tmp_path) as url:
        database = Database(url)
        upgrade(database, metadata())
        try:
            yield database
        finally:
            database.close()


def count(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text(OURS[connection.dialect.name])).scalar_one())


def downgrade(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(_config(connection, metadata()), "0016")


def found(database: Database, tenant: Tenant, search: str) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [item.conversation.id for item in list_page(session, tenant.alice, Filter(search=search), None).items]


def test_down_and_up_again_with_rows_in_the_tables(own: Database) -> None:
    kilap = make_tenant(own, "kilap", "1000001")
    before, (_, first) = count(own), add(own, kilap, "lama sekali")
    downgrade(own)
    assert count(own) == 0 and found(own, kilap, "lama sekali") == [first]
    _, second = add(own, kilap, "baru sekali")
    upgrade(own, metadata())
    assert count(own) == before > 0
    with own.tenant_reading(kilap.id) as session:
        assert rows_with(session, Conversation, "lama sekali") == [first]
        assert rows_with(session, Conversation, "baru sekali") == [second]


def test_models_and_database_agree_with_the_indexes_in_it(own: Database) -> None:
    assert count(own) > 0
    assert differences(own, metadata()) == []


def test_an_index_that_is_whole_is_not_made_again(own: Database) -> None:
    with own.engine.begin() as connection:
        sent: list[str] = []
        original = connection.exec_driver_sql

        def note(statement: str, *rest: Any) -> Any:
            sent.append(statement)
            return original(statement, *rest)

        connection.exec_driver_sql = note  # type: ignore[method-assign, assignment]
        trigram_index.keep(connection, metadata())
    assert len(sent) == 2 and all(statement.startswith("SELECT") for statement in sent)


def test_triggers_that_a_rewritten_table_lost_come_back_with_all_rows(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'own.db'}")
    upgrade(database, metadata())
    kilap = make_tenant(database, "kilap", "1000001")
    with database.engine.begin() as connection:
        for ending in trigram_index.TRIGGERS:
            connection.execute(text(f"DROP TRIGGER words_of_conversations_{ending}"))
    _, unseen = add(database, kilap, "lewat tanpa pemicu")
    assert found(database, kilap, "tanpa pemicu") == []
    upgrade(database, metadata())
    assert found(database, kilap, "tanpa pemicu") == [unseen]
    database.close()


def test_where_the_index_cannot_be_made_a_warning_says_why_and_searches_work(
    own: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kilap = make_tenant(own, "kilap", "1000001")
    _, talk = add(own, kilap, "tetap ketemu")
    downgrade(own)
    with own.engine.begin() as connection:
        _make_impossible(connection, monkeypatch)
        with structlog.testing.capture_logs() as logs:
            trigram_index.keep(connection, metadata())
        connection.rollback()
    assert [line["event"] for line in logs] == ["search_reads_all_rows"] * 2
    assert count(own) == 0
    again = Database(own.engine.url.render_as_string(hide_password=False))
    assert found(again, kilap, "tetap ketemu") == [talk]
    again.close()


def _make_impossible(connection: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that may not create extensions; an SQLite without FTS5's trigrams."""
    if connection.dialect.name == "sqlite":
        monkeypatch.setattr(
            trigram_index,
            "_make_tables",
            lambda _table: iter(["CREATE VIRTUAL TABLE words_of_x USING fts5(words, tokenize='trigram_missing')"]),
        )
        monkeypatch.setattr(trigram_index, "CANNOT_BE_MADE", ("no such tokenizer: trigram_missing",))
        return
    connection.execute(text("DROP EXTENSION pg_trgm CASCADE"))
    connection.execute(text("CREATE ROLE ramah_test_weak"))
    connection.execute(text("SET LOCAL ROLE ramah_test_weak"))

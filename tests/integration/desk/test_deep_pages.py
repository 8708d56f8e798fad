"""A page far down is entered by the index: what stands above it is not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from ramah.desk.contact_book import find_contacts
from ramah.desk.inbox_list import list_page
from ramah.desk.list_filters import Filter
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.desk.test_word_search import add


def plans(database: Database, session: Session, step: Callable[[], object]) -> str:
    """How SQLite reads what the step asks for."""
    sent: list[tuple[str, object]] = []

    def note(*about: Any) -> None:
        sent.append((about[2], about[3]))

    event.listen(database.engine, "before_cursor_execute", note)
    step()
    event.remove(database.engine, "before_cursor_execute", note)
    driver = session.connection().connection.driver_connection
    assert driver is not None
    selects = [(words, values) for words, values in list(sent) if words.startswith("SELECT")]
    return " ".join(
        row[3] for words, values in selects for row in driver.execute(f"EXPLAIN QUERY PLAN {words}", values)
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_far_down_is_entered_by_the_index(database: Database, kilap: Tenant) -> None:
    contact_id, talk_id = add(database, kilap)
    with database.tenant_reading(kilap.id) as session:
        cursor = f"1790000000000000.{talk_id}"
        listed = plans(database, session, lambda: list_page(session, kilap.alice, Filter(), cursor))
        booked = plans(database, session, lambda: find_contacts(session, "", contact_id))
    assert "ix_conversations_list (organisation_id=? AND last_activity_at<?)" in listed
    assert "ix_contacts_latest (organisation_id=? AND created_at<?)" in booked

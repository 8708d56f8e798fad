"""Words inside of columns are found in capital and small letters, and every sign of them stands for itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ramah.people import Contact
from ramah.store import Database
from ramah.store.words import holds
from tests.integration.conftest import Tenant

NAMES = ("Budi 100%", "Budi 100x", "a_b", "axb", "dan/atau", None)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BUDI", {"Budi 100%", "Budi 100x"}),
        ("100%", {"Budi 100%"}),
        ("a_b", {"a_b"}),
        ("N/A", {"dan/atau"}),
        ("'", set()),
    ],
)
def test_words_are_found_as_they_stand(database: Database, kilap: Tenant, words: str, found: set[str]) -> None:
    with database.tenant(kilap.id) as session:
        session.add_all(Contact(profile_name=name) for name in NAMES)
    with database.tenant_reading(kilap.id) as session:
        assert set(session.scalars(select(Contact.profile_name).where(holds(Contact.profile_name, words)))) == found

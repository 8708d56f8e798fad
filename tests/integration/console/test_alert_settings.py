"""The page of alerts: each administrator's own switches, the amount of all, a test; and the banner that obeys it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from ramah.messaging.alerts import open_alert
from ramah.people import Staff
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import StaffMember, logged_in

PAGE = "/console/alerts/settings"


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """Bob, who administers."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.bob).roles = ["admin"]
    member = logged_in(console, database, kilap.id, kilap.bob)
    with closing(member.client):
        yield member


def test_switches_are_kept_and_the_banner_obeys_them(
    admin: StaffMember, alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    with database.tenant(kilap.id) as session:
        open_alert(session, "connection_lost", "a-1", {"name": "Nomor toko"})
        open_alert(session, "person_asked", "c-1.0", {"name": "Siti"})
    assert "Nomor toko" in admin.get("/console/alerts").text and "Siti" not in admin.get("/console/alerts").text
    kept = admin.post(PAGE, {"person_asked-console": "1", "incident-mail": "1", "amount": "3.000.000"})
    assert kept.headers["location"] == f"{PAGE}?done=saved"
    shown = admin.get(PAGE).text
    assert shown.count(" checked") == 2 and 'value="3000000"' in shown
    banner = admin.get("/console/alerts").text
    assert "Siti" in banner and "Nomor toko" not in banner
    assert "Nomor toko" in alice.get("/console/alerts").text, "colleagues see what is wrong with the platform"
    assert "Siti" not in alice.get("/console/alerts").text


@pytest.mark.parametrize("amount", ["", "0", "-1", "abc", "9" * 16])
def test_an_amount_that_is_none_changes_nothing(admin: StaffMember, amount: str) -> None:
    assert admin.post(PAGE, {"amount": amount}).status_code == 400
    assert admin.get(PAGE).text.count(" checked") == 8, "the switches are as they were"


def test_a_test_is_seen_by_whoever_asked_for_it(admin: StaffMember, alice: StaffMember) -> None:
    assert admin.post(f"{PAGE}/test").status_code == 303
    assert "This is how an alert looks" in admin.get("/console/alerts").text
    assert "This is how an alert looks" not in alice.get("/console/alerts").text

"""The ledger's page, its JSON, and the banner of open alerts: what they show, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from ramah.messaging.alerts import open_alert
from ramah.messaging.ledger import keep
from ramah.messaging.models import Alert, LedgerDay
from ramah.people import Staff
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything, rows_of
from tests.integration.console.served import ServedConsole
from tests.integration.console.test_headers import INLINE
from tests.integration.console.visitors import StaffMember, logged_in
from tests.integration.days import all_rows, live_through, proof_of, tables, take_away, today

PAGES = ("/console/ledger", "/api/ledger")
HTMX = {"hx-request": "true"}


def member_with(console: ServedConsole, database: Database, tenant: Tenant, role: str) -> StaffMember:
    with database.tenant(tenant.id) as session:
        person = Staff(email=f"{role}@{tenant.id}.example", name=role, password_hash="-", roles=["agent", role])
        session.add(person)
    return logged_in(console, database, tenant.id, person.id)


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """An administrator of the first organisation."""
    member = member_with(console, database, kilap, "admin")
    with closing(member.client):
        yield member


@pytest.fixture
def supervisor(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """A supervisor of the first organisation."""
    member = member_with(console, database, kilap, "supervisor")
    with closing(member.client):
        yield member


@pytest.fixture
def outsider(console: ServedConsole, database: Database, stranger: Tenant) -> Iterator[StaffMember]:
    """An administrator of another organisation, who must see nothing of the first."""
    member = member_with(console, database, stranger, "admin")
    with closing(member.client):
        yield member


@pytest.fixture
def broken_day(database: Database, kilap: Tenant) -> str:
    """Yesterday and today are kept, today with something missing; returns what is missing."""
    keep(database, proof_of(database, kilap, today() - timedelta(days=1)))
    live_through(database, kilap)
    (notes,) = (table for table in tables() if table.name == "thread_notes")
    take_away(database, notes, all_rows(database, notes)[0])
    proof = proof_of(database, kilap)
    keep(database, proof)
    return proof.missing[0].id


@pytest.fixture
def alert_id(database: Database, kilap: Tenant) -> str:
    """An open alert of the first organisation."""
    with database.tenant(kilap.id) as session:
        facts = {"name": "<b>Phone</b>", "since": "2026-03-04T05:00:00+00:00", "trouble": "no answer"}
        open_alert(session, "connection_lost", "account-1", facts, "https://wa.me/62811")
    return next(row.id for row in rows_of(database, Alert) if row.kind == "connection_lost")


def test_nobody_sees_the_ledger_without_logging_in(anybody: httpx.Client, database: Database, kilap: Tenant) -> None:
    before = everything(database)
    page = anybody.get("/console/ledger")
    assert (page.status_code, page.headers["location"]) == (302, "/login?next=/console/ledger")
    assert anybody.get("/console/alerts").status_code == 302
    assert anybody.get("/console/alerts", headers=HTMX).status_code == 401
    assert anybody.get("/api/ledger").status_code == 401
    assert anybody.post("/console/ledger/check").status_code == 401
    assert anybody.post("/console/alerts/x/close").status_code == 401
    assert everything(database) == before


def test_the_ledger_is_for_administrators_and_supervisors(
    alice: StaffMember, admin: StaffMember, supervisor: StaffMember
) -> None:
    for path in PAGES:
        assert alice.get(path).status_code == 403
        assert [person.get(path).status_code for person in (admin, supervisor)] == [200, 200]
    assert alice.post("/console/ledger/check").status_code == 403
    assert supervisor.post("/console/ledger/check").status_code == 200


def test_a_check_without_the_right_csrf_token_is_refused(admin: StaffMember, alert_id: str, database: Database) -> None:
    before = everything(database)
    for path in ("/console/ledger/check", f"/console/alerts/{alert_id}/close"):
        for token in ("", "wrong"):
            assert admin.client.post(path, data={}, headers={"x-csrf-token": token}).status_code == 403
    assert everything(database) == before


def test_the_page_says_when_no_night_has_passed(admin: StaffMember) -> None:
    page = admin.get("/console/ledger").text
    assert "No night has passed yet" in page
    assert "ledger-days" not in page


def test_the_page_shows_the_days_and_names_what_is_missing(admin: StaffMember, broken_day: str) -> None:
    page = admin.get("/console/ledger").text
    assert page.count('<th scope="row">') == 2
    assert page.count("data-broken") == 1
    assert f"thread {broken_day}" in page
    assert 'data-part="answered"' in page
    assert not INLINE.search(page)


def test_an_outsider_sees_and_changes_nothing(
    outsider: StaffMember, admin: StaffMember, broken_day: str, alert_id: str, database: Database
) -> None:
    day = today().isoformat()
    before = everything(database)
    assert broken_day not in outsider.get("/console/ledger").text
    told = outsider.get("/api/ledger", params={"day": day}).json()
    assert (told["organisation"], told["counts"]["messages_in"], told["missing"]) == ("stranger", 0, [])
    assert outsider.get("/console/alerts").text.strip() == ""
    assert outsider.post(f"/console/alerts/{alert_id}/close").status_code == 404
    assert "0 missing" not in outsider.post("/console/ledger/check").text
    assert everything(database) == before


def test_today_is_checked_as_far_as_it_has_come_and_not_kept(
    admin: StaffMember, database: Database, kilap: Tenant
) -> None:
    live_through(database, kilap)
    answer = admin.post("/console/ledger/check")
    assert "so far" in answer.text and "Nothing is missing" in answer.text
    assert "<html" not in answer.text
    assert not INLINE.search(answer.text)
    assert rows_of(database, LedgerDay) == []
    (notes,) = (table for table in tables() if table.name == "thread_notes")
    take_away(database, notes, all_rows(database, notes)[0])
    answer = admin.post("/console/ledger/check")
    assert "1 missing" in answer.text and 'data-whole="no"' in answer.text


def test_a_day_that_is_over_is_checked_again_and_kept(admin: StaffMember, database: Database) -> None:
    day = (today() - timedelta(days=1)).isoformat()
    form = {"csrf_token": admin.csrf, "day": day}
    for _ in range(2):
        page = admin.client.post("/console/ledger/check", data=form)
        assert page.status_code == 200 and "<html" in page.text
    assert [row.day.isoformat() for row in rows_of(database, LedgerDay)] == [day]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "9999-01-01"])
def test_what_is_no_day_is_refused(admin: StaffMember, database: Database, day: str) -> None:
    assert admin.post("/console/ledger/check", {"day": day}).status_code == 400
    if day != "9999-01-01":
        assert admin.get("/api/ledger", params={"day": day}).status_code == 400
    assert rows_of(database, LedgerDay) == []


def test_a_database_that_does_not_answer_is_said_in_plain_words(
    admin: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("console.ledger.views.prove_day", fail)
    answer = admin.post("/console/ledger/check")
    assert 'role="alert"' in answer.text and "nothing could be checked" in answer.text
    assert "gone" not in answer.text


def test_programs_read_a_day_kept_or_as_it_stands(
    admin: StaffMember, broken_day: str, database: Database, kilap: Tenant
) -> None:
    kept = admin.get("/api/ledger", params={"day": today().isoformat()}).json()
    assert (kept["kept"], kept["counts"]["missing"], kept["missing"][0]["id"]) == (True, 1, broken_day)
    yesterday = admin.get("/api/ledger").json()
    assert (yesterday["day"], yesterday["kept"]) == ((today() - timedelta(days=1)).isoformat(), True)
    older = admin.get("/api/ledger", params={"day": "2026-01-01"}).json()
    assert (older["kept"], older["counts"]["missing"]) == (False, 0)


def test_everybody_of_the_organisation_sees_an_open_alert_as_text(
    alice: StaffMember, admin: StaffMember, alert_id: str
) -> None:
    for person, closes in ((alice, False), (admin, True)):
        banner = person.get("/console/alerts", headers=HTMX)
        assert banner.status_code == 200
        assert "&lt;b&gt;Phone&lt;/b&gt; is not connected" in banner.text
        assert 'href="https://wa.me/62811"' in banner.text
        assert (f"/console/alerts/{alert_id}/close" in banner.text) is closes
        assert not INLINE.search(banner.text)


def test_each_page_of_the_console_has_the_place_for_alerts(alice: StaffMember, anybody: httpx.Client) -> None:
    for path in ("/console", "/console/ledger", "/nowhere"):
        page = alice.get(path, headers={"accept": "text/html"}).text
        assert ('id="alerts"' in page and "/static/console/alerts.js" in page) is (path != "/nowhere"), path
    assert 'id="alerts"' not in anybody.get("/login").text
    for file in ("alerts.js", "alerts.css", "ledger.css"):
        assert anybody.get(f"/static/console/{file}").status_code == 200


def test_an_administrator_closes_an_alert_and_nobody_else(
    alice: StaffMember, admin: StaffMember, alert_id: str, database: Database
) -> None:
    path = f"/console/alerts/{alert_id}/close"
    assert alice.post(path).status_code == 403
    assert admin.post("/console/alerts/none/close").status_code == 404
    assert rows_of(database, Alert)[0].closed_at is None
    assert [admin.post(path).status_code for _ in range(2)] == [204, 204]
    assert rows_of(database, Alert)[0].closed_at is not None
    assert admin.get("/console/alerts").text.strip() == ""


def test_a_link_that_no_browser_should_follow_is_left_out(
    alice: StaffMember, database: Database, kilap: Tenant
) -> None:
    with database.tenant(kilap.id) as session:
        open_alert(session, "other", "x", "y", "javascript:alert(1)")
    banner = alice.get("/console/alerts").text
    assert "Needs attention: x" in banner and "javascript" not in banner

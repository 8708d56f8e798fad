"""The page of the bot's hours and its JSON routes: what they do, and who may not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import Owner
from ramah.messaging.hours.managing import read_page
from ramah.people import Staff
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything
from tests.integration.console.visitors import StaffMember

FORM = {
    "enabled": "1",
    "zone": "Asia/Makassar",
    "tells": "1",
    "day-0-opens": "8",
    "day-0-closes": "1230",
    "day-6-opens": "20.00",
    "day-6-closes": "06:00",
    "special-day": "2026-12-24",
    "special-name": "Malam Natal",
    "special-hours": "9-12, 13:00–15:00",
    "message-id": "Kami tutup, buka {opens}",
}
WINDOW = {"day_of_week": 1, "start_time": "08:00", "end_time": "24:00"}


def grant(database: Database, tenant: Tenant, staff_id: str, role: str) -> None:
    with database.tenant(tenant.id) as session:
        session.get_one(Staff, staff_id).roles = [role]


@pytest.fixture
def supervisor(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    """Alice, who manages hours."""
    grant(database, kilap, alice.id, "supervisor")
    return alice


@pytest.fixture
def foreigner(charlie: StaffMember, database: Database, stranger: Tenant) -> StaffMember:
    """Charlie, who administers another organisation."""
    grant(database, stranger, charlie.id, "admin")
    return charlie


def send(member: StaffMember, method: str, path: str, body: Any = None) -> httpx.Response:
    return member.client.request(method, path, json=body, headers={"x-csrf-token": member.csrf})


PAGES = ["/console/hours", "/console/hours?bot=default"]
POSTS = ["bots/default", "bots/default/default", "preview", "holidays", "mode"]
CALLS = [
    ("GET", "/api/app/chatbot/bots/default/schedules", None),
    ("PUT", "/api/app/chatbot/bots/default/schedules", {"schedule_enabled": True}),
    ("POST", "/api/app/chatbot/bots/default/schedules", WINDOW),
    ("PUT", "/api/app/chatbot/schedules/1", WINDOW),
    ("DELETE", "/api/app/chatbot/schedules/1", None),
]


@pytest.mark.parametrize("path", PAGES)
def test_a_colleague_without_the_permission_does_not_see_the_page(
    anybody: httpx.Client, bob: StaffMember, path: str
) -> None:
    assert anybody.get(path).status_code == 302
    assert bob.get(path).status_code == 403
    assert "/console/hours" not in bob.get("/console").text


@pytest.mark.parametrize("path", POSTS)
def test_nor_changes_anything(
    anybody: httpx.Client, bob: StaffMember, supervisor: StaffMember, database: Database, path: str
) -> None:
    before = everything(database)
    address = f"/console/hours/{path}"
    assert anybody.post(address, data=FORM).status_code == 401
    assert bob.post(address, FORM).status_code == 403
    assert supervisor.client.post(address, data=FORM).status_code == 403  # no token
    assert everything(database) == before


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_programs_without_the_permission_change_nothing(
    anybody: httpx.Client,
    bob: StaffMember,
    supervisor: StaffMember,
    database: Database,
    method: str,
    path: str,
    body: Any,
) -> None:
    before = everything(database)
    assert anybody.request(method, path, json=body).status_code == 401
    assert send(bob, method, path, body).status_code == 403
    if method != "GET":
        assert supervisor.client.request(method, path, json=body).status_code == 403
    assert everything(database) == before


def test_another_organisation_reaches_no_bot_of_ours(
    foreigner: StaffMember, supervisor: StaffMember, database: Database, kilap: Tenant
) -> None:
    added = send(supervisor, "POST", f"/api/app/chatbot/bots/{kilap.whatsapp.id}/schedules", WINDOW).json()
    before = everything(database)
    ours = f"/api/app/chatbot/bots/{kilap.whatsapp.id}/schedules"
    for method, path, body in [
        ("GET", ours, None),
        ("PUT", ours, {"schedule_enabled": True}),
        ("POST", ours, WINDOW),
        ("PUT", f"/api/app/chatbot/schedules/{added['id']}", WINDOW),
        ("DELETE", f"/api/app/chatbot/schedules/{added['id']}", None),
    ]:
        assert send(foreigner, method, path, body).status_code == 404
    assert foreigner.get(f"/console/hours?bot={kilap.whatsapp.id}").status_code == 404
    assert foreigner.post(f"/console/hours/bots/{kilap.whatsapp.id}", FORM).status_code == 404
    assert everything(database) == before


def test_a_supervisor_saves_a_week_and_sees_it_again(
    supervisor: StaffMember, database: Database, kilap: Tenant
) -> None:
    saved = supervisor.post(f"/console/hours/bots/{kilap.whatsapp.id}", FORM)
    assert saved.status_code == 204
    page = supervisor.get(saved.headers["hx-redirect"]).text
    assert "Saved." in page
    for value in ("08:00", "12:30", "20:00", "06:00", "09:00-12:00, 13:00-15:00", "Malam Natal", "Kami tutup"):
        assert value in page
    kept = read_page(database, Owner(kilap.id, kilap.whatsapp.id)).kept
    assert kept.own
    assert (kept.plan.zone, kept.plan.needs_human) == ("Asia/Makassar", False)
    assert not read_page(database, Owner(kilap.id)).kept.own


def test_the_default_is_used_again(supervisor: StaffMember, database: Database, kilap: Tenant) -> None:
    address = f"/console/hours/bots/{kilap.whatsapp.id}"
    supervisor.post(address, FORM)
    assert supervisor.client.post(f"{address}/default", data={"csrf_token": supervisor.csrf}).status_code == 303
    assert not read_page(database, Owner(kilap.id, kilap.whatsapp.id)).kept.own
    assert supervisor.post("/console/hours/bots/default/default").status_code == 400


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("day-0-opens", "25:00", "time"),
        ("day-0-opens", "soon", "is no time; write it as 08:30"),
        ("day-0-closes", "", "is no time"),
        ("zone", "Nowhere", "time zone is not known"),
        ("special-hours", "morning", "is no span of time"),
        ("special-day", "yesterday", "day"),
        ("message-id", "x" * 1001, "1000"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_nothing_is_saved(
    supervisor: StaffMember, database: Database, field: str, value: str, words: str
) -> None:
    before = everything(database)
    wrong = {**FORM, field: value}
    answer = supervisor.post("/console/hours/bots/default", wrong)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    preview = supervisor.post("/console/hours/preview", wrong)
    assert preview.status_code == 200
    assert "data-problem" in preview.text
    assert everything(database) == before


def test_the_preview_tells_the_state_and_the_words(supervisor: StaffMember, database: Database) -> None:
    before = everything(database)
    always = {"enabled": "1", "zone": "Asia/Jakarta", "tells": "1"}
    for day in range(7):
        always |= {f"day-{day}-opens": "00:00", f"day-{day}-closes": "24:00"}
    assert "Now open around the clock" in supervisor.post("/console/hours/preview", always).text
    never = supervisor.post("/console/hours/preview", {"enabled": "1", "zone": "Asia/Jakarta", "tells": "1"}).text
    assert "it never opens again" in never
    assert "di luar jam layanan" in never
    shown = supervisor.post("/console/hours/preview", {**FORM, "message-en": "<b>Bye</b> {organisation}"}).text
    assert "&lt;b&gt;Bye&lt;/b&gt; Kilap" in shown
    assert everything(database) == before


def test_public_holidays_come_with_one_press_and_what_was_set_by_hand_stays(supervisor: StaffMember) -> None:
    asked = {**FORM, "special-day": "2026-08-17", "holiday_country": "ID", "holiday_year": "2026"}
    rows = supervisor.post("/console/hours/holidays", asked).text
    assert rows.count('value="2026-08-17"') == 1
    assert 'value="2026-12-25"' in rows
    assert "Malam Natal" in rows
    assert supervisor.post("/console/hours/holidays", {**asked, "holiday_country": "SG"}).status_code == 400


def test_only_an_administrator_changes_the_mode(supervisor: StaffMember, database: Database, kilap: Tenant) -> None:
    assert supervisor.post("/console/hours/mode", {"mode": "off"}).status_code == 403
    assert "An administrator can change this." in supervisor.get("/console/hours").text
    grant(database, kilap, supervisor.id, "admin")
    assert supervisor.post("/console/hours/mode", {"mode": "drafts"}).status_code == 204
    assert read_page(database, Owner(kilap.id)).mode is BotMode.DRAFTS
    assert supervisor.post("/console/hours/mode", {"mode": "loud"}).status_code == 400


def test_the_page_speaks_the_languages_of_its_readers(
    supervisor: StaffMember, database: Database, kilap: Tenant
) -> None:
    for language, words in (("id", "Jam layanan"), ("ms", "Waktu operasi")):
        with database.tenant(kilap.id) as session:
            session.get_one(Staff, supervisor.id).language = language
        page = supervisor.get("/console/hours").text
        assert words in page
        assert "Special days" not in page


def test_programs_keep_schedules_by_the_names_of_the_plan(
    supervisor: StaffMember, database: Database, kilap: Tenant
) -> None:
    address = f"/api/app/chatbot/bots/{kilap.whatsapp.id}/schedules"
    added = send(supervisor, "POST", address, {"day_of_week": 0, "start_time": "20:00", "end_time": "06:00"})
    assert added.status_code == 201
    window = added.json()
    assert {name: window[name] for name in ("bot_id", "day_of_week", "start_time", "end_time", "is_active")} == {
        "bot_id": kilap.whatsapp.id, "day_of_week": 0, "start_time": "20:00", "end_time": "06:00", "is_active": True,
    }  # fmt: skip
    body = {"schedule_enabled": True, "timezone": "Asia/Kuala_Lumpur", "outside_hours_message": "Tutup"}
    told = send(supervisor, "PUT", address, body).json()
    assert told == send(supervisor, "GET", address).json()
    assert (told["schedule_enabled"], told["timezone"], told["outside_hours_messages"]) == (
        True, "Asia/Kuala_Lumpur", {"id": "Tutup"},
    )  # fmt: skip
    plan = read_page(database, Owner(kilap.id, kilap.whatsapp.id)).kept.plan
    assert [len(windows) for windows in plan.week] == [0, 0, 0, 0, 0, 0, 1]  # Sunday is 0 there and last here
    changed = send(supervisor, "PUT", f"/api/app/chatbot/schedules/{window['id']}", {**WINDOW, "is_active": False})
    assert (changed.json()["end_time"], changed.json()["is_active"]) == ("00:00", False)
    assert send(supervisor, "DELETE", f"/api/app/chatbot/schedules/{window['id']}").status_code == 204
    assert send(supervisor, "GET", address).json()["schedules"] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({**WINDOW, "day_of_week": 7}, "day_of_week"),
        ({**WINDOW, "start_time": "late"}, "start_time"),
        ({"start_time": "08:00", "end_time": "09:00"}, "day_of_week"),
        ({**WINDOW, "colour": "red"}, "colour"),
        ([], "."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_its_field(supervisor: StaffMember, body: Any, words: str) -> None:
    answer = send(supervisor, "POST", "/api/app/chatbot/bots/default/schedules", body)
    assert answer.status_code == 400
    assert words in answer.json()["message"]


def test_an_overlapping_schedule_is_refused(supervisor: StaffMember) -> None:
    address = "/api/app/chatbot/bots/default/schedules"
    assert send(supervisor, "POST", address, WINDOW).status_code == 201
    assert "begins before" in send(supervisor, "POST", address, WINDOW).json()["message"]
    assert len(send(supervisor, "GET", address).json()["schedules"]) == 1

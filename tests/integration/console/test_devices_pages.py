"""The pages about channels and linked phones: what they show and do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.channels.wording import words
from ramah.channels.content import LinkStatus
from ramah.messaging.devices import create_device, delete_device
from ramah.messaging.links import note_trouble
from ramah.messaging.models import ChannelAccount
from ramah.people import Staff
from ramah.store import Database, utc_now
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.integration.console.phones import ACCESS, HOME, NUMBER, form, promote, quiet_gateway, scan
from tests.integration.console.visitors import HTMX, StaffMember


@pytest.fixture
def gateway() -> Iterator[DeviceGateway]:
    with quiet_gateway() as running:
        yield running


@pytest.fixture
def admin(alice: StaffMember, database: Database, kilap: Tenant) -> StaffMember:
    promote(database, kilap.id, alice.id, "admin")
    return alice


@pytest.fixture
def phone(database: Database, kilap: Tenant, gateway: DeviceGateway) -> ChannelAccount:
    return create_device(database, kilap.id, "Branch KL", "neutral", gateway.url, ACCESS)


def test_an_administrator_links_a_phone(admin: StaffMember, database: Database, gateway: DeviceGateway) -> None:
    assert 'href="/console/channels"' in admin.get("/console").text
    assert words("en")["consent_3"] in admin.get(f"{HOME}/new").text
    made = admin.post(HOME, form(gateway))
    assert made.status_code == 303
    page = admin.get(made.headers["location"])
    assert page.status_code == 200
    assert 'src="data:image/png;base64,' in page.text
    assert re.search(r'data-until="[^"]+">\d+<', page.text)
    (account,) = [row for row in rows_of(database, ChannelAccount) if row.kind == "device"]
    scan(gateway, account)
    linked = admin.get(made.headers["location"], headers=HTMX)
    assert "<html" not in linked.text
    assert words("en")["linked_well"] in linked.text
    assert f"+{NUMBER}" in linked.text
    assert 'hx-trigger="every 15s"' in linked.text


def test_nothing_is_made_without_consent(admin: StaffMember, database: Database, gateway: DeviceGateway) -> None:
    answer = admin.post(HOME, form(gateway, consent=""))
    assert answer.status_code == 400
    assert words("en")["consent_needed"] in answer.text
    assert 'value="Branch KL"' in answer.text
    assert ACCESS["api_key"] not in answer.text
    assert gateway.phones.clients == {}


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"gateway": "pigeon"}, {"base_url": "ftp://x"}, {"base_url": "http://169.254.169.254/"}]
)
def test_what_cannot_be_is_said_on_the_form(admin: StaffMember, gateway: DeviceGateway, wrong: dict[str, str]) -> None:
    answer = admin.post(HOME, form(gateway, **wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert gateway.phones.clients == {}


def test_a_gateway_that_refuses_is_shown_on_the_phones_page(admin: StaffMember, gateway: DeviceGateway) -> None:
    made = admin.post(HOME, form(gateway, api_key="wrong"))
    assert made.status_code == 303
    page = admin.get(made.headers["location"]).text
    assert words("en")["new_qr"] in page
    assert "the gateway refused (401)" in page
    assert 'value="wrong"' not in page
    again = admin.post(f"{made.headers['location']}/qr")
    assert again.status_code == 409
    assert "The gateway refuses the key." in again.text


def test_after_the_last_code_the_page_asks_for_a_press(
    admin: StaffMember, database: Database, kilap: Tenant, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    gateway.phones.advance(1000)
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, phone.id).qr_expires_at = utc_now() - timedelta(seconds=1)
    ended = admin.get(f"{HOME}/{phone.id}").text
    assert "data:image/png" not in ended
    assert words("en")["new_qr"] in ended
    assert admin.post(f"{HOME}/{phone.id}/qr").status_code == 303
    assert "data:image/png" in admin.get(f"{HOME}/{phone.id}").text


def test_deleting_switches_the_channel_off(admin: StaffMember, phone: ChannelAccount, gateway: DeviceGateway) -> None:
    assert admin.post(f"{HOME}/{phone.id}/delete").status_code == 303
    assert gateway.phones.clients == {}
    page = admin.get(f"{HOME}/{phone.id}").text
    assert words("en")["removed"] in page
    assert 'hx-trigger="every 3s' not in page and 'hx-trigger="every 15s' not in page
    for act in ("qr", "reconnect"):
        assert admin.post(f"{HOME}/{phone.id}/{act}").status_code == 404


def test_a_gateway_that_is_away_is_said_on_every_way(admin: StaffMember, database: Database, kilap: Tenant) -> None:
    with quiet_gateway() as gone:
        account = create_device(database, kilap.id, "Branch KL", "neutral", gone.url, ACCESS)
    shown = admin.get(f"{HOME}/{account.id}")
    assert (shown.status_code, "The gateway does not answer as it should." in shown.text) == (200, True)
    assert "data:image/png" in shown.text
    for act in ("qr", "reconnect", "delete"):
        assert admin.post(f"{HOME}/{account.id}/{act}").status_code == 409
    assert not next(row for row in rows_of(database, ChannelAccount) if row.id == account.id).active


def test_programs_read_the_same(admin: StaffMember, phone: ChannelAccount, gateway: DeviceGateway) -> None:
    waiting = admin.get(f"/api/channels/devices/{phone.id}").json()
    assert (waiting["status"], waiting["best_effort"], waiting["needs_new_qr"]) == ("scan_qr", True, False)
    assert waiting["qr_code"].startswith("data:image/png;base64,")
    assert 0 < waiting["seconds_left"] <= 60
    scan(gateway, phone)
    linked = admin.get(f"/api/channels/devices/{phone.id}").json()
    assert (linked["status"], linked["qr_code"], linked["proved_by"]) == ("connected", None, "check")
    assert linked["fallback_url"] == f"https://wa.me/{NUMBER}"
    listed = {one["kind"]: one for one in admin.get("/api/channels").json()["channels"]}
    assert set(listed) == {"device", "webchat", "whatsapp"}
    assert (listed["device"]["link"], listed["device"]["best_effort"]) == ("connected", True)
    assert not listed["whatsapp"]["best_effort"]
    assert ACCESS["api_key"] not in str(listed)


def test_the_list_says_what_was_proved_and_what_is_wrong(
    admin: StaffMember, database: Database, kilap: Tenant, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    scan(gateway, phone)
    admin.get(f"{HOME}/{phone.id}")
    with database.tenant(kilap.id) as session:
        row = session.get_one(ChannelAccount, phone.id)
        row.link = LinkStatus.LOGGED_OUT
        note_trouble(row, "the account is logged out; <b>link it</b> again")
    page = admin.get("/console/channels").text
    assert words("en")["logged_out"] in page
    assert "&lt;b&gt;link it&lt;/b&gt;" in page
    assert f'href="https://wa.me/{NUMBER}"' in page
    assert words("en")["by_check"] in page
    assert words("en")["best_effort"] in page


def test_a_name_cannot_bring_markup_in(admin: StaffMember, gateway: DeviceGateway) -> None:
    made = admin.post(HOME, form(gateway, name="<script>alert(1)</script>"))
    for path in (made.headers["location"], "/console/channels"):
        assert "<script>alert" not in admin.get(path).text


@pytest.mark.parametrize("language", ["id", "ms"])
def test_the_pages_speak_the_readers_language(
    admin: StaffMember, database: Database, kilap: Tenant, phone: ChannelAccount, language: str
) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, admin.id).language = language
    said = words(language)
    assert said["channels_about"] in admin.get("/console/channels").text
    assert said["consent_2"] in admin.get(f"{HOME}/new").text
    assert said["scan_2"] in admin.get(f"{HOME}/{phone.id}").text


def test_every_word_is_in_every_language() -> None:
    english = words("en")
    assert words("xx") == english
    for language in ("id", "ms"):
        assert words(language).keys() == english.keys()
        assert all(word.strip() for word in words(language).values())


def test_a_deleted_phone_makes_room_for_its_name(
    admin: StaffMember, database: Database, kilap: Tenant, phone: ChannelAccount, gateway: DeviceGateway
) -> None:
    delete_device(database, kilap.id, phone.id)
    made = admin.post(HOME, form(gateway))
    assert made.status_code == 303
    assert not made.headers["location"].endswith(phone.id)
    assert words("en")["inactive"] in admin.get("/console/channels").text

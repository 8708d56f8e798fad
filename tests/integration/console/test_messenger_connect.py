"""The way to connect a Facebook page in the console: what an administrator sees, and that nobody else does anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from ramah.messaging.accounts import access_of, find_account
from ramah.settings import Settings
from ramah.store import Database
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import Member, PageOnFacebook
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.contents import everything
from tests.integration.console.messenger_login import (
    API,
    HOME,
    administrator,
    ask,
    back_from_facebook,
    connect,
    offer_to,
    pages_in,
    ticket_of,
)
from tests.integration.console.served import ServedConsole, client_of, served
from tests.integration.console.test_headers import INLINE
from tests.integration.console.visitors import StaffMember, logged_in

READS = (HOME, f"{HOME}/login", f"{HOME}/callback?code=c&state=s")
CHANGES = (f"{HOME}/pages", f"{HOME}/none/disconnect", f"{HOME}/none/late-answers", API)


@pytest.fixture
def facebook() -> Iterator[FacebookServer]:
    """Rani is logged in at Facebook and has two pages, one with a name that would break out of a page of ours."""
    with FacebookServer() as server:
        two = [PageOnFacebook(), PageOnFacebook(id="700200", name="<script>alert(1)</script>")]
        server.platform.log_in(Member(pages=two))
        yield server


@pytest.fixture
def config(facebook: FacebookServer) -> Settings:
    app = facebook.platform.app
    return settings_with(
        messenger_base_url=facebook.url, messenger_app_id=app.id, messenger_app_secret=SecretStr(app.secret)
    )


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Iterator[StaffMember]:
    """An administrator of the first organisation, who reads Indonesian."""
    member = administrator(console, database, kilap, "id")
    with closing(member.client):
        yield member


def test_an_administrator_connects_pages_and_sees_them(
    admin: StaffMember, database: Database, anybody: httpx.Client
) -> None:
    assert "Masuk dengan Facebook" in admin.get(HOME).text
    choice = admin.get(back_from_facebook(admin))
    assert (choice.status_code, choice.text.count('name="page_id"')) == (200, 2)
    assert connect(admin).status_code == 400
    assert pages_in(database) == []
    answer = connect(admin, "700100", "700200")
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    shown = admin.get(HOME).text
    assert "Kilap Auto" in shown
    (url,) = re.findall(r"<code>(http[^<]*/webhooks/messenger/[^<]+)</code>", shown)
    token = access_of(find_account(database, "messenger", url.rpartition("/")[2])).secrets["verify_token"]
    assert token in shown
    handshake = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "42"}
    assert anybody.get(urlsplit(url).path, params=handshake).text == "42"


def test_no_token_and_no_markup_of_facebook_reaches_the_browser(admin: StaffMember, database: Database) -> None:
    choice = admin.get(back_from_facebook(admin))
    connect(admin, "700100", "700200")
    secrets = [secret for account in pages_in(database) for secret in access_of(account).secrets.values()]
    tokens = [secret for secret in secrets if secret.startswith("EAA")]
    assert tokens
    for page in (choice, admin.get(HOME)):
        assert [token for token in tokens if token in page.text] == []
        assert "EAA" not in page.text
        assert "<script>alert" not in page.text
        assert INLINE.findall(page.text) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "belum terhubung ke Business Manager"),
        ("ms", "belum dipautkan ke Business Manager"),
        ("en", "not linked"),
    ],
)
def test_a_page_outside_the_business_manager_is_explained_in_the_readers_language(
    console: ServedConsole, database: Database, kilap: Tenant, facebook: FacebookServer, language: str, words: str
) -> None:
    facebook.platform.pages["700100"].subscription_code = 200
    member = administrator(console, database, kilap, language)
    with closing(member.client):
        answer = connect(member, "700100", "700200")
    assert answer.status_code == 400
    assert words in answer.text
    assert "https://business.facebook.com/settings/pages" in answer.text
    # The other page was connected all the same.
    assert [account.external_id for account in pages_in(database)] == ["700200"]


def test_an_ended_session_shows_the_login_button_again(admin: StaffMember, facebook: FacebookServer) -> None:
    ticket = ticket_of(admin.get(back_from_facebook(admin)))
    facebook.platform.tokens.revoke(463)
    answer = admin.post(f"{HOME}/pages", {"ticket": ticket, "page_id": "700100"})
    assert answer.status_code == 400
    assert 'data-reason="session"' in answer.text
    assert answer.text.count(f'href="{HOME}/login"') == 2


def test_coming_back_twice_or_without_consent_is_explained(admin: StaffMember, facebook: FacebookServer) -> None:
    back = back_from_facebook(admin)
    assert admin.get(back).status_code == 200
    assert 'data-reason="stale"' in admin.get(back).text
    facebook.platform.visitor = None
    assert 'data-reason="cancelled"' in admin.get(back_from_facebook(admin)).text


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=server_error", "?code=%F0&state=%F0"])
def test_an_odd_way_back_is_explained(admin: StaffMember, query: str) -> None:
    assert admin.get(f"{HOME}/callback{query}").status_code == 400


def test_a_disconnected_page_is_gone_from_the_list(
    admin: StaffMember, database: Database, facebook: FacebookServer
) -> None:
    connect(admin, "700100")
    (account,) = pages_in(database)
    answer = admin.client.post(f"{HOME}/{account.id}/disconnect", data={"csrf_token": admin.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert "Kilap Auto" not in admin.get(HOME).text
    assert facebook.platform.pages["700100"].fields == set()


def test_an_administrator_says_that_meta_granted_late_answers_and_takes_it_back(
    admin: StaffMember, database: Database
) -> None:
    connect(admin, "700100")
    (account,) = pages_in(database)
    for allowed, shown in (("1", "Kembali ke 24 jam"), ("0", "Meta sudah mengizinkan Human Agent")):
        fields = {"allowed": allowed, "csrf_token": admin.csrf}
        assert admin.client.post(f"{HOME}/{account.id}/late-answers", data=fields).status_code == 303
        (account,) = pages_in(database)
        assert account.options == {"human_agent_tag": allowed == "1"}
        assert shown in admin.get(HOME).text


def test_without_a_meta_app_the_page_says_how_to_set_one(
    database: Database, kilap: Tenant, facebook: FacebookServer
) -> None:
    with (
        served(settings_with(), database) as bare,
        closing(administrator(bare, database, kilap, "ms").client) as client,
    ):
        for path, status in ((HOME, 200), (f"{HOME}/login", 400)):
            answer = client.get(path)
            assert answer.status_code == status
            assert "RAMAH_MESSENGER_APP_ID" in answer.text
            assert f"{HOME}/callback" in answer.text


def test_a_program_connects_in_two_steps_or_one(admin: StaffMember, database: Database) -> None:
    offer = offer_to(admin)
    assert [page["id"] for page in offer["pages"]] == ["700100", "700200"]
    answer = ask(admin, {"ticket": offer["ticket"], "page_ids": ["700100"]})
    assert answer.json() == {"connected": [{"id": "700100", "name": "Kilap Auto"}], "failed": []}
    back = dict(httpx.QueryParams(back_from_facebook(admin).partition("?")[2]))
    answer = ask(admin, {**back, "page_ids": ["700200"]})
    assert [page["id"] for page in answer.json()["connected"]] == ["700200"]
    assert len(pages_in(database)) == 2


@pytest.mark.parametrize(
    ("code", "subcode", "error", "action"),
    [
        (200, None, "belum terhubung ke Business Manager", "link_to_bm"),
        (190, 460, "Sesi login Facebook sudah kedaluwarsa", "reauth"),
        (100, None, "Gagal menghubungkan page", None),
    ],
)
def test_a_program_is_told_what_to_offer(
    admin: StaffMember, facebook: FacebookServer, code: int, subcode: int | None, error: str, action: str | None
) -> None:
    offer = offer_to(admin)
    if subcode is None:
        facebook.platform.pages["700100"].subscription_code = code
    else:
        facebook.platform.tokens.revoke(subcode)
    answer = ask(admin, {"ticket": offer["ticket"], "page_ids": ["700100"]})
    told = answer.json()
    assert (answer.status_code, told["errorCode"], told["errorSubcode"]) == (400, code, subcode)
    assert (error in told["error"], told["actionRequired"]) == (True, action)
    assert told["helpUrl"].startswith("https://")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"page_ids": 5}', b'{"surprise": 1}', b"\xff"])
def test_a_program_that_is_not_understood_is_told_so(admin: StaffMember, body: bytes) -> None:
    assert admin.client.post(API, content=body, headers={"x-csrf-token": admin.csrf}).status_code == 400


@pytest.mark.parametrize(("role", "read", "change"), [(None, 302, 401), ("agent", 403, 403), ("supervisor", 403, 403)])
def test_nobody_else_may(
    console: ServedConsole, database: Database, kilap: Tenant, role: str | None, read: int, change: int
) -> None:
    member = administrator(console, database, kilap, "en", role) if role else StaffMember("-", client_of(console), "")
    before = everything(database)
    with closing(member.client):
        assert [member.get(path).status_code for path in READS] == [read] * len(READS)
        assert [member.post(path).status_code for path in CHANGES] == [change] * len(CHANGES)
    assert everything(database) == before


def test_a_change_without_the_csrf_token_changes_nothing(
    admin: StaffMember, database: Database, facebook: FacebookServer
) -> None:
    connect(admin, "700100")
    (account,) = pages_in(database)
    ticket = ticket_of(admin.get(back_from_facebook(admin)))
    before = everything(database)
    for token in ("", "wrong"):
        fields = {"ticket": ticket, "page_id": "700200", "csrf_token": token}
        assert admin.client.post(f"{HOME}/pages", data=fields).status_code == 403
        assert admin.client.post(f"{HOME}/{account.id}/disconnect", data={"csrf_token": token}).status_code == 403
        late = {"allowed": "1", "csrf_token": token}
        assert admin.client.post(f"{HOME}/{account.id}/late-answers", data=late).status_code == 403
        assert admin.client.post(API, json={}, headers={"x-csrf-token": token}).status_code == 403
    assert everything(database) == before


def test_an_outsider_sees_and_disconnects_nothing(
    admin: StaffMember, console: ServedConsole, database: Database, stranger: Tenant
) -> None:
    outsider = administrator(console, database, stranger, "en")
    connect(admin, "700100")
    (account,) = pages_in(database)
    ticket = ticket_of(admin.get(back_from_facebook(admin)))
    before = everything(database)
    assert "Kilap Auto" not in outsider.get(HOME).text
    assert outsider.get(back_from_facebook(admin)).status_code == 400
    assert outsider.post(f"{HOME}/{account.id}/disconnect").status_code == 404
    assert outsider.post(f"{HOME}/{account.id}/late-answers", {"allowed": "1"}).status_code == 404
    assert outsider.post(f"{HOME}/pages", {"ticket": ticket, "page_id": "700200"}).status_code == 400
    assert everything(database) == before
    assert connect(outsider, "700100").status_code == 400
    assert everything(database) == before
    outsider.client.close()


def test_the_old_login_ends_with_the_session(
    admin: StaffMember, console: ServedConsole, database: Database, kilap: Tenant
) -> None:
    back = back_from_facebook(admin)
    again = logged_in(console, database, kilap.id, admin.id)
    with closing(again.client):
        assert again.get(back).status_code == 400

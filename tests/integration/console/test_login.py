"""Logging in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import Morsel, SimpleCookie

import httpx
import pytest
from sqlalchemy import select

from console.security import COOKIE
from ramah.people import Staff, StaffSession
from ramah.people.passwords import hash_password
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.contents import count, rows_of
from tests.integration.console.served import client_of, served
from tests.integration.console.visitors import StaffMember, open_session

PASSWORD = "kuda lari cepat 7"
ALICE = "alice@kilap.example"
ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
]


@pytest.fixture(scope="module")
def password_hash() -> str:
    """The hash of the password, slow to make."""
    return hash_password(PASSWORD)


@pytest.fixture
def with_password(database: Database, kilap: Tenant, password_hash: str) -> str:
    """Alice may log in with the password; returns her id."""
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).password_hash = password_hash
    return kilap.alice


def form_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def try_login(client: httpx.Client, email: str, password: str, **more: str) -> httpx.Response:
    """Fill in the form and send it, as a person does."""
    token = form_token(client.get("/login").text)
    return client.post("/login", data={"csrf_token": token, "email": email, "password": password, **more})


def session_cookie(answer: httpx.Response) -> Morsel[str]:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return jar[COOKIE]


def without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=|"X-CSRF-Token": )"[^"]+"', "", page)


@pytest.mark.usefixtures("with_password")
def test_the_right_password_opens_the_inbox(anybody: httpx.Client) -> None:
    answer = try_login(anybody, " Alice@Kilap.example ", PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (302, "/console")
    assert anybody.get("/console").status_code == 200
    assert anybody.get("/login").headers["location"] == "/console"


@pytest.mark.usefixtures("with_password")
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(anybody: httpx.Client, database: Database) -> None:
    wrong = try_login(anybody, ALICE, "wrong")
    unknown = try_login(anybody, "nobody@kilap.example", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert without_token(wrong.text).replace(ALICE, "") == without_token(unknown.text).replace(
        "nobody@kilap.example", ""
    )
    assert COOKIE not in anybody.cookies
    assert count(database, StaffSession) == 0


@pytest.mark.usefixtures("kilap")
@pytest.mark.parametrize("email", ["", "\x00", "x" * 10_000, "' OR 1=1 --", "<script>alert(1)</script>@x"])
def test_strange_addresses_are_only_wrong(anybody: httpx.Client, email: str) -> None:
    answer = try_login(anybody, email, "\x00")
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text


@pytest.mark.usefixtures("with_password")
def test_after_five_tries_one_must_wait_and_is_told_how_long(anybody: httpx.Client) -> None:
    answers = [try_login(anybody, ALICE, "wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 5
    throttled = try_login(anybody, ALICE, PASSWORD)
    assert throttled.status_code == 429
    wait = int(throttled.headers["retry-after"])
    assert 1 <= wait <= 60
    assert f"Please wait {wait} seconds" in throttled.text
    assert COOKIE not in throttled.cookies


@pytest.mark.usefixtures("with_password")
def test_guessing_one_account_from_many_addresses_is_throttled_too(database: Database, kilap: Tenant) -> None:
    with served(settings_with(trusted_proxies=1), database) as console, client_of(console) as client:
        codes = []
        for number in range(6):
            client.headers["x-forwarded-for"] = f"203.0.113.{number}"
            codes.append(try_login(client, ALICE, "wrong").status_code)
    assert codes == [401] * 5 + [429]


@pytest.mark.usefixtures("kilap")
def test_a_forged_forwarding_header_does_not_help_a_guesser(anybody: httpx.Client) -> None:
    codes = []
    for number in range(6):
        anybody.headers["x-forwarded-for"] = f"203.0.113.{number}"
        codes.append(try_login(anybody, f"person{number}@kilap.example", "wrong").status_code)
    assert codes == [401] * 5 + [429]


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_the_form_needs_its_csrf_token(anybody: httpx.Client, database: Database, token: str | None) -> None:
    anybody.get("/login")
    fields = {"email": ALICE, "password": PASSWORD} | ({} if token is None else {"csrf_token": token})
    assert anybody.post("/login", data=fields).status_code == 403
    assert count(database, StaffSession) == 0


@pytest.mark.usefixtures("with_password")
def test_a_token_without_its_cookie_is_refused(anybody: httpx.Client, database: Database) -> None:
    token = form_token(anybody.get("/login").text)
    anybody.cookies.clear()
    fields = {"email": ALICE, "password": PASSWORD, "csrf_token": token}
    assert anybody.post("/login", data=fields).status_code == 403
    assert count(database, StaffSession) == 0


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize(("public_url", "secure"), [("https://ramah.example", True), ("http://127.0.0.1:8080", False)])
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    database: Database, public_url: str, secure: bool
) -> None:
    with served(settings_with(public_url=public_url), database) as console, client_of(console) as client:
        page = client.get("/login")
        login_cookie = page.headers["set-cookie"]
        cookies = {"ramah_login": page.cookies["ramah_login"]}
        fields = {"csrf_token": form_token(page.text), "email": ALICE, "password": PASSWORD}
        headers = {"cookie": f"ramah_login={cookies['ramah_login']}"}
        cookie = session_cookie(client.post("/login", data=fields, headers=headers))
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert bool(cookie["secure"]) is secure
    assert int(cookie["max-age"]) == 12 * 3600
    assert "HttpOnly" in login_cookie
    assert ("Secure" in login_cookie) is secure


@pytest.mark.usefixtures("with_password")
def test_only_the_hash_of_the_session_is_kept(anybody: httpx.Client, database: Database) -> None:
    token = session_cookie(try_login(anybody, ALICE, PASSWORD)).value
    (stored,) = rows_of(database, StaffSession)
    assert token not in (stored.token_hash, stored.csrf_token)


def test_logging_out_ends_the_session_for_good(alice: StaffMember, database: Database) -> None:
    stolen = alice.client.cookies[COOKIE]
    answer = alice.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (302, "/login")
    assert count(database, StaffSession) == 0
    alice.client.cookies.clear()
    alice.client.cookies.set(COOKIE, stolen)
    assert alice.get("/console").status_code == 302


def test_logging_out_leaves_colleagues_logged_in(alice: StaffMember, bob: StaffMember) -> None:
    alice.post("/logout")
    assert bob.get("/console").status_code == 200


def test_an_expired_session_is_none(anybody: httpx.Client, database: Database, kilap: Tenant) -> None:
    token, _ = open_session(database, kilap.id, kilap.alice, hours=-0.01)
    anybody.cookies.set(COOKIE, token)
    answer = anybody.get("/console")
    assert (answer.status_code, answer.headers["location"]) == (302, "/login?next=/console")


@pytest.mark.usefixtures("with_password")
def test_logging_in_clears_away_sessions_that_have_ended(
    anybody: httpx.Client, database: Database, kilap: Tenant
) -> None:
    open_session(database, kilap.id, kilap.alice, hours=-1)
    try_login(anybody, ALICE, PASSWORD)
    assert count(database, StaffSession) == 1


def test_next_cannot_leave_the_site(alice: StaffMember) -> None:
    for wanted in ELSEWHERE:
        answer = alice.get("/login", params={"next": wanted})
        assert (answer.status_code, answer.headers["location"]) == (302, "/console"), wanted


def test_the_form_does_not_carry_a_foreign_address(anybody: httpx.Client) -> None:
    for wanted in ELSEWHERE:
        assert 'name="next" value="/console"' in anybody.get("/login", params={"next": wanted}).text, wanted


@pytest.mark.usefixtures("with_password")
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/console/conversations/1?q=a", "/console/conversations/1?q=a"),
        ("//evil.example", "/console"),
        ("/\t/evil.example", "/console"),
    ],
)
def test_login_leads_to_where_one_wanted_to_go(anybody: httpx.Client, wanted: str, reached: str) -> None:
    assert try_login(anybody, ALICE, PASSWORD, next=wanted).headers["location"] == reached


@pytest.fixture
def demo(database: Database, kilap: Tenant) -> Iterator[httpx.Client]:
    """A browser at a console in demo mode."""
    with served(settings_with(demo=True), database) as console, client_of(console) as client:
        yield client


def test_the_demo_shows_its_accounts_and_only_the_demo(demo: httpx.Client, anybody: httpx.Client) -> None:
    assert ALICE in demo.get("/").text
    assert "Demo account" in demo.get("/login").text
    assert "Demo account" not in anybody.get("/login").text


def test_a_deleted_person_cannot_log_in(
    anybody: httpx.Client, database: Database, kilap: Tenant, with_password: str
) -> None:
    with database.tenant(kilap.id) as session:
        session.scalars(select(Staff).where(Staff.id == with_password)).one().active = False
    assert try_login(anybody, ALICE, PASSWORD).status_code == 401

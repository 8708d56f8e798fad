"""The second factor at the login, and one's own account: logins elsewhere, passwords, new passwords by mail."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import httpx
import pyotp
import pytest
import time_machine

from console.security import COOKIE
from ramah.people import Staff, StaffSession
from ramah.people.account_models import AuditEntry, RecoveryCode, SecondFactor, StaffLink
from ramah.people.passwords import hash_password
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import count, everything, rows_of
from tests.integration.console.test_login import ALICE, form_token, try_login
from tests.integration.console.visitors import StaffMember, open_session

PASSWORD = "kuda lari di pantai"


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


def secret_on(page: str) -> str:
    found = re.search(r'class="staff-secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def set_up(person: StaffMember) -> tuple[pyotp.TOTP, list[str]]:
    """Switch the second factor on; returns the app and the recovery codes."""
    app = pyotp.TOTP(secret_on(person.get("/console/account/second-factor").text))
    page = person.post("/console/account/second-factor", {"code": app.at(int(time.time()) - 30)})
    assert page.status_code == 200
    return app, re.findall(r"<li><code>([a-z2-7-]+)</code></li>", page.text)


def bring(client: httpx.Client, code: str) -> httpx.Response:
    token = form_token(client.get("/login/code").text)
    return client.post("/login/code", data={"csrf_token": token, "code": code})


@pytest.mark.usefixtures("with_password")
def test_with_a_second_factor_the_password_alone_opens_nothing(
    alice: StaffMember, anybody: httpx.Client, database: Database
) -> None:
    app, _ = set_up(alice)
    first = try_login(anybody, ALICE, PASSWORD)
    assert first.headers["location"] == "/login/code?next=/console"
    assert COOKIE not in anybody.cookies
    anybody.cookies.set(COOKIE, first.cookies["ramah_second_step"])
    assert anybody.get("/console").status_code == 302
    del anybody.cookies[COOKIE]
    assert bring(anybody, "000000").status_code == 401
    assert bring(anybody, app.now()).headers["location"] == "/console"
    assert anybody.get("/console").status_code == 200
    assert all(not row.pending for row in rows_of(database, StaffSession))


@pytest.mark.usefixtures("with_password")
def test_a_code_is_taken_once(alice: StaffMember, anybody: httpx.Client) -> None:
    app, _ = set_up(alice)
    code = app.now()
    try_login(anybody, ALICE, PASSWORD)
    assert bring(anybody, code).status_code == 302
    anybody.cookies.clear()
    try_login(anybody, ALICE, PASSWORD)
    assert bring(anybody, code).status_code == 401


@pytest.mark.usefixtures("with_password")
def test_a_recovery_code_replaces_the_phone_once(alice: StaffMember, anybody: httpx.Client, database: Database) -> None:
    _, codes = set_up(alice)
    assert len(codes) == 10
    stored = {row.code_hash for row in rows_of(database, RecoveryCode)}
    assert not stored & set(codes)
    for expected in (302, 401):
        anybody.cookies.clear()
        try_login(anybody, ALICE, PASSWORD)
        assert bring(anybody, codes[0].upper().replace("-", " ")).status_code == expected


def test_the_secret_is_sealed_and_never_in_the_audit_log(alice: StaffMember, database: Database) -> None:
    app, codes = set_up(alice)
    (factor,) = rows_of(database, SecondFactor)
    assert app.secret not in factor.sealed
    noted = repr([(row.old, row.new, row.subject) for row in rows_of(database, AuditEntry)])
    assert app.secret not in noted
    assert not [code for code in codes if code in noted]


def test_a_wrong_first_code_switches_nothing_on(alice: StaffMember, database: Database) -> None:
    alice.get("/console/account/second-factor")
    for code in ("000000", "12345", "abcdef", ""):
        assert alice.post("/console/account/second-factor", {"code": code}).status_code == 400
    assert count(database, RecoveryCode) == 0


@pytest.mark.usefixtures("with_password")
def test_guessing_codes_is_throttled(alice: StaffMember, anybody: httpx.Client) -> None:
    set_up(alice)
    try_login(anybody, ALICE, PASSWORD)
    assert [bring(anybody, f"00000{number}").status_code for number in range(6)] == [401] * 5 + [429]


def test_a_code_of_half_a_minute_ago_still_counts_an_older_one_does_not(alice: StaffMember) -> None:
    app = pyotp.TOTP(secret_on(alice.get("/console/account/second-factor").text))
    now = int(time.time())
    assert alice.post("/console/account/second-factor", {"code": app.at(now - 90)}).status_code == 400
    assert alice.post("/console/account/second-factor", {"code": app.at(now - 30)}).status_code == 200


@pytest.mark.usefixtures("with_password")
def test_switching_off_needs_the_password(alice: StaffMember, database: Database) -> None:
    set_up(alice)
    assert alice.post("/console/account/second-factor/off", {"password": "wrong"}).status_code == 400
    assert count(database, SecondFactor) == 1
    assert alice.post("/console/account/second-factor/off", {"password": PASSWORD}).status_code == 303
    assert count(database, SecondFactor) == count(database, RecoveryCode) == 0


def test_vectors_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six digits."""
    app = pyotp.TOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    for moment, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert app.at(datetime.fromtimestamp(moment, UTC)) == code


def test_the_logins_are_listed_and_ended(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    token, _ = open_session(database, kilap.id, kilap.alice)
    page = alice.get("/console/account").text
    keys = re.findall(r"/console/account/sessions/([0-9a-f]{64})/end", page)
    assert len(keys) == 1
    assert token not in page
    assert alice.post(f"/console/account/sessions/{keys[0]}/end").status_code == 303
    assert alice.post(f"/console/account/sessions/{keys[0]}/end").status_code == 404
    assert count(database, StaffSession) == 1


def test_nobody_ends_the_login_of_a_colleague(alice: StaffMember, bob: StaffMember, database: Database) -> None:
    (theirs,) = [row.token_hash for row in rows_of(database, StaffSession) if row.staff_id == bob.id]
    assert alice.post(f"/console/account/sessions/{theirs}/end").status_code == 404
    alice.post("/console/account/sessions/end-others")
    assert bob.get("/console").status_code == 200
    assert alice.get("/console").status_code == 200


def test_being_here_is_noted_once_a_minute(alice: StaffMember, database: Database) -> None:
    (before,) = rows_of(database, StaffSession)
    alice.get("/console/account")
    assert rows_of(database, StaffSession)[0].last_seen_at == before.last_seen_at
    with time_machine.travel(time.time() + 61, tick=False):
        alice.get("/console/account")
    (after,) = rows_of(database, StaffSession)
    assert after.last_seen_at and before.last_seen_at and after.last_seen_at > before.last_seen_at


@pytest.mark.usefixtures("with_password")
def test_another_password_ends_the_other_logins(alice: StaffMember, database: Database, kilap: Tenant) -> None:
    open_session(database, kilap.id, kilap.alice)
    change = {"current": PASSWORD, "password": "another long one"}
    assert alice.post("/console/account/password", change | {"current": "wrong"}).status_code == 400
    assert alice.post("/console/account/password", change | {"password": "qwertyuiop1"}).status_code == 400
    assert alice.post("/console/account/password", change).status_code == 303
    assert count(database, StaffSession) == 1


def ask(client: httpx.Client, email: str) -> httpx.Response:
    token = form_token(client.get("/login/forgot").text)
    return client.post("/login/forgot", data={"csrf_token": token, "email": email})


@pytest.mark.usefixtures("with_password")
def test_asking_for_a_new_password_tells_nothing(anybody: httpx.Client, database: Database) -> None:
    answers = []
    for email in (ALICE, "nobody@kilap.example"):
        began = time.monotonic()
        page = ask(anybody, email)
        answers.append((page.status_code, re.sub(r'value="[^"]*"|nonce\S+', "", page.text)))
        assert time.monotonic() - began >= 0.5
    assert answers[0] == answers[1]
    assert [row.purpose for row in rows_of(database, StaffLink)] == ["reset"]


@pytest.mark.usefixtures("kilap")
def test_asking_for_new_passwords_is_throttled(anybody: httpx.Client) -> None:
    assert [ask(anybody, "nobody@kilap.example").status_code for _ in range(6)] == [200] * 5 + [429]


def test_name_and_language_are_one_s_own(alice: StaffMember, bob: StaffMember, database: Database) -> None:
    assert alice.post("/console/account/profile", {"name": "Alice B", "language": "ms"}).status_code == 303
    before = everything(database)
    assert bob.post("/console/account/profile", {"name": "", "language": "xx"}).status_code == 400
    assert everything(database) == before
    assert '<html lang="ms"' in alice.get("/console/account").text

"""The headers that keep pages safe, and pages that need no exception from them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.served import client_of, served
from tests.integration.console.visitors import StaffMember

ASSETS = Path(__file__).parents[3] / "console" / "assets.json"
# These are fetched by scripts when the project is set up, and are not part of it.
FETCHED = {f"/static/vendor/{asset['target']}" for asset in json.loads(ASSETS.read_text())}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
SECRETS = {"secret_key": "s" * 40, "engine_token": "e" * 40, "actions_token": "a" * 40}


def policy_of(answer: httpx.Response) -> dict[str, str]:
    """The content security policy by directive."""
    parts = [part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in parts if name}


def pages(conversation_id: str) -> list[str]:
    thread = f"/console/conversations/{conversation_id}"
    own = [
        "/console",
        "/console/conversations",
        thread,
        f"{thread}/side",
        f"{thread}/messages?after=0",
        f"{thread}/row",
    ]
    return [*own, "/chat/kilap-web", "/chat/kilap-web?embed=1&lang=ms", "/nowhere", "/console/conversations/none"]


def test_every_page_has_a_strict_policy(alice: StaffMember, conversation_id: str) -> None:
    for path in pages(conversation_id):
        answer = alice.get(path, headers={"accept": "text/html"})
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'", path
        assert policy["base-uri"] == "'none'", path
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'", path
        assert "unsafe" not in answer.headers["content-security-policy"], path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "same-origin", path
        assert answer.headers["cache-control"] == "no-store", path


@pytest.mark.parametrize("path", ["/login", "/console/live", "/healthz", "/static/favicon.svg", "/metrics"])
def test_other_answers_have_the_policy_too(anybody: httpx.Client, path: str) -> None:
    answer = anybody.get(path)
    assert policy_of(answer)["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_only_the_web_chat_may_stand_in_a_frame(alice: StaffMember, conversation_id: str) -> None:
    for path in [*pages(conversation_id), "/login", "/", "/healthz", "/console/../chat", "/chats/x"]:
        answer = alice.get(path)
        framed = path.startswith("/chat/")
        assert policy_of(answer)["frame-ancestors"] == ("*" if framed else "'none'"), path
        assert answer.headers.get("x-frame-options") == (None if framed else "DENY"), path


def test_no_page_needs_inline_script_or_style(alice: StaffMember, anybody: httpx.Client, conversation_id: str) -> None:
    for path in pages(conversation_id):
        assert not INLINE.search(alice.get(path, headers={"accept": "text/html"}).text), path
    assert not INLINE.search(anybody.get("/login").text)


def test_all_that_a_page_loads_exists_here(alice: StaffMember, conversation_id: str) -> None:
    for path in ("/console", f"/console/conversations/{conversation_id}", "/chat/kilap-web", "/login"):
        page = alice.get(path, follow_redirects=True).text
        loaded = set(re.findall(r'<(?:script|link|img)[^>]*\s(?:src|href)="([^"]+)"', page))
        assert loaded, path
        for address in loaded:
            assert address.startswith("/static/"), address
            assert address in FETCHED or alice.get(address).status_code == 200, address


def test_static_files_stay_in_their_folder(anybody: httpx.Client) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert anybody.get(path).status_code in (400, 404), path


@pytest.mark.usefixtures("kilap")
def test_production_asks_browsers_to_stay_with_https(database: Database, anybody: httpx.Client) -> None:
    config = settings_with(environment="production", public_url="https://ramah.example", **SECRETS)
    with served(config, database) as console, client_of(console) as client:
        assert "max-age" in client.get("/login").headers["strict-transport-security"]
    assert "strict-transport-security" not in anybody.get("/login").headers


def test_errors_are_pages_for_people_and_json_for_programs(alice: StaffMember, kilap: Tenant) -> None:
    page = alice.get("/nowhere", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "This page does not exist" in page.text
    for path, headers in (
        ("/nowhere", {"accept": "application/json"}),
        ("/console/conversations/none", {"hx-request": "true", "accept": "text/html"}),
        ("/api/webchat/none/session", {"accept": "text/html"}),
        ("/webhooks/whatsapp/none", {"accept": "text/html"}),
    ):
        answer = alice.client.request("POST" if path.startswith("/api") else "GET", path, headers=headers)
        assert answer.status_code == 404, path
        assert set(answer.json()) == {"error", "message"}, path


def test_a_failure_tells_nothing_of_the_inside(alice: StaffMember, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversations RENAME TO gone")
    answer = alice.get("/console/conversations", headers={"accept": "application/json"})
    assert answer.status_code == 500
    assert answer.json()["message"] == "The failure was recorded; please try again."
    assert "conversations" not in answer.text

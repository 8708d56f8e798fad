"""The OpenAPI document names every JSON route, and what the routes answer fits it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from console.api.describing import ProblemAnswer
from console.api.openapi import described_routes
from ramah.people import Staff
from ramah.people.passwords import hash_password
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.console.contents import everything
from tests.integration.console.served import ServedConsole
from tests.integration.console.visitors import Customer, StaffMember, logged_in

PASSWORD = "kuda lari di pantai"
JSON_PATHS = ("/api/", "/webhooks/", "/form/", "/healthz", "/readyz")
NOT_JSON = {"/api/docs"}
INVITED = {"name": "Sari", "email": "sari@kilap.example", "roles": ["sales"], "language": "id"}


@pytest.fixture
def admin(console: ServedConsole, database: Database, kilap: Tenant) -> Any:
    """Alice, who administers and has a password."""
    with database.tenant(kilap.id) as session:
        alice = session.get_one(Staff, kilap.alice)
        alice.roles, alice.password_hash = ["admin"], hash_password(PASSWORD)
    member = logged_in(console, database, kilap.id, kilap.alice)
    with closing(member.client):
        yield member


def test_no_json_route_is_missing(console: ServedConsole, anybody: httpx.Client, kilap: Tenant) -> None:
    found = {f"/{route.path}" for route in console.app.router.routes}
    wanted = {path for path in found if path.startswith(JSON_PATHS)} - NOT_JSON
    assert {path for path, _, _ in described_routes(console.app)} == wanted
    assert len(anybody.get("/api/openapi.json").json()["paths"]) == len(wanted)


@pytest.mark.usefixtures("kilap")
def test_every_shape_that_is_named_exists(anybody: httpx.Client) -> None:
    document = anybody.get("/api/openapi.json").json()
    text = anybody.get("/api/openapi.json").text
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(document["components"]["schemas"])
    page = anybody.get("/api/docs")
    assert page.status_code == 200
    assert all(f'id="{name}"' in page.text for name in named)


def model_of(console: ServedConsole, method: str, path: str, status: int) -> type[BaseModel]:
    for known, verb, about in described_routes(console.app):
        if (known, verb) == (path, method.lower()):
            model = about.answers.get(status) or (ProblemAnswer if status in about.problems else None)
            assert isinstance(model, type), f"{method} {path} does not say what {status} is"
            return model
    raise AssertionError(f"{method} {path} is not described")


def test_what_is_answered_fits_what_is_described(
    console: ServedConsole, admin: StaffMember, kilap: Tenant, conversation_id: str
) -> None:
    csrf, bob = {"x-csrf-token": admin.csrf}, f"/api/admin/staff/{kilap.bob}"
    one = "/api/admin/staff/<staff_id:str>"
    asked: list[tuple[str, str, str, Any, int]] = [
        ("GET", "/healthz", "/healthz", None, 200),
        ("GET", "/readyz", "/readyz", None, 200),
        ("GET", "/api/schemas/booking", "/api/schemas/booking", None, 200),
        ("GET", "/api/openapi.json", "/api/openapi.json", None, 200),
        ("GET", "/api/ledger", "/api/ledger", None, 200),
        ("GET", "/api/ledger", "/api/ledger?day=never", None, 400),
        ("GET", "/api/channels", "/api/channels", None, 200),
        ("GET", "/api/channels/devices/<account_id:str>", "/api/channels/devices/none", None, 404),
        ("GET", "/api/app/chatbot/bots/<bot_id:str>/schedules", "/api/app/chatbot/bots/default/schedules", None, 200),
        ("GET", "/api/auth/me", "/api/auth/me", None, 200),
        ("GET", "/api/users/me", "/api/users/me", None, 200),
        ("GET", "/api/admin/staff", "/api/admin/staff", None, 200),
        ("POST", "/api/admin/staff", "/api/admin/staff", INVITED, 201),
        ("POST", "/api/admin/staff", "/api/admin/staff", INVITED, 409),
        ("POST", "/api/admin/staff", "/api/admin/staff", INVITED | {"rank": 1}, 400),
        ("PATCH", one, bob, {"roles": ["supervisor"], "active": False}, 200),
        ("PATCH", one, f"/api/admin/staff/{kilap.alice}", {"roles": ["agent"]}, 409),
        ("PATCH", one, "/api/admin/staff/none", {"active": True}, 404),
        ("GET", "/api/admin/users", "/api/admin/users?q=62811", None, 200),
        ("GET", "/api/admin/conversations", "/api/admin/conversations", None, 200),
        ("GET", "/api/admin/audit", "/api/admin/audit?what=staff", None, 200),
        ("GET", "/api/admin/audit", "/api/admin/audit?since=soon", None, 400),
        ("POST", "/api/auth/logout", "/api/auth/logout", None, 200),
    ]
    for method, path, address, body, status in asked:
        answer = admin.client.request(method, address, json=body, headers=csrf)
        assert answer.status_code == status, (method, address, answer.text)
        model_of(console, method, path, status).model_validate_json(answer.text)
    assert conversation_id


def test_the_web_chat_answers_as_described(console: ServedConsole, customer: Customer) -> None:
    chat = "/api/webchat/<key:str>"
    model_of(console, "POST", f"{chat}/session", 200).model_validate(customer.arrive())
    model_of(console, "POST", f"{chat}/messages", 202).model_validate(customer.say("halo").json())
    model_of(console, "GET", f"{chat}/messages", 200).model_validate({"messages": customer.read()})


def test_a_program_logs_in_acts_and_logs_out(anybody: httpx.Client, admin: StaffMember, kilap: Tenant) -> None:
    assert admin.id == kilap.alice
    who = {"email": "alice@kilap.example", "password": PASSWORD}
    assert anybody.post("/api/auth/login", data=who).status_code == 415
    assert anybody.post("/api/auth/login", json=who | {"password": "wrong"}).status_code == 401
    login = anybody.post("/api/auth/login", json=who)
    assert login.json()["user"]["permissions"]
    assert anybody.post("/api/admin/staff", json=INVITED).status_code == 403
    headers = {"x-csrf-token": login.json()["csrf_token"]}
    assert anybody.post("/api/admin/staff", json=INVITED, headers=headers).status_code == 201
    assert anybody.post("/api/auth/logout", headers=headers).status_code == 200
    assert anybody.get("/api/users/me").status_code == 401


def test_staff_of_another_organisation_are_not_found_by_program(
    admin: StaffMember, stranger: Tenant, database: Database
) -> None:
    before = everything(database)
    headers = {"x-csrf-token": admin.csrf}
    address = f"/api/admin/staff/{stranger.alice}"
    assert admin.client.patch(address, json={"active": False}, headers=headers).status_code == 404
    assert everything(database) == before

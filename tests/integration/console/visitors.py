"""Who visits the console in tests: logged-in staff, and customers in the web chat."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from console.security import COOKIE
from ramah.people import StaffSession
from ramah.store import Database, utc_now
from tests.integration.console.served import ServedConsole, client_of

HTMX = {"hx-request": "true"}


@dataclass
class StaffMember:
    """A logged-in person with their browser."""

    id: str
    client: httpx.Client
    csrf: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open an address."""
        return self.client.get(path, **options)

    def post(self, path: str, fields: dict[str, str] | None = None) -> httpx.Response:
        """Post a form as the page does it, with the token in the header."""
        return self.client.post(path, data=fields or {}, headers={"x-csrf-token": self.csrf, **HTMX})


def open_session(database: Database, organisation_id: str, staff_id: str, hours: float = 1.0) -> tuple[str, str]:
    """A login as the database knows it; returns the cookie's token and the CSRF token."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with database.tenant(organisation_id) as session:
        session.add(
            StaffSession(
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                staff_id=staff_id,
                csrf_token=csrf,
                expires_at=utc_now() + timedelta(hours=hours),
            )
        )
    return token, csrf


def logged_in(console: ServedConsole, database: Database, organisation_id: str, staff_id: str) -> StaffMember:
    """A person of staff with an open session."""
    token, csrf = open_session(database, organisation_id, staff_id)
    return StaffMember(staff_id, client_of(console, cookies={COOKIE: token}), csrf)


@dataclass
class Customer:
    """A visitor of the web chat ``key``, with the token that the console gave."""

    client: httpx.Client
    key: str
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What proves the session."""
        return {"authorization": f"Bearer {self.token}"}

    def arrive(self) -> dict[str, Any]:
        """Open a session, or continue the one of the token."""
        response = self.client.post(f"/api/webchat/{self.key}/session", json={"token": self.token or None})
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        self.token = body["token"]
        return body

    def say(self, text: str, client_id: str | None = None, **more: str) -> httpx.Response:
        """Post one message."""
        body = {"client_id": client_id or str(uuid4()), "text": text, **more}
        return self.client.post(f"/api/webchat/{self.key}/messages", json=body, headers=self.headers)

    def read(self, after: int | str = 0) -> list[dict[str, Any]]:
        """The messages after a position."""
        response = self.client.get(f"/api/webchat/{self.key}/messages", params={"after": after}, headers=self.headers)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


def customer_of(console: ServedConsole, key: str) -> Customer:
    """A new visitor with an open session."""
    customer = Customer(client_of(console), key)
    customer.arrive()
    return customer

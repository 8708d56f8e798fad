"""Somebody in front of the public form, the time they take, and what was stored of them."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from console.webform import views
from ramah.messaging.accounts import connect_account
from ramah.messaging.models import ChannelAccount, Conversation, Inbound
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.unit.channels.webform.forms import FILLED, form_with

KEY = "kilap-form"
PAGE = f"/form/{KEY}"


class Clock:
    """The console's time, moved by the test."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def time(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time for the form's tokens."""
    made = Clock()
    monkeypatch.setattr(views, "time", made)
    return made


def connect(database: Database, tenant: Tenant, **changes: Any) -> ChannelAccount:
    """The organisation's form."""
    with database.tenant(tenant.id) as session:
        return connect_account(session, "webform", "Formulir", KEY, {}, public_key=KEY, options=form_with(**changes))


@pytest.fixture
def form(database: Database, kilap: Tenant) -> ChannelAccount:
    """A form that nobody answers by another account."""
    return connect(database, kilap)


class Visitor:
    """Somebody with a browser in front of the form."""

    def __init__(self, client: httpx.Client, clock: Clock) -> None:
        self.client, self.clock = client, clock
        self.token = ""

    def open(self, path: str = PAGE) -> httpx.Response:
        """Load the page and take a while to read it."""
        answer = self.client.get(path, headers={"accept": "text/html"})
        self._keep_token(answer)
        self.clock.now += 10
        return answer

    def send(self, values: dict[str, str] | None = None, **more: str) -> httpx.Response:
        """Press the button."""
        fields = {**(FILLED if values is None else values), "_token": self.token, **more}
        answer = self.client.post(PAGE, data=fields, headers={"accept": "text/html"})
        self._keep_token(answer)
        return answer

    def _keep_token(self, answer: httpx.Response) -> None:
        found = re.search(r'name="_token" value="([^"]+)"', answer.text)
        self.token = found[1] if found else self.token


@pytest.fixture
def visitor(anybody: httpx.Client, clock: Clock, form: ChannelAccount) -> Visitor:
    """A visitor who has the page open."""
    person = Visitor(anybody, clock)
    assert person.open().status_code == 200
    return person


def messages(database: Database) -> list[Inbound]:
    """All that was stored."""
    with database.every_organisation_reading() as session:
        return list(session.scalars(select(Inbound).order_by(Inbound.id)))


def conversation(database: Database) -> Conversation:
    """The only conversation."""
    with database.every_organisation_reading() as session:
        return session.scalars(select(Conversation)).one()

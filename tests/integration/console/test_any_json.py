"""Whatever a provider posts under a valid signature, the webhook answers 2xx or 4xx, and a valid message beside it is
stored."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ramah.messaging.accounts import connect_account
from ramah.messaging.models import Envelope, EnvelopeStatus, Inbound
from ramah.messaging.registry import _channels
from ramah.store import Database
from tests.contract.channels import device, messenger, telegram, whatsapp
from tests.contract.channels.expectations import as_json, at, paths, read, replaced
from tests.contract.channels.harness import ChannelUnderTest, Signed
from tests.contract.channels.pictures import PNG
from tests.databases import backends
from tests.fakes.device.server import DeviceGateway
from tests.fakes.graph.postman import sign
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of
from tests.unit.channels.whatsapp import recorded

Builder = Callable[[], AbstractContextManager[ChannelUnderTest]]
Headers = Mapping[str, str]
BUILDERS: dict[str, Builder] = {
    "whatsapp": whatsapp.whatsapp,
    "telegram": telegram.telegram,
    "messenger": messenger.messenger,
    **device.BUILDERS,
}
ODD_VALUES: tuple[Any, ...] = (None, True, -1, 2**70, 1.5e308, "", "\x00", "\ud800", "9" * 5000, [], {}, [[]], {"": {}})
HOSTILE = {"n": "\x00", "l": "9" * 5000, "s": "\ud800"}
"""What databases take differently: no null, no more than a column holds, no half of a surrogate pair."""
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)
MANY_TIMES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
MUTATIONS = 80
both_databases = pytest.mark.parametrize("database", backends(), indirect=True)


@dataclass
class Address:
    """One account's webhook before a served console, and how its provider signs."""

    subject: ChannelUnderTest
    client: httpx.Client
    database: Database
    kind: str
    key: str

    def post(self, body: bytes) -> httpx.Response:
        """Post a body as the provider would, whatever is in it."""
        headers = {"content-type": "application/json", **self.signed(body)}
        return self.client.post(f"/webhooks/{self.kind}/{self.key}", content=body, headers=headers)

    def signed(self, body: bytes) -> Headers:
        """The headers that prove a body."""
        secrets = self.subject.access.secrets
        if self.kind in ("whatsapp", "messenger"):
            return {"x-hub-signature-256": sign(secrets["app_secret"], body)}
        if self.kind == "device":
            gateway: DeviceGateway = self.subject._gateway  # type: ignore[attr-defined]
            phone = self.subject._client  # type: ignore[attr-defined]
            return gateway.dialect.headers_of(phone, body, gateway.phones.now)
        # Telegram proves itself, not the body.
        return self.subject.text_from_person("halo", 1).headers

    def stored_ids(self) -> list[str]:
        """The provider's ids of the messages that have been stored."""
        return [row.external_id for row in rows_of(self.database, Inbound)]


@pytest.fixture(params=sorted(BUILDERS))
def address(
    request: pytest.FixtureRequest, anybody: httpx.Client, database: Database, kilap: Tenant
) -> Iterator[Address]:
    """The webhook of each kind, and of each gateway for linked phones."""
    with BUILDERS[request.param]() as subject:
        access = subject.access
        with database.tenant(kilap.id) as session:
            account = connect_account(
                session,
                subject.channel.kind,
                "Any",
                access.external_id,
                access.secrets,
                base_url=access.base_url,
                options=access.options,
            )
        yield Address(subject, anybody, database, subject.channel.kind, account.public_key)


def examples(address: Address) -> list[Any]:
    """Valid bodies of this kind, as objects."""
    subject = address.subject
    signed = [subject.text_from_person("halo", 1), subject.image_from_person(PNG, 2)]
    bodies = [item.body for item in signed if item is not None]
    if address.kind == "whatsapp":
        bodies += [file.read_bytes() for file in sorted(recorded.FIXTURES.glob("*.json"))]
    return [found for body in bodies if (found := as_json(body)) is not None]


def assert_answered(answer: httpx.Response, body: bytes) -> None:
    """The provider was told something that ends the matter."""
    assert 200 <= answer.status_code < 500, (answer.status_code, answer.text, body[:2000])


def test_every_kind_that_takes_webhooks_is_here() -> None:
    taking = {kind for kind, channel in _channels().items() if channel.abilities.webhook}
    assert taking == {name.split("-")[0] for name in BUILDERS}


@MANY_TIMES
@given(value=JSON_VALUES)
def test_any_json_is_answered(address: Address, value: Any) -> None:
    body = json.dumps(value).encode()
    assert_answered(address.post(body), body)


@MANY_TIMES
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(address: Address, body: bytes) -> None:
    assert_answered(address.post(body), body)


@both_databases
def test_near_valid_bodies_are_answered_and_read_or_left_for_a_person(address: Address) -> None:
    dice = random.Random(address.kind)
    possible = [(body, path, value) for body in examples(address) for path in paths(body) for value in ODD_VALUES]
    for body, path, value in dice.sample(possible, min(MUTATIONS, len(possible))):
        spoilt = replaced(body, path, value)
        assert_answered(address.post(spoilt), spoilt)
    waiting = [row for row in rows_of(address.database, Envelope) if row.status == EnvelopeStatus.WAITING]
    # Waiting means that something else than the body was at fault.
    assert [(row.error_text, row.body) for row in waiting] == []


def spoilers(items: list[Any], identifier: str) -> Iterator[Any]:
    """Things that do not belong into this list, and other items of its kind with one hostile value each."""
    yield from (None, "x", 5, {"id": {}}, [])
    for number, path in enumerate(paths(items[0]) if items else ()):
        for letter, value in HOSTILE.items():
            other = json.dumps(items[0]).replace(identifier, f"{identifier}-{number}{letter}")
            yield json.loads(replaced(json.loads(other), path, value))


@both_databases
def test_a_valid_message_beside_broken_ones_is_stored_once(address: Address) -> None:
    whole = address.subject.text_from_person("satu-satunya", 7).body
    (valid,) = read(address.subject, Signed({}, whole))
    body = as_json(whole)
    lists = [way for way in paths(body) if isinstance(at(body, way), list) and at(body, way)]
    for number, path in enumerate(lists):
        # Each time it is another message, so that it is not there already.
        identifier = f"{valid.external_id}+{number}"
        fresh = json.loads(whole.replace(valid.external_id.encode() + b'"', identifier.encode() + b'"'))
        spoilt = replaced(fresh, path, [*spoilers(at(body, path), valid.external_id), *at(fresh, path)])
        assert_answered(address.post(spoilt), spoilt)
        assert identifier in address.stored_ids(), path
    assert_answered(address.post(whole), whole)
    assert_answered(address.post(whole + b" "), whole)
    assert address.stored_ids().count(valid.external_id) == 1

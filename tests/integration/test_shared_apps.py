"""One Meta app, several organisations: each entry reaches its own, nothing crosses, none is lost beside a bad one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ramah.channels.pieces import pieces_of
from ramah.lib.errors import NotFound
from ramah.messaging.accounts import connect_account, find_receiver
from ramah.messaging.connecting import disconnect
from ramah.messaging.models import ChannelAccount, Envelope, Inbound
from ramah.messaging.webhooks import receive
from ramah.observe import Incident
from ramah.store import Database
from tests.fakes.graph.postman import sign
from tests.integration.conftest import Tenant
from tests.integration.console.contents import rows_of

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def change(number: str, text: str) -> dict[str, Any]:
    """A message to a number; its id is its text."""
    message = {"from": "62811000001", "id": text, "timestamp": "1760000000", "type": "text", "text": {"body": text}}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "messages": [message]}
    return {"field": "messages", "value": value}


def entry_of_page(page: str, text: str) -> dict[str, Any]:
    event = {"sender": {"id": "2400"}, "recipient": {"id": page}, "timestamp": 1760000000123}
    return {"id": page, "time": 1760000000123, "messaging": [{**event, "message": {"mid": text, "text": text}}]}


def post(database: Database, tenant: Tenant, about: str, entries: list[Any], account: Any = None) -> None:
    body = json.dumps({"object": about, "entry": entries}).encode()
    receive(database, account or tenant.whatsapp, {"x-hub-signature-256": sign("s", body)}, body)


def texts_by_organisation(database: Database) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows_of(database, Inbound):
        found.setdefault(row.organisation_id, []).append(row.text)
    return {organisation: sorted(texts) for organisation, texts in found.items()}


def test_each_number_of_an_app_gets_its_own_whichever_address_was_posted_to(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    business = {"id": "WABA", "changes": [change("1000001", "to kilap"), change("2000002", "to stranger")]}
    for _ in range(2):
        post(database, kilap, "whatsapp_business_account", [business])
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"], stranger.id: ["to stranger"]}
    envelopes = {row.organisation_id: row for row in rows_of(database, Envelope)}
    assert b"to stranger" not in envelopes[kilap.id].body and b"to kilap" not in envelopes[stranger.id].body
    assert [(row.messages, row.repeats) for row in envelopes.values()] == [(1, 1), (1, 1)]
    assert rows_of(database, Incident) == []


def test_each_page_of_an_app_gets_its_own(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    pages = {}
    for tenant, page in ((kilap, "700100"), (stranger, "700200")):
        with database.tenant(tenant.id) as session:
            pages[page] = connect_account(session, "messenger", page, page, {"app_secret": "s", "page_token": "t"})
    entries = [entry_of_page("700100", "to kilap"), entry_of_page("700200", "to stranger")]
    post(database, kilap, "page", entries, pages["700100"])
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"], stranger.id: ["to stranger"]}


def test_an_account_with_another_app_secret_takes_nothing_from_a_strangers_address(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    with database.tenant(stranger.id) as session:
        connect_account(session, "whatsapp", "Phone", "2000002", {"access_token": "t", "app_secret": "another"})
    entries = [{"id": "WABA", "changes": [change("1000001", "to kilap"), change("2000002", "forged")]}]
    post(database, kilap, "whatsapp_business_account", entries)
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"]}
    (incident,) = rows_of(database, Incident)
    assert incident.organisation_id == kilap.id


def test_a_number_that_nobody_connected_is_kept_and_named_beside_valid_ones(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    changes = [change("999", "to nobody"), change("2000002", "to stranger"), change("1000001", "to kilap")]
    post(database, kilap, "whatsapp_business_account", [{"id": "WABA", "changes": changes}])
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"], stranger.id: ["to stranger"]}
    envelopes = {row.organisation_id: row for row in rows_of(database, Envelope)}
    assert b"to nobody" in envelopes[kilap.id].body and envelopes[kilap.id].messages == 2
    (incident,) = rows_of(database, Incident)
    assert "999" in incident.message


def disconnected(database: Database, tenant: Tenant) -> ChannelAccount:
    """The organisation's number, out of use; its address is where Meta posts for the whole app."""
    disconnect(database, tenant.id, tenant.whatsapp.id)
    return find_receiver(database, "whatsapp", tenant.whatsapp.public_key)


def test_the_address_of_a_disconnected_number_still_serves_the_others_of_its_app(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    entries = [{"id": "WABA", "changes": [change("1000001", "to nobody"), change("2000002", "to stranger")]}]
    post(database, kilap, "whatsapp_business_account", entries, disconnected(database, kilap))
    assert texts_by_organisation(database) == {stranger.id: ["to stranger"]}
    (envelope,) = rows_of(database, Envelope)
    assert envelope.organisation_id == stranger.id and b"to nobody" not in envelope.body


def test_a_disconnected_number_alone_takes_nothing_more(database: Database, kilap: Tenant) -> None:
    entries = [{"id": "WABA", "changes": [change("1000001", "to nobody")]}]
    with pytest.raises(NotFound):
        post(database, kilap, "whatsapp_business_account", entries, disconnected(database, kilap))
    assert rows_of(database, Envelope) == []


def test_a_disconnected_number_takes_nothing_at_its_neighbours_address(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        second = connect_account(session, "whatsapp", "Second", "1000009", {"access_token": "t", "app_secret": "s"})
    disconnected(database, kilap)
    entries = [{"id": "WABA", "changes": [change("1000001", "to nobody"), change("1000009", "to kilap")]}]
    post(database, kilap, "whatsapp_business_account", entries, second)
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"]}


def test_a_body_for_one_organisation_is_kept_byte_for_byte(database: Database, kilap: Tenant) -> None:
    body = b'{ "object":"whatsapp_business_account","entry":[ {"id":"W","changes":[ ]} ] }'
    receive(database, kilap.whatsapp, {"x-hub-signature-256": sign("s", body)}, body)
    assert [row.body for row in rows_of(database, Envelope)] == [body]


@pytest.mark.parametrize("bad", [None, 7, "x", [], {}, {"changes": 1}, {"changes": [None, {"value": []}]}, {"id": []}])
def test_a_bad_entry_loses_no_valid_one_of_anybody(
    database: Database, kilap: Tenant, stranger: Tenant, bad: Any
) -> None:
    good = {"id": "WABA", "changes": [bad, change("1000001", "to kilap"), change("2000002", "to stranger")]}
    post(database, kilap, "whatsapp_business_account", [bad, good, bad])
    assert texts_by_organisation(database) == {kilap.id: ["to kilap"], stranger.id: ["to stranger"]}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ANY, max_size=4), st.lists(ANY, max_size=3), st.permutations(["1", "2", "3"]))
def test_whatever_stands_beside_them_each_account_gets_exactly_its_own(
    entries: list[Any], changes: list[Any], numbers: list[str]
) -> None:
    valid = {"id": "WABA", "changes": [*changes, *(change(number, f"to {number}") for number in numbers)]}
    found = pieces_of(json.dumps({"object": "whatsapp_business_account", "entry": [*entries, valid]}).encode())
    assert found is not None and {"1", "2", "3"} <= found.accounts()
    one, rest = found.body_for({"1"}), found.body_without({"1"})
    assert rest is not None
    assert b"to 1" in one and b"to 2" not in one and b"to 3" not in one
    assert b"to 1" not in rest and b"to 2" in rest and b"to 3" in rest


@given(st.binary(max_size=60) | ANY.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_envelope_stays_whole(body: bytes) -> None:
    found = pieces_of(body)
    assert found is None or isinstance(found.accounts(), frozenset)

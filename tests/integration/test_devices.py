"""The life of a linked phone against a fake gateway of each kind, on each database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from ramah.channels.content import LinkStatus, Outgoing
from ramah.channels.errors import SignatureError
from ramah.lib.errors import NotFound
from ramah.messaging.accounts import access_of
from ramah.messaging.devices import DeviceTrouble, create_device, delete_device, device_state, reconnect, refresh_qr
from ramah.messaging.health import check_one
from ramah.messaging.models import ChannelAccount, Conversation, Envelope, Inbound
from ramah.messaging.registry import channel_for
from ramah.messaging.webhooks import receive
from ramah.store import Database, utc_now
from tests.fakes.device.events import Wrote
from tests.fakes.device.server import DeviceGateway
from tests.integration.conftest import Tenant
from tests.integration.linked_phones import (
    AINA,
    KEY,
    NAMES,
    NUMBER,
    SECRET,
    client_of,
    count,
    kind_of,
    linked,
    made,
    row,
    running,
)


@pytest.fixture(params=NAMES)
def gateway(request: pytest.FixtureRequest) -> Iterator[DeviceGateway]:
    with running(request.param) as made_ready:
        yield made_ready


@pytest.fixture
def neutral() -> Iterator[DeviceGateway]:
    with running("neutral") as made_ready:
        yield made_ready


def test_a_phone_is_made_scanned_and_linked(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = made(database, kilap, gateway)
    waiting = device_state(database, kilap.id, account.id)
    assert waiting.status is LinkStatus.SCAN_QR
    assert waiting.qr_code is not None and waiting.qr_code.startswith("data:image/png;base64,")
    assert waiting.seconds_left is not None and 0 < waiting.seconds_left <= 60
    gateway.phones.scan(client_of(database, gateway, account).id, NUMBER)
    state = device_state(database, kilap.id, account.id)
    assert (state.status, state.qr_code, state.proved_by, state.trouble) == (LinkStatus.CONNECTED, None, "check", None)
    assert state.best_effort
    if kind_of(gateway) in ("neutral", "waha", "gowa"):
        assert (state.phone, state.fallback_url) == (f"+{NUMBER}", f"https://wa.me/{NUMBER}")


def test_making_it_again_makes_no_second_one(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    first, again = made(database, kilap, gateway), made(database, kilap, gateway)
    assert first.id == again.id
    assert len(gateway.phones.clients) == 1


def test_the_secrets_are_sealed(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = made(database, kilap, gateway)
    stored = row(database, account).secrets or ""
    assert KEY not in stored and SECRET not in stored
    assert access_of(account).secrets["api_key"] == KEY


def test_a_gateway_that_takes_a_secret_gets_one_of_its_own(
    database: Database, kilap: Tenant, gateway: DeviceGateway
) -> None:
    account = create_device(database, kilap.id, "Branch KL", kind_of(gateway), gateway.url, {"api_key": KEY})
    given = access_of(account).secrets.get("webhook_secret", "")
    takes = kind_of(gateway) in ("waha", "evolution", "gowa")
    assert (len(given) > 30) is takes
    if takes:
        assert client_of(database, gateway, account).secret == given


def test_a_message_comes_in_and_an_answer_goes_out(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = linked(database, kilap, gateway)
    client = client_of(database, gateway, account)
    webhook = gateway.signed(client, Wrote("3EB0A", time.time(), AINA, text="Halo"))
    assert webhook is not None
    for _ in range(2):
        receive(database, account, *webhook)
    with database.tenant_reading(kilap.id) as session:
        (message,) = session.scalars(select(Inbound)).all()
        (conversation,) = session.scalars(select(Conversation)).all()
    assert (message.text, conversation.recipient) == ("Halo", AINA)
    channel_for("device").send(access_of(account), conversation.recipient, Outgoing(text="Hai"), "out-1")
    assert [sent.text for sent in client.sent] == ["Hai"]


def test_two_accounts_at_one_gateway_never_mix(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    for name in NAMES:
        if name == "aimeow":
            continue
        with running(name) as gateway:
            ours = linked(database, kilap, gateway, f"Ours {name}")
            theirs = linked(database, stranger, gateway, f"Theirs {name}")
            before = count(database, Envelope), count(database, Inbound)
            webhook = gateway.signed(client_of(database, gateway, theirs), Wrote("3EB0B", time.time(), AINA, text="x"))
            assert webhook is not None
            with pytest.raises(SignatureError):
                receive(database, ours, *webhook)
            assert (count(database, Envelope), count(database, Inbound)) == before
            receive(database, theirs, *webhook)
            assert count(database, Inbound) == before[1] + 1


def test_a_phone_that_logged_out_is_linked_again(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = linked(database, kilap, gateway)
    gateway.phones.log_out(client_of(database, gateway, account))
    state = reconnect(database, kilap.id, account.id)
    assert state.status in (LinkStatus.SCAN_QR, LinkStatus.STARTING)
    assert device_state(database, kilap.id, account.id).status is LinkStatus.SCAN_QR
    gateway.phones.scan(client_of(database, gateway, account).id, NUMBER)
    assert device_state(database, kilap.id, account.id).status is LinkStatus.CONNECTED


def test_the_worker_notices_a_lost_link(database: Database, kilap: Tenant, gateway: DeviceGateway) -> None:
    account = linked(database, kilap, gateway)
    gateway.phones.change(client_of(database, gateway, account).id, "disconnected", "network")
    with database.tenant(kilap.id) as session:
        session.get_one(ChannelAccount, account.id).check_at = utc_now() - timedelta(days=2)
    assert check_one(database)
    lost = row(database, account)
    assert lost.link == LinkStatus.DISCONNECTED
    assert lost.trouble is not None and lost.trouble_since is not None


def test_deleting_ends_the_link_and_keeps_the_history(
    database: Database, kilap: Tenant, gateway: DeviceGateway
) -> None:
    account = linked(database, kilap, gateway)
    webhook = gateway.signed(client_of(database, gateway, account), Wrote("3EB0A", time.time(), AINA, text="Halo"))
    assert webhook is not None
    receive(database, account, *webhook)
    for _ in range(2):
        delete_device(database, kilap.id, account.id)
    assert gateway.phones.clients == {}
    assert not row(database, account).active
    assert count(database, Inbound) == 1
    state = device_state(database, kilap.id, account.id)
    assert (state.active, state.qr_code) == (False, None)
    for act in (refresh_qr, reconnect):
        with pytest.raises(NotFound):
            act(database, kilap.id, account.id)


def test_a_gateway_that_is_away_stops_no_deletion(database: Database, kilap: Tenant) -> None:
    with running("neutral") as gateway:
        account = linked(database, kilap, gateway)
    with pytest.raises(DeviceTrouble, match="does not answer"):
        delete_device(database, kilap.id, account.id)
    assert not row(database, account).active


def test_a_failure_leaves_an_account_that_the_next_try_completes(database: Database, kilap: Tenant) -> None:
    with running("neutral") as gateway:
        with pytest.raises(DeviceTrouble, match="refuses the key") as caught:
            create_device(database, kilap.id, "Branch KL", "neutral", gateway.url, {"api_key": "wrong"})
        assert caught.value.explained("id").sentence == "Gateway menolak kuncinya."
        state = device_state(database, kilap.id, caught.value.account_id)
        assert (state.status, state.trouble is not None) == (LinkStatus.UNKNOWN, True)
        account = made(database, kilap, gateway)
        assert account.id == caught.value.account_id
        assert device_state(database, kilap.id, account.id).trouble is None


def test_a_gateway_that_does_not_answer_is_shown_and_nothing_is_forgotten(database: Database, kilap: Tenant) -> None:
    with running("neutral") as gateway:
        account = made(database, kilap, gateway)
        before = device_state(database, kilap.id, account.id)
    state = device_state(database, kilap.id, account.id)
    assert state.problem is not None
    assert state.qr_code == before.qr_code
    with pytest.raises(DeviceTrouble):
        refresh_qr(database, kilap.id, account.id)


def test_an_outsider_finds_no_phone(
    database: Database, kilap: Tenant, stranger: Tenant, neutral: DeviceGateway
) -> None:
    account = made(database, kilap, neutral)
    for act in (device_state, refresh_qr, reconnect, delete_device):
        with pytest.raises(NotFound):
            act(database, stranger.id, account.id)
    assert len(neutral.phones.clients) == 1

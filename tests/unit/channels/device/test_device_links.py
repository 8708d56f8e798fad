"""Linking a phone: codes, their end, and how a link stands."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.device.qr import picture_of, to_scan
from ramah.channels.errors import ChannelError, SendOutcome
from tests.unit.channels.device.stand import CHANNEL_ID, NAMES, OUR_NUMBER, WEBHOOK, Stand

ROWS_OF_CODES = ("neutral", "waha", "evolution", "aimeow")
"""GOWA makes one code whenever it is asked; the others show one after the other."""


def only(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("unlinked", names, indirect=True)


def is_scannable(state: LinkState) -> bool:
    """Whether there is a picture with a code that lives."""
    if state.qr_code is None or state.qr_expires_at is None:
        return False
    image = Image.open(BytesIO(base64.b64decode(state.qr_code.partition(",")[2])))
    return image.width > 60 and state.qr_expires_at > datetime.now(UTC)


def test_a_new_client_posts_to_us_and_shows_a_code(unlinked: Stand) -> None:
    unlinked.create()
    linked = unlinked.channel.new_qr(unlinked.access)
    assert linked.state.status is LinkStatus.SCAN_QR
    assert is_scannable(linked.state)
    unlinked.access = unlinked.with_options(client_id=linked.client_id)
    assert unlinked.gateway.dialect.address_of(unlinked.client) == WEBHOOK


# Aimeow knows no names of ours; a second client of it is found by nobody and links nothing.
@only("neutral", "waha", "evolution", "gowa")
def test_making_it_twice_makes_one_client(unlinked: Stand) -> None:
    first, second = unlinked.channel.create(unlinked.access), unlinked.channel.create(unlinked.access)
    assert first.client_id == second.client_id
    assert len(unlinked.gateway.phones.clients) == 1


@only("waha", "evolution", "gowa")
def test_the_client_is_named_by_our_own_id(unlinked: Stand) -> None:
    assert unlinked.channel.create(unlinked.access).client_id == CHANNEL_ID


def test_a_scanned_code_is_a_link(stand: Stand) -> None:
    state = stand.channel.check(stand.access)
    assert (state.status, state.qr_code) == (LinkStatus.CONNECTED, None)
    # Aimeow does not say which phone it is, and Evolution only in the event.
    assert state.phone == (None if stand.name in ("aimeow", "evolution") else f"+{OUR_NUMBER}")


def test_a_linked_phone_is_left_alone_when_a_code_is_asked_for(stand: Stand) -> None:
    before = stand.client
    assert stand.channel.new_qr(stand.access).state.status is LinkStatus.CONNECTED
    assert stand.client is before
    assert stand.client.number == OUR_NUMBER


def test_a_phone_that_lost_its_network_is_disconnected_and_comes_back(stand: Stand) -> None:
    stand.gateway.phones.change(stand.client.id, "disconnected", "network")
    assert stand.channel.check(stand.access).status is LinkStatus.DISCONNECTED
    if stand.name in ("waha", "gowa"):
        assert stand.channel.reconnect(stand.access).state.status is LinkStatus.CONNECTED
    stand.gateway.phones.change(stand.client.id, "connected")
    assert stand.channel.check(stand.access).status is LinkStatus.CONNECTED


def test_a_phone_that_logged_out_needs_a_new_code(stand: Stand) -> None:
    stand.gateway.phones.log_out(stand.client)
    assert stand.channel.check(stand.access).status is not LinkStatus.CONNECTED
    linked = stand.channel.reconnect(stand.access)
    assert linked.state.status in (LinkStatus.SCAN_QR, LinkStatus.STARTING)
    stand.access = stand.with_options(client_id=linked.client_id)
    assert is_scannable(stand.channel.new_qr(stand.access).state)


def test_a_client_that_the_gateway_forgot_must_be_linked_again(stand: Stand) -> None:
    stand.gateway.phones.delete(stand.client.id)
    assert stand.channel.check(stand.access).status is LinkStatus.LOGGED_OUT
    linked = stand.channel.new_qr(stand.access)
    stand.access = stand.with_options(client_id=linked.client_id)
    assert stand.channel.check(stand.access).status is LinkStatus.SCAN_QR


def test_only_aimeow_changes_its_client_id(stand: Stand) -> None:
    stand.gateway.phones.change(stand.client.id, "logged_out", "logged_out")
    changed = stand.channel.new_qr(stand.access).client_id != stand.access.options["client_id"]
    assert changed is (stand.name == "aimeow")
    assert len(stand.gateway.phones.clients) == 1


@only(*ROWS_OF_CODES)
def test_codes_run_out(unlinked: Stand) -> None:
    unlinked.create()
    unlinked.gateway.phones.advance(1000)
    state = unlinked.channel.check(unlinked.access)
    assert state.qr_code is None
    assert state.status in (LinkStatus.FAILED, LinkStatus.DISCONNECTED)
    linked = unlinked.channel.new_qr(unlinked.access)
    unlinked.access = unlinked.with_options(client_id=linked.client_id)
    assert is_scannable(unlinked.channel.check(unlinked.access))


@only(*ROWS_OF_CODES)
def test_the_next_code_follows_the_last(unlinked: Stand) -> None:
    unlinked.create()
    first = unlinked.channel.check(unlinked.access).qr_code
    unlinked.gateway.phones.advance(61)
    second = unlinked.channel.check(unlinked.access).qr_code
    assert first and second and first != second


@only("gowa")
def test_asking_how_it_stands_spoils_no_code(unlinked: Stand) -> None:
    unlinked.create()
    salt = unlinked.client.salt
    assert unlinked.channel.check(unlinked.access) == LinkState(status=LinkStatus.SCAN_QR)
    assert unlinked.client.salt == salt


def test_deleting_logs_out_and_forgets_and_can_be_repeated(stand: Stand) -> None:
    client = stand.client
    stand.channel.delete(stand.access)
    stand.channel.delete(stand.access)
    assert stand.gateway.phones.clients == {}
    assert client.logouts == (0 if stand.name == "aimeow" else 1)


def test_deleting_what_was_never_made_asks_nobody(unlinked: Stand) -> None:
    unlinked.channel.delete(unlinked.access)
    assert unlinked.gateway.calls == []


def test_a_gateway_that_nobody_knows_is_a_matter_of_configuration(stand: Stand) -> None:
    state = stand.channel.check(stand.with_options(gateway="carrier-pigeon"))
    assert state.status is LinkStatus.FAILED
    with pytest.raises(ChannelError) as caught:
        stand.channel.new_qr(stand.with_options(gateway="carrier-pigeon"))
    assert caught.value.outcome is SendOutcome.CONFIGURATION
    assert stand.channel.gateways == NAMES


def test_a_key_that_is_refused_fails_the_account(stand: Stand) -> None:
    state = stand.channel.check(replace(stand.access, secrets={"api_key": "wrong-key"}))
    assert state.status is LinkStatus.FAILED
    assert "wrong-key" not in repr(state)


def test_a_raw_code_is_drawn_and_a_picture_stays() -> None:
    drawn = picture_of("2@abc,def,ghi")
    assert drawn is not None
    assert picture_of(drawn) == drawn
    assert picture_of(drawn.partition(",")[2]) == drawn


@pytest.mark.parametrize("code", [None, "", "not_available", "data:image/gif;base64,R0lGODlh", "2@" + "x" * 5000])
def test_what_no_phone_can_scan_is_no_picture(code: str | None) -> None:
    assert picture_of(code) is None
    assert to_scan(code) == LinkState(status=LinkStatus.SCAN_QR)


@given(code=st.text(max_size=300))
def test_any_text_is_drawn_or_refused(code: str) -> None:
    picture = picture_of(code)
    assert picture is None or picture.startswith("data:image/png;base64,")


def test_a_code_without_an_end_is_believed_for_a_minute() -> None:
    ends = to_scan("2@abc").qr_expires_at
    assert ends is not None
    assert timedelta(seconds=50) < ends - datetime.now(UTC) <= timedelta(seconds=60)

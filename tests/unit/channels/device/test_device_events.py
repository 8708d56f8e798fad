"""Receipts, the state of the link, and events that are not ours or cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ramah.channels.content import Batch, LinkStatus, ReceiptStatus
from ramah.channels.device.channel import DeviceChannel
from ramah.channels.errors import PayloadError, SignatureError
from ramah.channels.port import AccountAccess
from tests.fakes.device.dialects.aimeow import Aimeow
from tests.fakes.device.dialects.gowa import Gowa
from tests.fakes.device.events import Acknowledged, Changed
from tests.unit.channels.device.stand import AINA, CHANNEL_ID, NAMES, SECRET, Stand

AT = 1_760_000_000.0
REPORTS = ("neutral", "waha", "evolution", "gowa")
CHANNEL = DeviceChannel()


def only(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", names, indirect=True)


@only(*REPORTS)
@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_it_reads_a_receipt(stand: Stand, status: str) -> None:
    (receipt,) = stand.read(Acknowledged("3EB0AAAA", AT, status, AINA)).receipts
    assert (receipt.provider_id, receipt.status) == ("3EB0AAAA", ReceiptStatus(status))
    assert receipt.at.timestamp() == AT


@only("neutral", "waha", "evolution")
def test_a_failed_message_says_so(stand: Stand) -> None:
    (receipt,) = stand.read(Acknowledged("3EB0AAAA", AT, "failed", AINA)).receipts
    assert (receipt.status, receipt.error_code) == (ReceiptStatus.FAILED, "failed")


@only("neutral")
def test_a_receipt_echoes_our_reference(stand: Stand) -> None:
    (receipt,) = stand.read(Acknowledged("3EB0AAAA", AT, "sent", AINA, "out-1")).receipts
    assert receipt.reference == "out-1"


@only("neutral", "waha", "evolution")
@pytest.mark.parametrize(
    ("reason", "status"),
    [("network", LinkStatus.DISCONNECTED), ("logged_out", LinkStatus.LOGGED_OUT), ("banned", LinkStatus.FAILED)],
)
def test_a_lost_link_is_told(stand: Stand, reason: str, status: LinkStatus) -> None:
    words = {"network": "disconnected", "logged_out": "logged_out", "banned": "failed"}
    link = stand.read(Changed(AT, words[reason], reason)).link
    assert link is not None
    # WAHA calls every final end FAILED; Evolution closes a banned number like one that was logged out.
    told = {("waha", "logged_out"): LinkStatus.FAILED, ("evolution", "banned"): LinkStatus.LOGGED_OUT}
    assert link.status is told.get((stand.name, reason), status)


@only("neutral", "waha", "evolution")
def test_a_link_that_stands_names_the_phone(stand: Stand) -> None:
    link = stand.read(Changed(AT, "connected")).link
    assert link is not None
    assert (link.status, link.phone) == (LinkStatus.CONNECTED, "+622150009999")


@only("neutral", "evolution")
def test_a_code_to_scan_comes_as_a_picture(stand: Stand) -> None:
    link = stand.read(Changed(AT, "scan_qr", code="2@abc,def,ghi", expires_at=AT + 20)).link
    assert link is not None and link.qr_code is not None
    assert link.status is LinkStatus.SCAN_QR
    assert link.qr_code.startswith("data:image/png;base64,iVBOR")
    assert link.qr_expires_at is not None


@only("evolution")
def test_the_last_code_ends_it(stand: Stand) -> None:
    link = stand.read(Changed(AT, "failed")).link
    assert link is not None and link.detail is not None
    assert link.status is LinkStatus.FAILED
    assert "limit reached" in link.detail


@only("aimeow")
def test_the_other_shape_is_read_as_well(stand: Stand) -> None:
    assert isinstance(stand.gateway.dialect, Aimeow)
    stand.gateway.dialect.named_shape = True
    incoming = stand.message(text="Halo", file=stand.file())
    assert (incoming.text, incoming.sender.phone, len(incoming.media)) == ("Halo", f"+{AINA}", 1)
    (receipt,) = stand.read(Acknowledged("3EB0AAAA", AT, "delivered", AINA)).receipts
    assert receipt.status is ReceiptStatus.DELIVERED
    for event, status in (("connected", LinkStatus.CONNECTED), ("disconnected", LinkStatus.DISCONNECTED)):
        link = stand.read(Changed(AT, event)).link
        assert link is not None and link.status is status


@only("gowa")
def test_a_version_that_names_the_phone_is_known_by_its_secret(stand: Stand) -> None:
    assert isinstance(stand.gateway.dialect, Gowa)
    stand.gateway.dialect.names_phone = True
    assert stand.message(text="Halo").text == "Halo"
    shared = replace(stand.access, secrets={"api_key": "k"})
    _, body = stand.webhook(stand.wrote(text="Halo"))
    (batch,) = stand.channel.parse(shared, body)
    assert batch.incoming == ()


def test_a_client_of_another_account_is_refused_although_it_is_signed(stand: Stand) -> None:
    headers, body = stand.webhook(stand.wrote(text="not yours"))
    other = stand.with_options(client_id="somebody-else")
    with pytest.raises(SignatureError, match="another account"):
        stand.channel.verify(other, headers, body)
    (batch,) = stand.channel.parse(other, body)
    assert (batch.incoming, batch.receipts, batch.link) == ((), (), None)
    assert "not yours" not in str(batch)


def test_a_client_that_was_replaced_brings_messages_but_no_news_of_the_link(stand: Stand) -> None:
    later = stand.with_options(client_id="new", former_clients=[stand.client.id])
    headers, body = stand.webhook(stand.wrote(text="Halo"))
    stand.channel.verify(later, headers, body)
    (batch,) = stand.channel.parse(later, body)
    assert [item.text for item in batch.incoming] == ["Halo"]
    if stand.name in ("neutral", "waha", "evolution"):
        headers, body = stand.webhook(Changed(AT, "disconnected", "network"))
        (batch,) = stand.channel.parse(later, body)
        assert batch.link is None


@pytest.mark.parametrize("name", NAMES)
def test_an_event_that_nobody_knows_is_a_notice(name: str) -> None:
    for event in ({"event": "labels.edit"}, {"event": None}, {}, {"event": "message"}, {"event": "messages.upsert"}):
        batch = parsed(name, event)
        assert (batch.incoming, batch.receipts, batch.link, len(batch.notices)) == ((), (), None, 1)


def account(name: str) -> AccountAccess:
    return AccountAccess(CHANNEL_ID, {"webhook_secret": SECRET}, options={"gateway": name, "client_id": "c1"})


def parsed(name: str, event: dict[str, Any]) -> Batch:
    """What becomes of an event that names our client."""
    named = {"clientId": "c1", "session": "c1", "instance": "c1", "device_id": "c1"}
    (batch,) = CHANNEL.parse(account(name), json.dumps({**event, **named}).encode())
    return batch


@pytest.mark.parametrize("name", NAMES)
@given(body=st.binary(max_size=200))
def test_bytes_of_any_kind_are_an_event_or_a_payload_error(name: str, body: bytes) -> None:
    try:
        CHANNEL.parse(account(name), body)
    except PayloadError:
        return


NAMES_OF_FIELDS = """
event data payload message id key from to fromMe remoteJid remoteJidAlt messageTimestamp timestamp body text
type media url base64 mimetype mimeType location latitude longitude degreesLatitude contacts contact vcard
replyTo ack status qrcode qrCode qrExpiresAt code state statusReason phoneNumber clientRef chatType messageId
conversation extendedTextMessage imageMessage ephemeralMessage protocolMessage editedMessage reactionMessage
contextInfo keyId ids receipt_type image document chat_id is_from_me from_lid rawSender rawSenderAlt isLID
fileUrl _data Info vCards reaction live_location contacts_array fileLength low date_time wuid me pushName
"""
KEYS = st.sampled_from(NAMES_OF_FIELDS.split())
WORDS = st.sampled_from(
    [
        *("message", "message.any", "message.ack", "messages.upsert", "messages.update", "send.message", "status"),
        *("connection.update", "qrcode.updated", "session.status", "qr", "connected", "disconnected", "message_status"),
        *("60121112222@c.us", "99000111222@lid", "1@g.us", "2@abc", "text", "image", "READ", "read", "open", "WORKING"),
        *("1e999", "9" * 40, "2026-01-02T03:04:05Z", "0001-01-01T00:00:00+23:59", "\ud800", "\x00", "²", ""),
    ]
)
LEAVES = (
    WORDS
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(event=st.dictionaries(KEYS, VALUES, max_size=6), name_of_event=WORDS, data=VALUES)
def test_json_of_any_shape_is_read_without_another_exception(
    name: str, event: dict[str, Any], name_of_event: str, data: Any
) -> None:
    whole = {**event, "event": name_of_event, "data": data, "payload": data}
    parsed(name, whole).model_dump_json()
    parsed(name, {**event, "message": data}).model_dump_json()


def test_the_kept_original_holds_no_files() -> None:
    data = {"messageId": "m", "from": AINA, "type": "image", "media": {"base64": "A" * 1_000_000}}
    (incoming,) = parsed("neutral", {"event": "message", "data": data}).incoming
    assert len(json.dumps(incoming.raw)) < 1000
    assert len(incoming.media[0].reference) > 1_000_000

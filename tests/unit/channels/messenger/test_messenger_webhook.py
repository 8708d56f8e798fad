"""Whole webhook bodies: batches, their proof, and bodies that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.errors import PayloadError, SignatureError
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.messenger.parse import parse_webhook
from ramah.channels.port import AccountAccess
from ramah.lib.signatures import hmac_sha256_hex
from tests.unit.channels.messenger.recorded import PAGE, event, recorded, with_events

ACCESS = AccountAccess(PAGE, {"app_secret": "s3cret", "verify_token": "prove-it", "page_token": "t"})
CHANNEL = MessengerChannel("http://127.0.0.1:9", "v23.0")
BODY = recorded("message_text")


def test_nothing_of_a_batch_is_lost() -> None:
    body = recorded("batch_of_everything")
    lists = [entry.get(key, []) for entry in json.loads(body)["entry"] for key in ("messaging", "standby", "changes")]
    batches = parse_webhook(body)
    # Two deliveries, one of them with two ids and a watermark, one with a watermark alone; one read mark.
    counted = {"incoming": 26, "receipts": 2, "watermarks": 3, "notices": 3}
    assert {name: sum(len(getattr(batch, name)) for batch in batches) for name in counted} == counted
    assert sum(map(len, lists)) == 26 + 3 + 3


def test_there_is_one_batch_per_page_and_messages_stay_in_order() -> None:
    batches = parse_webhook(recorded("batch_of_everything"))
    assert [batch.account_external_id for batch in batches] == [PAGE, "700200"]
    assert [item.text for item in batches[1].incoming] == ["satu", "dua"]


@pytest.mark.parametrize("key", ["messaging", "standby"])
@pytest.mark.parametrize("junk", [None, 7, "x", [], {}, {"message": {"text": "nobody sent it"}}])
def test_a_broken_event_hides_no_neighbour(junk: object, key: str) -> None:
    good = event(message={"mid": "m_GOOD", "text": "halo"})
    (batch,) = parse_webhook(with_events([junk, good, junk], key))
    assert [item.external_id for item in batch.incoming] == ["m_GOOD"]
    assert [notice["event"] for notice in batch.notices] == [junk, junk]


@pytest.mark.parametrize("entry", [None, 7, {"id": PAGE}, {"id": PAGE, "messaging": {}}, {"messaging": "x"}])
def test_a_broken_entry_hides_no_neighbour(entry: object) -> None:
    envelope = json.loads(BODY)
    envelope["entry"].insert(0, entry)
    batches = parse_webhook(json.dumps(envelope).encode())
    assert [item.external_id for batch in batches for item in batch.incoming] == ["m_TEXT"]
    assert sum(len(batch.notices) for batch in batches) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"object":"whatsapp_business_account","entry":[]}',
        b'{"object":"page"}',
        b'{"object":"page","entry":{}}',
        b'{"object":"page","entry":[NaN]}',
        b'{"object":"page","entry":' + b"[" * 200_000,
    ],
)
def test_it_refuses_what_is_no_envelope(body: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_webhook(body)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
PARTY = st.fixed_dictionaries({"id": st.sampled_from(["1", PAGE])}) | JSON_VALUES
INSIDE = st.dictionaries(
    st.sampled_from(["mid", "text", "attachments", "quick_reply", "is_echo", "payload", "title", "mids", "watermark"]),
    JSON_VALUES
    | st.lists(st.fixed_dictionaries({"type": st.sampled_from(["image", "location", "x"]), "payload": JSON_VALUES})),
    max_size=5,
)
KINDS = st.sampled_from(["message", "postback", "reaction", "message_edit", "referral", "delivery", "read", "optin"])
ODD_EVENTS = st.builds(
    lambda sender, recipient, kind, inside: {"sender": sender, "recipient": recipient, kind: inside},
    PARTY,
    PARTY,
    KINDS,
    INSIDE | JSON_VALUES,
)


@settings(deadline=None, derandomize=True)
@given(events=st.lists(JSON_VALUES | ODD_EVENTS, min_size=1, max_size=5))
def test_no_event_disappears_whatever_it_is(events: list[Any]) -> None:
    for alone in events:
        (batch,) = parse_webhook(with_events([alone]))
        assert batch.incoming or batch.receipts or batch.watermarks or batch.notices
    together = parse_webhook(with_events(events))[0]
    assert len(together.incoming) == sum(len(parse_webhook(with_events([one]))[0].incoming) for one in events)


@settings(deadline=None, derandomize=True)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        parse_webhook(body)
    except PayloadError as error:
        assert str(error)  # noqa: PT017 - either is right, nothing else may come


def test_it_takes_what_meta_signed() -> None:
    CHANNEL.verify(ACCESS, {"x-hub-signature-256": "sha256=" + hmac_sha256_hex("s3cret", BODY)}, BODY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature": "sha1=" + "0" * 40},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": hmac_sha256_hex("s3cret", BODY)},
        {"x-hub-signature-256": "sha256=" + hmac_sha256_hex("another", BODY)},
        {"x-hub-signature-256": "sha256=" + hmac_sha256_hex("s3cret", BODY + b" ")},
        {"x-hub-signature-256": "sha256=ü"},
    ],
)
def test_it_refuses_anything_else(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        CHANNEL.verify(ACCESS, headers, BODY)


def test_no_secret_signs_nothing() -> None:
    with pytest.raises(SignatureError):
        CHANNEL.verify(AccountAccess(PAGE, {}), {"x-hub-signature-256": "sha256=" + hmac_sha256_hex("", BODY)}, BODY)


def test_it_answers_the_handshake() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "prove-it", "hub.challenge": "42"}
    assert CHANNEL.challenge(ACCESS, asked) == "42"
    assert CHANNEL.challenge(ACCESS, asked | {"hub.verify_token": "wrong"}) is None
    assert CHANNEL.challenge(ACCESS, asked | {"hub.mode": "unsubscribe"}) is None
    assert CHANNEL.challenge(AccountAccess(PAGE, {}), asked | {"hub.verify_token": ""}) is None

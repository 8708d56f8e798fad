"""Whole webhook bodies: batches, statuses, notices, and bodies that cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Receipt, ReceiptStatus
from ramah.channels.errors import PayloadError
from ramah.channels.whatsapp.parse import parse_webhook
from tests.unit.channels.whatsapp.recorded import one_batch, recorded, with_value

AT = datetime(2025, 10, 9, 8, 53, 29, tzinfo=UTC)


def counted(body: bytes, name: str) -> int:
    """How many items of one kind a body holds, counted without our parser."""
    return sum(len(change["value"].get(name, [])) for entry in json.loads(body)["entry"] for change in entry["changes"])


def test_nothing_of_a_batch_is_lost() -> None:
    body = recorded("batch_of_everything")
    batches = parse_webhook(body)
    assert sum(len(batch.incoming) for batch in batches) == counted(body, "messages") == 23
    assert sum(len(batch.receipts) for batch in batches) == counted(body, "statuses") == 5
    assert sum(len(batch.notices) for batch in batches) == 1


def test_messages_stay_in_order() -> None:
    body = recorded("batch_of_everything")
    sent = [
        message["id"]
        for entry in json.loads(body)["entry"]
        for change in entry["changes"]
        for message in change["value"].get("messages", [])
    ]
    assert [item.external_id for batch in parse_webhook(body) for item in batch.incoming] == sent


def test_there_is_one_batch_per_number() -> None:
    batches = parse_webhook(recorded("batch_of_everything"))
    assert [batch.account_external_id for batch in batches] == ["1000001", "1000002", "2000001"]


@pytest.mark.parametrize(
    ("name", "status", "reference"),
    [
        ("sent", ReceiptStatus.SENT, "out-1"),
        ("delivered", ReceiptStatus.DELIVERED, "out-1"),
        ("read", ReceiptStatus.READ, None),
        ("played", ReceiptStatus.READ, None),
    ],
)
def test_it_reads_a_status(name: str, status: ReceiptStatus, reference: str | None) -> None:
    (receipt,) = one_batch(f"status_{name}").receipts
    assert receipt == Receipt(provider_id="wamid.OURS", reference=reference, status=status, at=AT)


def test_a_failed_status_says_why() -> None:
    (receipt,) = one_batch("status_failed").receipts
    assert (receipt.status, receipt.error_code) == (ReceiptStatus.FAILED, "131047")
    assert receipt.error_text is not None
    assert "24 hours" in receipt.error_text


@pytest.mark.parametrize(
    "stray",
    [
        None,
        {"id": "wamid.OURS", "status": "sent"},
        {"id": "wamid.OURS", "status": "teleported", "timestamp": "1760000009"},
        {"status": "sent", "timestamp": "1760000009"},
    ],
)
def test_a_status_that_cannot_be_read_becomes_a_notice_beside_its_neighbours(stray: object) -> None:
    good = {"id": "wamid.OURS", "status": "read", "timestamp": "1760000009"}
    (batch,) = parse_webhook(with_value({"statuses": [good, stray, good]}, "status_sent"))
    assert [receipt.status for receipt in batch.receipts] == [ReceiptStatus.READ, ReceiptStatus.READ]
    assert batch.notices == ({"field": "messages", "status": stray},)


def test_an_account_error_becomes_a_notice_of_its_number() -> None:
    batch = one_batch("account_error")
    assert batch.account_external_id == "1000001"
    assert batch.notices == ({"field": "messages", "error": {"code": 130429, "title": "Rate limit hit"}},)


def test_a_template_status_becomes_a_notice_of_the_business_account() -> None:
    batch = one_batch("template_status")
    assert batch.account_external_id == "2000001"
    assert batch.notices[0]["field"] == "message_template_status_update"
    value = batch.notices[0]["value"]
    assert isinstance(value, dict)
    assert value["event"] == "REJECTED"


@pytest.mark.parametrize("changes", [{"messages": {"a": 1}}, {"statuses": "none"}, {"messages": None}])
def test_a_broken_change_becomes_a_notice(changes: dict[str, Any]) -> None:
    (batch,) = parse_webhook(with_value(changes))
    assert batch.incoming == ()
    assert batch.notices[0]["field"] == "unreadable"


def test_a_broken_entry_or_change_does_not_lose_its_neighbours() -> None:
    envelope = json.loads(recorded("message_text"))
    envelope["entry"] = [None, {"id": "2000001"}, *envelope["entry"]]
    envelope["entry"][2]["changes"].insert(0, "nonsense")
    batches = parse_webhook(json.dumps(envelope).encode())
    assert [item.external_id for batch in batches for item in batch.incoming] == ["wamid.TEXT"]
    assert sum(len(batch.notices) for batch in batches) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b"\xff\xfe",
        b'{"object":"page","entry":[]}',
        b'{"object":"whatsapp_business_account"}',
        b'{"object":"whatsapp_business_account","entry":{}}',
        b'{"object":"whatsapp_business_account","entry":[NaN]}',
        b'{"object":"whatsapp_business_account","entry":' + b"[" * 200_000,
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
KNOWN_KEYS = st.sampled_from(
    ["from", "from_user_id", "id", "timestamp", "type", "text", "image", "interactive", "context"]
)
TYPES = st.sampled_from(["text", "image", "location", "contacts", "interactive", "reaction", "order", "system"])
ODD_MESSAGES = st.builds(
    lambda keys, kind: {**keys, "type": kind}, st.dictionaries(KNOWN_KEYS, JSON_VALUES, max_size=6), TYPES
)


@settings(deadline=None, derandomize=True)
@given(messages=st.lists(JSON_VALUES | ODD_MESSAGES, max_size=5), statuses=st.lists(JSON_VALUES, max_size=3))
def test_whatever_arrives_count_in_is_count_out(messages: list[Any], statuses: list[Any]) -> None:
    (batch,) = parse_webhook(with_value({"messages": messages, "statuses": statuses}))
    assert len(batch.incoming) + len(batch.receipts) + len(batch.notices) == len(messages) + len(statuses)

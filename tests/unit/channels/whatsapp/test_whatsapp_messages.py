"""Every kind of message that a person can send."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ramah.channels.content import IncomingKind
from ramah.channels.whatsapp.parse import parse_webhook
from tests.unit.channels.whatsapp.recorded import FIXTURES, one_message, recorded, with_value

KINDS: list[tuple[str, IncomingKind, str, str | None, str | None]] = [
    ("text", IncomingKind.TEXT, "Halo, mau cuci mobil besok 🚗", None, None),
    ("text_quoting", IncomingKind.TEXT, "yang ini", None, "wamid.OURS"),
    ("text_from_advertisement", IncomingKind.TEXT, "Hi", None, None),
    ("image", IncomingKind.MEDIA, "Baret di pintu kiri", None, None),
    ("video", IncomingKind.MEDIA, "", None, None),
    ("audio", IncomingKind.MEDIA, "", None, None),
    ("document", IncomingKind.MEDIA, "STNK", None, None),
    ("sticker", IncomingKind.MEDIA, "", None, None),
    ("location", IncomingKind.LOCATION, "Menara KL, Jalan P. Ramlee, Kuala Lumpur", None, None),
    ("location_pin", IncomingKind.LOCATION, "-6.2, 106.816666", None, None),
    ("contacts", IncomingKind.CONTACTS, "Budi Santoso +62 812-3456-789\nSiti", None, None),
    ("button", IncomingKind.TAP, "Ya, setuju", "/confirm_booking", "wamid.OURS"),
    ("interactive_button", IncomingKind.TAP, "Cuci biasa", '/choose{"service":"basic_wash"}', "wamid.OURS"),
    ("interactive_list", IncomingKind.TAP, "Nano coating", '/choose{"service":"nano"}', "wamid.OURS"),
    ("interactive_flow", IncomingKind.FORM, "Sent", None, "wamid.OURS"),
    ("interactive_unknown", IncomingKind.UNSUPPORTED, "", None, None),
    ("reaction", IncomingKind.REACTION, "👍", None, "wamid.OURS"),
    ("reaction_removed", IncomingKind.REACTION, "", None, "wamid.OURS"),
    ("order", IncomingKind.ORDER, "Tolong antar\n2 × wax-1", None, None),
    ("system_changed_number", IncomingKind.SYSTEM, "Aina changed from 60121112222 to 60129998888", None, None),
    ("unsupported", IncomingKind.UNSUPPORTED, "", None, None),
    ("unknown_kind", IncomingKind.UNSUPPORTED, "", None, None),
    ("hidden_number", IncomingKind.TEXT, "halo", None, None),
]


def test_every_recorded_message_is_expected_here() -> None:
    on_disk = {path.stem.removeprefix("message_") for path in FIXTURES.glob("message_*.json")}
    assert on_disk == {name for name, *_ in KINDS}


@pytest.mark.parametrize(("name", "kind", "text", "payload", "reply_to"), KINDS, ids=[row[0] for row in KINDS])
def test_it_reads_a_message(
    name: str, kind: IncomingKind, text: str, payload: str | None, reply_to: str | None
) -> None:
    incoming = one_message(name)
    assert (incoming.kind, incoming.text, incoming.payload, incoming.reply_to) == (kind, text, payload, reply_to)


@pytest.mark.parametrize("name", [row[0] for row in KINDS])
def test_it_keeps_the_message_as_meta_sent_it(name: str) -> None:
    message = json.loads(recorded(f"message_{name}"))["entry"][0]["changes"][0]["value"]["messages"][0]
    assert one_message(name).raw == message
    assert one_message(name).external_id == message["id"]


def test_the_time_of_a_message_is_utc() -> None:
    assert one_message("text").sent_at == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)


def test_a_sender_is_known_by_number_and_name() -> None:
    sender = one_message("text").sender
    assert (sender.platform_id, sender.name, sender.phone) == ("60121112222", "Aina Rahman", "+60121112222")


def test_a_sender_without_a_number_is_known_by_the_scoped_id() -> None:
    sender = one_message("hidden_number").sender
    assert (sender.platform_id, sender.name, sender.phone) == ("ID.93aB7c", "Kiki", None)


def test_each_message_of_a_batch_gets_the_name_of_its_own_sender() -> None:
    people = [("60121112222", "Aina"), ("628123456789", "Budi")]
    contacts = [{"profile": {"name": name}, "wa_id": number} for number, name in reversed(people)]
    messages = [
        {"from": number, "id": f"wamid.{name}", "timestamp": "1760000000", "type": "text", "text": {"body": "hi"}}
        for number, name in people
    ]
    (batch,) = parse_webhook(with_value({"contacts": contacts, "messages": messages}))
    assert [(item.sender.platform_id, item.sender.name) for item in batch.incoming] == people


BROKEN: dict[str, dict[str, Any]] = {
    "no content": {"from": "60121112222", "id": "wamid.B", "timestamp": "1760000000", "type": "text"},
    "content of a wrong shape": {"from": "60121112222", "id": "wamid.B", "type": "text", "text": ["hi"]},
    "no type": {"from": "60121112222", "id": "wamid.B", "timestamp": "1760000000"},
    "type of a wrong shape": {"from": "60121112222", "id": "wamid.B", "type": {"a": 1}},
    "tap without an id": {
        "from": "60121112222",
        "id": "wamid.B",
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"title": "Ya"}},
    },
    "context of a wrong shape": {"from": "60121112222", "id": "wamid.B", "type": "image", "context": 7},
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_message_is_kept_and_does_not_lose_its_neighbours(message: dict[str, Any]) -> None:
    good = [
        {"from": "60121112222", "id": f"wamid.{n}", "timestamp": "1760000000", "type": "text", "text": {"body": "hi"}}
        for n in (1, 2)
    ]
    (batch,) = parse_webhook(with_value({"messages": [good[0], message, good[1]]}))
    assert [item.external_id for item in batch.incoming] == ["wamid.1", "wamid.B", "wamid.2"]
    assert batch.incoming[1].kind is IncomingKind.UNSUPPORTED
    assert batch.incoming[1].raw == message


def test_a_message_without_an_id_gets_the_same_one_at_each_delivery() -> None:
    nameless = {"from": "60121112222", "timestamp": "1760000000", "type": "text", "text": {"body": "hi"}}
    body = with_value({"messages": [nameless, nameless | {"timestamp": "1760000001"}]})
    first, second = (parse_webhook(body)[0].incoming for _ in range(2))
    assert [item.external_id for item in first] == [item.external_id for item in second]
    assert first[0].external_id != first[1].external_id
    assert first[0].text == "hi"


@pytest.mark.parametrize("timestamp", ["soon", "", None, "9" * 40, [], True])
def test_an_odd_time_does_not_lose_the_message(timestamp: object) -> None:
    message = {"from": "60121112222", "id": "wamid.T", "timestamp": timestamp, "type": "text", "text": {"body": "hi"}}
    (batch,) = parse_webhook(with_value({"messages": [message]}))
    assert (batch.incoming[0].text, batch.incoming[0].sent_at) == ("hi", None)


@pytest.mark.parametrize("stray", [None, "text", 7, [], {"id": "wamid.X", "type": "text"}])
def test_what_nobody_sent_becomes_a_notice(stray: object) -> None:
    (batch,) = parse_webhook(with_value({"contacts": [], "messages": [stray]}))
    assert batch.incoming == ()
    assert batch.notices == ({"field": "messages", "message": stray},)


def test_half_a_surrogate_pair_is_replaced_and_nothing_else() -> None:
    body = with_value({}).replace(b"mau cuci", b"\\ud83d mau cuci")
    (batch,) = parse_webhook(body)
    assert batch.incoming[0].text == "Halo, � mau cuci mobil besok 🚗"

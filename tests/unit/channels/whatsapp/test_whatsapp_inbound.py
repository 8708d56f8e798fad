"""What comes with a message beside its words: files, places, new numbers, advertisements, echoes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ramah.channels.content import Incoming, IncomingKind, MediaKind, Place, RemoteMedia
from ramah.channels.whatsapp.parse import parse_webhook
from tests.unit.channels.whatsapp.recorded import one_message, recorded, with_value

DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello", by sha256sum
BASE64_DIGEST = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="  # the same, by openssl base64


def read(**message: Any) -> Incoming:
    """One message of Aina, read."""
    whole = {"from": "60121112222", "id": "wamid.X", "timestamp": "1760000000", **message}
    (batch,) = parse_webhook(with_value({"messages": [whole]}))
    (incoming,) = batch.incoming
    assert incoming.raw == whole
    return incoming


def echoed(**message: Any) -> bytes:
    """The envelope of a message that somebody of ours wrote on the phone."""
    envelope = json.loads(recorded("message_text"))
    change = envelope["entry"][0]["changes"][0]
    change["field"] = "smb_message_echoes"
    item = {"from": "622150000001", "id": "wamid.ECHO", "timestamp": "1760000000", "type": "text", **message}
    change["value"] = {"metadata": change["value"]["metadata"], "message_echoes": [item]}
    return json.dumps(envelope).encode()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("audio", RemoteMedia(kind=MediaKind.AUDIO, reference="5003", mime_type="audio/ogg; codecs=opus")),
        (
            "document",
            RemoteMedia(kind=MediaKind.DOCUMENT, reference="5004", mime_type="application/pdf", filename="stnk.pdf"),
        ),
    ],
)
def test_a_file_is_named_for_later(name: str, file: RemoteMedia) -> None:
    assert one_message(name).media == (file,)


@pytest.mark.parametrize("kind", MediaKind)
def test_every_kind_of_file_is_told_apart(kind: MediaKind) -> None:
    incoming = read(type=kind.value, **{kind.value: {"id": "77", "file_size": "12"}})
    assert [(file.kind, file.reference, file.size) for file in incoming.media] == [(kind, "77", 12)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (DIGEST, DIGEST),
        (DIGEST.upper(), DIGEST),
        (BASE64_DIGEST, DIGEST),
        ("q1w4", None),
        ("not a digest!", None),
        ("", None),
        (7, None),
        ("ä" * 44, None),
    ],
)
def test_a_checksum_becomes_hexadecimal(given: object, kept: str | None) -> None:
    assert read(type="image", image={"id": "77", "sha256": given}).media[0].sha256 == kept


def test_a_file_without_an_id_is_kept_as_unsupported() -> None:
    incoming = read(type="image", image={"mime_type": "image/jpeg"})
    assert (incoming.kind, incoming.media) == (IncomingKind.UNSUPPORTED, ())


def test_a_location_is_a_place() -> None:
    place = one_message("location").place
    assert place is not None
    assert (place.name, place.address) == ("Menara KL", "Jalan P. Ramlee, Kuala Lumpur")
    assert one_message("location_pin").place == Place(latitude=-6.2, longitude=106.816666)


@pytest.mark.parametrize("latitude", ["1e999", "-91", '"north"', "null"])
def test_a_place_that_is_not_on_earth_is_kept_as_unsupported(latitude: str) -> None:
    pin = {"from": "60121112222", "id": "wamid.P", "type": "location", "location": {"latitude": 0, "longitude": 1}}
    body = with_value({"messages": [pin]}).replace(b'"latitude": 0', b'"latitude": ' + latitude.encode())
    (batch,) = parse_webhook(body)
    assert (batch.incoming[0].kind, batch.incoming[0].place) == (IncomingKind.UNSUPPORTED, None)


@pytest.mark.parametrize(
    ("system", "address"),
    [
        ({"type": "user_changed_number", "wa_id": "60129998888"}, "60129998888"),
        ({"type": "user_changed_number", "wa_id": "+60129998888"}, "60129998888"),
        ({"type": "customer_changed_number", "new_wa_id": "60129998888"}, "60129998888"),
        ({"type": "customer_identity_changed", "wa_id": "60129998888"}, None),
        ({"type": "user_changed_number"}, None),
        ({"type": "user_changed_number", "wa_id": []}, None),
    ],
)
def test_a_new_number_is_told(system: dict[str, object], address: str | None) -> None:
    incoming = read(type="system", system=system)
    assert (incoming.kind, incoming.changed_address) == (IncomingKind.SYSTEM, address)
    assert incoming.sender.platform_id == "60121112222"


REFERRAL = {"source_url": "https://fb.me/x", "headline": "Promo", "body": "Cuci\npremium"}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "text", "text": {"body": "Hi"}, "referral": REFERRAL}, "Hi"),
        ({"type": "text", "text": {"body": ""}, "referral": REFERRAL}, "Promo – Cuci premium"),
        ({"type": "request_welcome", "referral": REFERRAL}, "Promo – Cuci premium"),
        ({"type": "text", "text": {"body": ""}, "referral": {"source_url": "https://fb.me/x"}}, "https://fb.me/x"),
        ({"type": "text", "text": {"body": ""}, "referral": "odd"}, ""),
        ({"type": "text", "text": {"body": ""}, "referral": {"body": "x" * 900}}, "x" * 200),
        ({"type": "image", "image": {"id": "5"}, "referral": REFERRAL}, ""),
    ],
)
def test_an_advertisement_speaks_for_who_said_nothing(message: dict[str, Any], text: str) -> None:
    assert read(**message).text == text


@pytest.mark.parametrize(
    "context",
    [
        {"forwarded": True},
        {"frequently_forwarded": True},
        {"id": "wamid.OURS", "referred_product": {"catalog_id": "1", "product_retailer_id": "wax-1"}},
    ],
)
def test_forwarded_messages_and_product_enquiries_are_read(context: dict[str, Any]) -> None:
    incoming = read(type="text", text={"body": "ini?"}, context=context)
    assert (incoming.text, incoming.reply_to) == ("ini?", context.get("id"))


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (
            {"product_items": [{"product_retailer_id": "wax-1", "quantity": "3"}, {"quantity": 2}, 7]},
            "3 × wax-1\n2 × ?",
        ),
        ({"product_items": {}, "text": "Tolong antar"}, "Tolong antar"),
        ({}, ""),
    ],
)
def test_an_order_can_be_read(order: dict[str, Any], text: str) -> None:
    incoming = read(type="order", order=order)
    assert (incoming.kind, incoming.text) == (IncomingKind.ORDER, text)


def test_a_broken_card_hides_no_other() -> None:
    cards = [None, {"name": 7}, {"name": {"first_name": "Siti"}, "phones": [{"phone": "+62811"}, "x"]}, {"phones": 1}]
    assert read(type="contacts", contacts=cards).text == "Siti +62811"


def test_what_is_written_on_the_phone_itself_belongs_to_the_customer() -> None:
    (batch,) = parse_webhook(echoed(to="60121112222", text={"body": "Siap, kak"}))
    (incoming,) = batch.incoming
    assert batch.account_external_id == "1000001"
    assert incoming.from_business
    assert (incoming.sender.platform_id, incoming.sender.phone) == ("60121112222", "+60121112222")
    assert (incoming.external_id, incoming.text) == ("wamid.ECHO", "Siap, kak")


def test_an_echo_to_a_hidden_number_is_known_by_the_scoped_id() -> None:
    (batch,) = parse_webhook(echoed(to_user_id="ID.93aB7c", text={"body": "Siap"}))
    assert (batch.incoming[0].sender.platform_id, batch.incoming[0].sender.phone) == ("ID.93aB7c", None)


def test_an_echo_to_nobody_becomes_a_notice() -> None:
    (batch,) = parse_webhook(echoed(text={"body": "Siap"}))
    assert batch.incoming == ()
    assert batch.notices[0]["field"] == "messages"


def test_what_a_customer_writes_is_no_echo() -> None:
    assert not one_message("text").from_business


def test_numbers_that_no_database_takes_hide_no_neighbour() -> None:
    good = {"from": "60121112222", "id": "wamid.1", "type": "text", "text": {"body": "hi"}}
    odd = {"from": "60121112222", "id": "wamid.2", "type": "hologram", "beam": 0}
    body = with_value({"messages": [odd, good]}).replace(b'"beam": 0', b'"beam": [1e999, ' + b"9" * 5000 + b"]")
    (batch,) = parse_webhook(body)
    assert [item.external_id for item in batch.incoming] == ["wamid.2", "wamid.1"]
    assert json.dumps(batch.incoming[0].raw, allow_nan=False)


def test_a_bottomless_message_hides_no_neighbour() -> None:
    good = {"from": "60121112222", "id": "wamid.1", "type": "text", "text": {"body": "hi"}}
    odd = {"from": "60121112222", "type": "hologram", "beam": 0}
    deep = b"[" * 400 + b"]" * 400
    (batch,) = parse_webhook(with_value({"messages": [odd, good]}).replace(b'"beam": 0', b'"beam": ' + deep))
    assert len(batch.incoming) == 2

"""Every kind of event that people and pages cause, read into our own words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ramah.channels.content import IncomingKind, MediaKind, Place, Receipt, ReceiptStatus, Watermark
from ramah.channels.messenger.parse import parse_webhook
from tests.unit.channels.messenger.recorded import AINA, PAGE, event, one_batch, one_message, with_events

AT = datetime(2025, 10, 9, 8, 53, 20, 123_000, tzinfo=UTC)


def test_it_reads_a_text() -> None:
    message = one_message("message_text")
    assert (message.kind, message.text) == (IncomingKind.TEXT, "Halo, mau cuci mobil besok 🚗")
    assert (message.external_id, message.sender.platform_id, message.sent_at) == ("m_TEXT", AINA, AT)
    assert not message.from_business
    assert not message.automatic


def test_a_text_may_quote_a_message() -> None:
    assert one_message("message_quoting").reply_to == "m_OURS"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("image", MediaKind.IMAGE),
        ("video", MediaKind.VIDEO),
        ("audio", MediaKind.AUDIO),
        ("file", MediaKind.DOCUMENT),
        ("sticker", MediaKind.STICKER),
    ],
)
def test_it_reads_a_file(name: str, kind: MediaKind) -> None:
    message = one_message(f"message_{name}")
    (media,) = message.media
    assert (message.kind, media.kind) == (IncomingKind.MEDIA, kind)
    assert media.reference.startswith("https://")


def test_a_document_has_the_name_of_its_address() -> None:
    assert one_message("message_file").media[0].filename == "surat kuasa.pdf"


@pytest.mark.parametrize("url", ["https://cdn.fbsbx.com/", "https://cdn.fbsbx.com/x", "https://[bad/a.pdf"])
def test_a_document_without_a_name_in_its_address_has_none(url: str) -> None:
    attachment = {"type": "file", "payload": {"url": url}}
    (batch,) = parse_webhook(with_events([event(message={"mid": "m", "attachments": [attachment]})]))
    assert batch.incoming[0].media[0].filename is None


def test_several_files_come_with_the_words_beside_them() -> None:
    message = one_message("message_images_with_text")
    assert (message.kind, message.text, len(message.media)) == (IncomingKind.MEDIA, "dua foto", 2)


def test_a_sticker_that_comes_twice_is_one_sticker() -> None:
    (media,) = one_message("message_sticker_twice").media
    assert media.kind is MediaKind.STICKER


def test_it_reads_a_place() -> None:
    message = one_message("message_location")
    assert (message.kind, message.text) == (IncomingKind.LOCATION, "Rumah Aina")
    assert message.place == Place(latitude=-6.2607, longitude=106.8137, name="Rumah Aina")


@pytest.mark.parametrize("pin", [{"lat": 91, "long": 1}, {"lat": "x", "long": 1}, {"lat": 1}, None, {"lat": True}])
def test_a_place_that_is_none_is_kept_as_unsupported(pin: object) -> None:
    attachment = {"type": "location", "payload": {"coordinates": pin}}
    (batch,) = parse_webhook(with_events([event(message={"mid": "m", "attachments": [attachment]})]))
    assert (batch.incoming[0].kind, batch.incoming[0].place) == (IncomingKind.UNSUPPORTED, None)


@pytest.mark.parametrize(
    ("name", "text"),
    [("link", "Paket coating\nhttps://example.org/coating"), ("template", "Cuci Premium\nCoating")],
)
def test_a_shared_link_or_card_is_read_as_its_words(name: str, text: str) -> None:
    message = one_message(f"message_{name}")
    assert (message.kind, message.text) == (IncomingKind.TEXT, text)


def test_words_beside_a_link_are_not_doubled() -> None:
    link = {"type": "fallback", "title": "Contoh", "url": "https://example.org"}
    (batch,) = parse_webhook(
        with_events([event(message={"mid": "m", "text": "https://example.org", "attachments": [link]})])
    )
    assert batch.incoming[0].text == "https://example.org"


def test_what_nobody_knows_is_kept() -> None:
    message = one_message("message_unknown")
    assert message.kind is IncomingKind.UNSUPPORTED
    assert message.raw["message"]


def test_a_quick_reply_is_a_tap() -> None:
    message = one_message("message_quick_reply")
    assert (message.kind, message.text) == (IncomingKind.TAP, "Sen, 23 Nov")
    assert message.payload == '/pick{"day":"2026-11-23"}'
    assert message.proved_phone is None


def test_the_own_number_is_proved_by_its_quick_reply() -> None:
    assert one_message("message_own_number").proved_phone == "+60121112222"


@pytest.mark.parametrize(
    ("text", "payload"), [("+60121112222", "/x"), ("0121112222", "0121112222"), ("+60", "+60"), ("Ya", "+60121112222")]
)
def test_nothing_else_proves_a_number(text: str, payload: str) -> None:
    (batch,) = parse_webhook(
        with_events([event(message={"mid": "m", "text": text, "quick_reply": {"payload": payload}})])
    )
    assert batch.incoming[0].proved_phone is None


def test_a_typed_number_is_only_a_text() -> None:
    (batch,) = parse_webhook(with_events([event(message={"mid": "m", "text": "+60121112222"})]))
    assert (batch.incoming[0].kind, batch.incoming[0].proved_phone) == (IncomingKind.TEXT, None)


def test_a_postback_is_a_tap() -> None:
    message = one_message("postback")
    assert (message.kind, message.text, message.payload) == (IncomingKind.TAP, "Mulai", "GET_STARTED")
    assert message.external_id == "m_POSTBACK"


def test_a_postback_without_an_id_is_the_same_when_it_comes_again() -> None:
    first, again = one_message("postback_without_mid"), one_message("postback_without_mid")
    assert first.external_id == again.external_id != ""
    assert first.sent_at == AT


def test_a_postback_without_a_payload_is_its_words() -> None:
    (batch,) = parse_webhook(with_events([event(postback={"mid": "m", "title": "Mulai"})]))
    assert (batch.incoming[0].kind, batch.incoming[0].text) == (IncomingKind.TEXT, "Mulai")


def test_a_link_that_led_here_needs_no_answer() -> None:
    message = one_message("referral")
    assert (message.kind, message.text) == (IncomingKind.SYSTEM, "SHORTLINK · promo-juli")


def test_it_reads_a_reaction_and_its_removal() -> None:
    message, removed = one_message("reaction"), one_message("reaction_removed")
    assert (message.kind, message.text, message.reply_to) == (IncomingKind.REACTION, "❤️", "m_OURS")
    assert (removed.kind, removed.text) == (IncomingKind.REACTION, "")
    assert message.external_id != removed.external_id


def test_an_edit_replaces_its_message() -> None:
    message = one_message("message_edit")
    assert (message.kind, message.text, message.edit_of) == (IncomingKind.EDIT, "Halo, lusa saja", "m_TEXT")
    assert message.external_id == "m_TEXT:edit-1"


@pytest.mark.parametrize("name", ["optin", "handover", "page_change"])
def test_what_needs_no_turn_is_a_notice(name: str) -> None:
    batch = one_batch(name)
    assert (batch.account_external_id, batch.incoming, len(batch.notices)) == (PAGE, (), 1)


def test_a_delivery_names_messages_and_a_moment() -> None:
    batch = one_batch("delivery")
    up_to = datetime(2025, 10, 9, 8, 53, 20, 23_000, tzinfo=UTC)
    assert batch.receipts == tuple(
        Receipt(provider_id=mid, status=ReceiptStatus.DELIVERED, at=up_to) for mid in ("m_OURS", "m_OURS2")
    )
    assert batch.watermarks == (Watermark(recipient=AINA, status=ReceiptStatus.DELIVERED, up_to=up_to),)


def test_a_delivery_may_name_a_moment_only() -> None:
    batch = one_batch("delivery_without_mids")
    assert (batch.receipts, [mark.status for mark in batch.watermarks]) == ((), [ReceiptStatus.DELIVERED])


def test_a_delivery_without_a_moment_still_names_its_messages() -> None:
    (batch,) = parse_webhook(with_events([event(delivery={"mids": ["m_1", None, "", 7]})]))
    assert [(receipt.provider_id, receipt.at) for receipt in batch.receipts] == [("m_1", AT)]
    assert batch.watermarks == ()


def test_a_read_mark_is_a_moment() -> None:
    (mark,) = one_batch("read").watermarks
    assert (mark.recipient, mark.status) == (AINA, ReceiptStatus.READ)
    assert mark.up_to == datetime(2025, 10, 9, 8, 53, 20, 73_000, tzinfo=UTC)


def test_an_echo_of_ours_brings_our_reference_back() -> None:
    message = one_message("echo_of_ours")
    assert message.from_business
    assert (message.reference, message.external_id, message.sender.platform_id) == ("out-1", "m_OURS", AINA)


def test_an_answer_from_the_page_inbox_is_a_persons() -> None:
    message = one_message("echo_of_the_page_inbox")
    assert message.from_business
    assert (message.reference, message.text, message.sender.platform_id) == (None, "Saya bantu ya", AINA)


def test_a_message_of_the_page_is_an_echo_even_if_it_does_not_say_so() -> None:
    sent = {"sender": {"id": PAGE}, "recipient": {"id": AINA}, "message": {"mid": "m", "text": "halo"}}
    (batch,) = parse_webhook(with_events([sent]))
    assert batch.incoming[0].from_business
    assert batch.incoming[0].sender.platform_id == AINA


@pytest.mark.parametrize(
    "content", [{"reaction": {"mid": "m"}}, {"read": {"watermark": 1}}, {"postback": {"mid": "m"}}]
)
def test_what_else_the_page_does_is_a_notice(content: dict[str, object]) -> None:
    (batch,) = parse_webhook(with_events([{"sender": {"id": PAGE}, "recipient": {"id": AINA}, **content}]))
    assert (batch.incoming, batch.watermarks, len(batch.notices)) == ((), (), 1)


def test_what_another_app_answers_is_kept_and_not_answered() -> None:
    message = one_message("standby")
    assert message.automatic
    assert message.raw["standby"] is True
    assert message.text == "untuk aplikasi lain"


@pytest.mark.parametrize("stamp", ["soon", None, [], "9" * 30, 1e300, -1, True])
def test_an_odd_time_does_no_harm(stamp: object) -> None:
    (batch,) = parse_webhook(with_events([event(message={"mid": "m", "text": "x"}) | {"timestamp": stamp}]))
    assert batch.incoming[0].text == "x"


def test_an_overlong_id_is_shortened_alike_wherever_it_occurs() -> None:
    mid = "m_" + "x" * 500
    sent = [
        event(message={"mid": mid, "text": "x"}),
        event(message={"mid": "m_2", "text": "y", "reply_to": {"mid": mid}}),
    ]
    (batch,) = parse_webhook(with_events(sent))
    assert len(batch.incoming[0].external_id) <= 200
    assert batch.incoming[1].reply_to == batch.incoming[0].external_id

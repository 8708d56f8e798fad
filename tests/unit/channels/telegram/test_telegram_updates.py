"""Updates of the Bot API: what a person sent is read, what concerns nobody is noted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message, Update

from ramah.channels.content import IncomingKind, MediaKind, Place
from ramah.channels.telegram import contents
from tests.unit.channels.telegram.recorded import AINA, NAMES, as_object, changed, one_message, parsed, recorded

AT = datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
NOTICES = [
    "live_location_moves",
    "tap_without_data",
    "tap_in_group",
    "tap_inline",
    "blocked",
    "unblocked",
    "group_text",
    "group_joined",
    "channel_post",
    "from_bot",
    "unknown_update",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_recorded_update_is_one_that_the_library_reads(name: str) -> None:
    assert Update.de_json(as_object(name), None).update_id == as_object(name)["update_id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_update_is_a_message_or_a_notice_and_keeps_its_original(name: str) -> None:
    batch = parsed(recorded(name))
    assert (len(batch.incoming), len(batch.notices)) == ((0, 1) if name in NOTICES else (1, 0))
    kept = batch.notices[0]["update"] if name in NOTICES else batch.incoming[0].raw
    assert kept == as_object(name)


def test_all_messages_have_ids_of_their_own_that_do_not_change() -> None:
    names = [name for name in NAMES if name not in NOTICES]
    ids = {name: one_message(name).external_id for name in names}
    assert {name: one_message(name).external_id for name in names} == ids
    # Message 41 stands in many fixtures; whatever is not that message itself has an id of its own.
    others = [found for found in ids.values() if found != f"{AINA}:41"]
    assert len(set(others)) == len(others) == 10


def test_a_text_has_its_sender_and_its_time() -> None:
    message = one_message("text")
    assert (message.kind, message.text) == (IncomingKind.TEXT, "Halo, mau cuci mobil besok 🚗")
    assert (message.external_id, message.sent_at) == (f"{AINA}:41", AT)
    assert (message.sender.platform_id, message.sender.name, message.sender.phone) == (AINA, "Aina Sari", None)
    assert message.raw["message"]["from"]["language_code"] == "ms"  # type: ignore[index]


def test_a_text_may_quote_a_message() -> None:
    assert one_message("text_quoting").reply_to == f"{AINA}:40"


@pytest.mark.parametrize(
    ("language", "greeting"), [("ms", "Hai"), ("id", "Halo"), ("en-GB", "Hello"), ("de", "Halo"), (None, "Halo")]
)
def test_pressing_start_is_a_greeting_in_the_persons_language(language: str | None, greeting: str) -> None:
    author = {**as_object("start")["message"]["from"], "language_code": language}
    for name in ("start", "start_with_payload"):
        (message,) = parsed(changed(name, **{"from": author})).incoming
        assert (message.kind, message.text) == (IncomingKind.TEXT, greeting)


def test_what_a_link_brought_stays_in_the_original() -> None:
    assert one_message("start_with_payload").raw["message"]["text"] == "/start promo-juli_2"  # type: ignore[index]


@pytest.mark.parametrize("text", ["/starting", "start", "/stop", " /start me up later"])
def test_other_words_are_left_alone(text: str) -> None:
    assert parsed(changed("text", text=text)).incoming[0].text == text


@pytest.mark.parametrize(
    ("name", "kind", "mime_type", "filename", "text"),
    [
        ("photo", MediaKind.IMAGE, "image/jpeg", None, "lecet di pintu"),
        ("document", MediaKind.DOCUMENT, "application/pdf", "bukti transfer.pdf", ""),
        ("audio", MediaKind.AUDIO, "audio/mpeg", "lagu.mp3", ""),
        ("voice", MediaKind.AUDIO, "audio/ogg", None, ""),
        ("video", MediaKind.VIDEO, "video/mp4", "mobil.mp4", "bunyinya begini"),
        ("video_note", MediaKind.VIDEO, "video/mp4", None, ""),
        ("animation", MediaKind.VIDEO, "video/mp4", "ok.mp4", ""),
        ("sticker", MediaKind.STICKER, "image/webp", None, "👍"),
        ("sticker_animated", MediaKind.STICKER, "application/x-tgsticker", None, "😂"),
    ],
)
def test_files_are_named_to_be_fetched_later(
    name: str, kind: MediaKind, mime_type: str, filename: str | None, text: str
) -> None:
    message = one_message(name)
    (media,) = message.media
    assert (message.kind, message.text) == (IncomingKind.MEDIA, text)
    assert (media.kind, media.mime_type, media.filename) == (kind, mime_type, filename)


def test_of_a_photo_the_largest_size_is_taken() -> None:
    (media,) = one_message("photo").media
    assert (media.reference, media.size) == ("BQACAgUAAxlarge", 96000)


def test_each_picture_of_an_album_is_a_message() -> None:
    first, second = one_message("album_first"), one_message("album_second")
    assert (first.external_id, second.external_id) == (f"{AINA}:42", f"{AINA}:43")
    assert first.raw["message"]["media_group_id"] == second.raw["message"]["media_group_id"]  # type: ignore[index]


def test_a_shared_place_is_a_place() -> None:
    message = one_message("location")
    assert (message.kind, message.text) == (IncomingKind.LOCATION, "-6.260719, 106.813742")
    assert message.place == Place(latitude=-6.260719, longitude=106.813742)
    assert one_message("live_location").kind is IncomingKind.LOCATION


def test_a_venue_has_a_name_and_an_address() -> None:
    message = one_message("venue")
    assert (message.kind, message.text) == (IncomingKind.LOCATION, "Kilap Auto, Jl. Ampera 9")
    assert message.place == Place(latitude=-6.26, longitude=106.81, name="Kilap Auto", address="Jl. Ampera 9")


def test_only_the_own_contact_proves_a_number() -> None:
    own = one_message("contact_own")
    assert (own.kind, own.text, own.proved_phone) == (IncomingKind.CONTACTS, "Aina Sari 60121112222", "+60121112222")
    assert [one_message(name).proved_phone for name in ("contact_other", "contact_without_user")] == [None, None]


@pytest.mark.parametrize("number", ["", "abc", "+1", "0121112222", "999999999999999999"])
def test_what_is_no_number_proves_nothing(number: str) -> None:
    contact = {"phone_number": number, "first_name": "Aina", "user_id": int(AINA)}
    assert parsed(changed("contact_own", contact=contact)).incoming[0].proved_phone is None


@pytest.mark.parametrize(
    ("name", "text"), [("dice", "🎲 4"), ("poll", "Jam berapa?\n- 9\n- 10"), ("unknown_content", "")]
)
def test_what_cannot_be_answered_is_kept_with_what_it_shows(name: str, text: str) -> None:
    message = one_message(name)
    assert (message.kind, message.text) == (IncomingKind.UNSUPPORTED, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("pinned", "pinned message"), ("auto_delete_changed", "message auto delete timer changed")],
)
def test_what_telegram_itself_writes_needs_no_answer(name: str, text: str) -> None:
    message = one_message(name)
    assert (message.kind, message.text) == (IncomingKind.SYSTEM, text)


def test_every_service_message_has_the_name_that_the_library_gives_it() -> None:
    assert [name for name in contents._SERVICE if name not in Message.__slots__] == []


def test_an_edit_names_what_it_replaces_and_has_an_id_of_its_own() -> None:
    message = one_message("edited_text")
    assert (message.kind, message.text, message.edit_of) == (IncomingKind.EDIT, "Halo, lusa saja", f"{AINA}:41")
    assert message.external_id.startswith(f"{AINA}:41@1760000100-")
    assert message.sent_at == datetime(2025, 10, 9, 8, 55, tzinfo=UTC)


def test_two_edits_in_one_second_are_two() -> None:
    first, second = (parsed(changed("edited_text", text=text)).incoming[0] for text in ("jam 4", "jam 5"))
    assert first.external_id != second.external_id


def test_a_corrected_caption_is_an_edit_and_a_new_picture_alone_needs_no_answer() -> None:
    caption, picture = one_message("edited_caption"), one_message("edited_without_words")
    assert (caption.kind, caption.text, len(caption.media)) == (IncomingKind.EDIT, "lecet di bumper", 1)
    assert (picture.kind, picture.edit_of, len(picture.media)) == (IncomingKind.SYSTEM, f"{AINA}:41", 1)


def test_a_tap_carries_its_payload_and_title() -> None:
    message = one_message("tap")
    assert (message.kind, message.payload, message.text) == (IncomingKind.TAP, "/deny", "Tidak")
    assert (message.external_id, message.reply_to) == ("cb:4382bfdwdsb323b2d9", f"{AINA}:40")


def test_a_tap_under_a_message_that_is_too_old_to_show_still_counts() -> None:
    message = one_message("tap_on_old_message")
    assert (message.payload, message.text, message.sender.platform_id) == ("/deny", "", AINA)


def test_a_reaction_names_its_message() -> None:
    shown, removed = one_message("reaction"), one_message("reaction_removed")
    assert (shown.kind, shown.text, shown.reply_to) == (IncomingKind.REACTION, "👍", f"{AINA}:40")
    assert (removed.kind, removed.text) == (IncomingKind.REACTION, "")
    assert shown.external_id != removed.external_id
    assert one_message("reaction_custom").text == ""


@pytest.mark.parametrize("author", [{"first_name": ""}, {"first_name": "", "username": None, "last_name": None}])
def test_somebody_without_a_name_goes_by_another_one_or_none(author: dict[str, Any]) -> None:
    person = {**as_object("text")["message"]["from"], "last_name": None, **author}
    (message,) = parsed(changed("text", **{"from": person})).incoming
    assert message.sender.name == person["username"]

"""Messages of people, in all five dialects."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ramah.channels.content import IncomingKind, MediaKind, Place
from tests.unit.channels.device.stand import AINA, NAMES, Stand

AT = datetime.fromtimestamp(1_760_000_000, UTC)
LID = "99000111222333"


def only(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("stand", names, indirect=True)


def test_it_reads_a_text(stand: Stand) -> None:
    incoming = stand.message(text="Halo, masih ada slot?")
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, "Halo, masih ada slot?")
    assert incoming.external_id.endswith("3EB0AAAA")
    assert incoming.sent_at == AT
    assert incoming.raw


def test_a_number_is_proved_by_the_channel(stand: Stand) -> None:
    sender = stand.message(text="hi").sender
    assert (sender.platform_id, sender.phone, sender.name) == (AINA, f"+{AINA}", "Ana")


def test_a_hidden_number_that_is_told_beside_it_is_a_number(stand: Stand) -> None:
    sender = stand.message(text="hi", lid=LID).sender
    assert (sender.platform_id, sender.phone) == (AINA, f"+{AINA}")


def test_a_hidden_number_is_never_taken_for_a_phone(stand: Stand) -> None:
    sender = stand.message(text="hi", phone=None, lid=LID).sender
    assert (sender.platform_id, sender.phone) == (f"{LID}@lid", None)


@pytest.mark.parametrize("chat", ["120363000@g.us", "status@broadcast", "120363001@newsletter"])
def test_groups_stories_and_channels_are_no_messages(stand: Stand, chat: str) -> None:
    batch = stand.read(stand.wrote(text="secret of the group", chat=chat))
    assert (batch.incoming, len(batch.notices)) == ((), 1)
    assert "secret of the group" not in str(batch.notices)


def test_what_is_typed_on_the_phone_itself_is_ours(stand: Stand) -> None:
    incoming = stand.message(text="Saya bantu ya", own=True)
    assert incoming.from_business
    assert (incoming.sender.platform_id, incoming.sender.name) == (AINA, None)


@only("neutral")
def test_an_echo_carries_our_reference(stand: Stand) -> None:
    incoming = stand.message(text="Halo", own=True, reference="out-1")
    assert (incoming.from_business, incoming.reference) == (True, "out-1")


@only("waha", "evolution")
def test_what_went_out_through_the_gateway_is_proof_and_nobody_typing(stand: Stand) -> None:
    batch = stand.read(stand.wrote(text="Halo", own=True, through_api=True))
    assert batch.incoming == ()
    assert [receipt.status for receipt in batch.receipts] == ["sent"]


def test_it_reads_a_place(stand: Stand) -> None:
    where = {"latitude": -6.2, "longitude": 106.8, "name": "Kantor"}
    incoming = stand.message(location=where)
    assert incoming.kind is IncomingKind.LOCATION
    assert incoming.place == Place(latitude=-6.2, longitude=106.8, name="Kantor")
    assert incoming.text == "Kantor"


@only(*(name for name in NAMES if name != "aimeow"))
def test_it_reads_cards(stand: Stand) -> None:
    cards = ({"name": "Budi", "phone": "+62 811"}, {"name": "Siti", "phone": "+60 12"})
    incoming = stand.message(cards=cards)
    assert (incoming.kind, incoming.text) == (IncomingKind.CONTACTS, "Budi +62 811\nSiti +60 12")


@only(*(name for name in NAMES if name != "aimeow"))
def test_it_reads_what_a_message_answers(stand: Stand) -> None:
    assert stand.message(text="yang ini", reply_to="3EB0BBBB").reply_to == "3EB0BBBB"


@pytest.mark.parametrize(
    ("kind", "mime_type"),
    [("image", "image/jpeg"), ("video", "video/mp4"), ("audio", "audio/ogg"), ("document", "application/pdf")],
)
def test_it_reads_a_file(stand: Stand, kind: str, mime_type: str) -> None:
    incoming = stand.message(text="ini fotonya", file=stand.file(kind=kind, mime_type=mime_type))
    (media,) = incoming.media
    assert (incoming.kind, incoming.text, media.kind) == (IncomingKind.MEDIA, "ini fotonya", MediaKind(kind))
    assert stand.channel.fetch(stand.access, media, 1000).content == b"picture"


def test_the_same_message_has_the_same_id_again(stand: Stand) -> None:
    assert stand.message(text="hi").external_id == stand.message(text="hi").external_id


# The ids of WAHA always hold the chat.
@only(*(name for name in NAMES if name != "waha"))
def test_messages_without_an_id_are_told_apart_by_what_they_say(stand: Stand) -> None:
    first, second = stand.message(id="", text="satu").external_id, stand.message(id="", text="dua").external_id
    assert first.startswith("unidentified:") and first != second
    assert stand.message(id="", text="satu").external_id == first


def test_somebody_without_an_address_is_a_notice(stand: Stand) -> None:
    batch = stand.read(stand.wrote(text="hi", phone=None, lid=None))
    assert (batch.incoming, len(batch.notices)) == ((), 1)


def test_every_message_is_put_under_our_own_id_of_the_account(stand: Stand) -> None:
    assert stand.read(stand.wrote(text="hi")).account_external_id == stand.access.external_id

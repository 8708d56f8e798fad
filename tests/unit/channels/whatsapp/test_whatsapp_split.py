"""Files, quotes, places and typed numbers in messages of several parts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing, Template
from ramah.channels.whatsapp.render import needed_uploads, render
from ramah.channels.whatsapp.split import split_message
from tests.fakes.graph.requests import read_message

BROCHURE = Attachment(kind=MediaKind.DOCUMENT, media_id="m1", mime_type="application/pdf", filename="harga.pdf")
PHOTO = Attachment(kind=MediaKind.IMAGE, media_id="m2", mime_type="image/jpeg", content=b"\xff\xd8")
VOICE = Attachment(kind=MediaKind.AUDIO, media_id="m3", mime_type="audio/ogg")
LINK = "https://example.org/a.jpg"


def choices(count: int) -> tuple[Choice, ...]:
    """So many different choices."""
    return tuple(Choice(title=f"Pilihan {n}", payload=f"/pick{n}") for n in range(1, count + 1))


def shapes(message: Outgoing) -> list[str]:
    """What each part is: the file (if any), then what is around it. Every part obeys Meta's limits."""
    found = []
    for part in split_message(message):
        files = {file.media_id: f"meta-{file.media_id}" for file in needed_uploads(part)}
        body = render(part, "60121112222", "out-1", files)
        read_message(body)
        file = part.attachment.media_id if part.attachment else ("link" if part.image_url else "")
        kind = "place" if part.location_request else "choices" if part.choices else "text" if part.text else ""
        found.append("+".join(word for word in (file, kind) if word))
    return found


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Outgoing(attachment=BROCHURE), ["m1"]),
        (Outgoing(attachment=BROCHURE, text="Harga"), ["m1+text"]),
        (Outgoing(attachment=BROCHURE, text="x" * 1025), ["m1", "text"]),
        (Outgoing(attachment=VOICE, text="Dengar"), ["m3", "text"]),
        (Outgoing(attachment=PHOTO, text="Ini", image_url=LINK), ["link", "m2+text"]),
        (Outgoing(attachment=PHOTO, text="Ini", choices=choices(3)), ["m2+choices"]),
        (Outgoing(attachment=BROCHURE, text="Ini", choices=choices(3)), ["m1+choices"]),
        (Outgoing(attachment=VOICE, text="Ini", choices=choices(3)), ["m3", "choices"]),
        (Outgoing(attachment=VOICE, text="Ini", image_url=LINK, choices=choices(3)), ["m3", "link+choices"]),
        (Outgoing(attachment=PHOTO, text="Ini", image_url=LINK, choices=choices(3)), ["link", "m2+choices"]),
        (Outgoing(attachment=PHOTO, text="Ini", choices=choices(5)), ["m2", "choices"]),
        (Outgoing(attachment=PHOTO, text="Ini", choices=choices(11)), ["m2+text"]),
        (Outgoing(text="Di mana?", location_request=True), ["place"]),
        (Outgoing(location_request=True), ["place"]),
        (Outgoing(text="x" * 1025, location_request=True), ["text", "place"]),
        (Outgoing(text="Di mana?", attachment=PHOTO, location_request=True), ["m2", "place"]),
        (Outgoing(text="Di mana?", choices=choices(2), location_request=True), ["choices", "place"]),
        (Outgoing(text="Nomor kakak?", contact_request=True, subject="Pesanan"), ["text"]),
        (Outgoing(text=" ", image_url=""), []),
    ],
)
def test_files_and_places_find_their_part(message: Outgoing, parts: list[str]) -> None:
    assert shapes(message) == parts


@pytest.mark.parametrize("extra", [{}, {"attachment": PHOTO}, {"location_request": True}])
def test_numbered_choices_survive_with_the_last_part(extra: dict[str, object]) -> None:
    parts = split_message(Outgoing(text="kata " * 1500, choices=choices(11)).model_copy(update=extra))
    assert [part.numbered for part in parts] == [()] * (len(parts) - 1) + [choices(11)]
    assert len(parts) > 1
    assert "11. Pilihan 11" in parts[-1].text or "11. Pilihan 11" in parts[-2].text


def test_choices_that_are_shown_are_not_numbered() -> None:
    (part,) = split_message(Outgoing(text="Pilih", choices=choices(3)))
    assert part.numbered == ()


def test_only_the_first_part_quotes() -> None:
    parts = split_message(Outgoing(text="kata " * 1500, choices=choices(2), reply_to="wamid.THEIRS"))
    assert [part.reply_to for part in parts] == ["wamid.THEIRS", *[None] * (len(parts) - 1)]
    assert len(parts) == 3


def test_a_template_is_one_part_and_nothing_beside_it_is_sent() -> None:
    template = Template(name="reminder", language="id", preview="Halo Aina, besok jam 10.")
    message = Outgoing(template=template, text="x" * 9000, choices=choices(2), attachment=PHOTO, reply_to="wamid.T")
    assert split_message(message) == [message]
    assert needed_uploads(message) == []
    body = render(message, "60121112222", "out-1")
    assert body["template"] == {"name": "reminder", "language": {"code": "id"}}
    assert body["context"] == {"message_id": "wamid.T"}
    assert not {"text", "interactive", "image"} & body.keys()
    assert "besok" not in str(body)


def test_a_file_keeps_its_name_and_its_words() -> None:
    body = render(Outgoing(attachment=BROCHURE, text="Harga"), "60121112222", "out-1", {"m1": "77"})
    assert body["document"] == {"id": "77", "filename": "harga.pdf", "caption": "Harga"}


def test_a_file_that_was_not_uploaded_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="uploaded"):
        render(Outgoing(attachment=BROCHURE), "60121112222", "out-1")


def test_a_request_for_the_place_has_a_button() -> None:
    body = render(Outgoing(text="Di mana?", location_request=True), "60121112222", "out-1")
    assert body["interactive"] == {
        "type": "location_request_message",
        "body": {"text": "Di mana?"},
        "action": {"name": "send_location"},
    }


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.just("kata " * 300) | st.just("x" * 5000)
MESSAGES = st.builds(
    Outgoing,
    text=TEXTS,
    choices=st.sampled_from([0, 2, 5, 12]).map(choices),
    image_url=st.sampled_from([None, "", LINK]),
    attachment=st.sampled_from([None, BROCHURE, PHOTO, VOICE]),
    location_request=st.booleans(),
    numbered=st.sampled_from([(), choices(1)]),
    reply_to=st.sampled_from([None, "wamid.THEIRS"]),
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MESSAGES)
def test_whatever_is_sent_obeys_all_limits_and_is_not_split_again(message: Outgoing) -> None:
    parts = split_message(message)
    assert len(shapes(message)) == len(parts)
    assert [split_message(part) for part in parts] == [[part] for part in parts]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MESSAGES)
def test_nothing_of_a_message_is_lost(message: Outgoing) -> None:
    parts = split_message(message)
    said = "".join("".join(part.text.split()) for part in parts)
    assert said.startswith("".join(message.text.split()))
    assert [part.attachment for part in parts if part.attachment] == [message.attachment] * bool(message.attachment)
    assert [part.image_url for part in parts if part.image_url] == [message.image_url] * bool(message.image_url)
    assert sum(part.location_request for part in parts) == message.location_request
    assert {part.choices or part.numbered for part in parts} >= ({message.choices} if message.choices else set())

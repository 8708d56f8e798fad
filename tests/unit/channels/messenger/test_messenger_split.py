"""Messages cut into requests, and what each request says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing, Template
from ramah.channels.messenger.render import one_part, render
from ramah.channels.messenger.split import MOST_QUICK_REPLIES, TEXT_LIMIT, split_message
from tests.fakes.messenger.requests import read_request

FILE = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/png", content=b"x")


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(title=f"Pilihan {number}", payload=f"/p{number}") for number in range(count))


def test_a_text_is_one_request_with_our_reference() -> None:
    body = render(one_part(Outgoing(text=" Halo ")), "42", "out-1")
    assert body == {
        "recipient": {"id": "42"},
        "messaging_type": "RESPONSE",
        "message": {"text": "Halo", "metadata": "out-1"},
    }


@pytest.mark.parametrize("count", [1, 3, MOST_QUICK_REPLIES])
def test_choices_are_quick_replies(count: int) -> None:
    message = render(one_part(Outgoing(text="Yang mana?", choices=choices(count))), "42", "out-1")["message"]
    assert isinstance(message, dict)
    assert message["quick_replies"] == [
        {"content_type": "text", "title": choice.title, "payload": choice.payload} for choice in choices(count)
    ]


@pytest.mark.parametrize(
    "unfit",
    [
        choices(MOST_QUICK_REPLIES + 1),
        (Choice(title="x" * 21, payload="/a"),),
        (Choice(title=" ", payload="/a"),),
        (Choice(title="a", payload=""),),
        (Choice(title="a", payload="/" + "x" * 1000),),
        (Choice(title="a", payload="/a", description="Rp150.000"),),
        (Choice(title="a", payload="/a"), Choice(title="a ", payload="/b")),
    ],
)
def test_what_quick_replies_cannot_show_whole_becomes_numbered_text(unfit: tuple[Choice, ...]) -> None:
    (part,) = split_message(Outgoing(text="Yang mana?", choices=unfit), "id")
    assert (part.choices, part.numbered) == ((), unfit)
    assert "\n1." in part.text


def test_choices_without_a_question_are_numbered() -> None:
    (part,) = split_message(Outgoing(choices=choices(2)), "id")
    assert part.text == "1. Pilihan 0\n2. Pilihan 1"


def test_the_same_payload_is_offered_once() -> None:
    twice = (Choice(title="Ya", payload="/y"), Choice(title="Iya", payload="/y"), Choice(title="Tidak", payload="/n"))
    (part,) = split_message(Outgoing(text="?", choices=twice), "id")
    assert [choice.title for choice in part.choices] == ["Ya", "Tidak"]


def test_choices_stand_beside_the_end_of_a_long_text() -> None:
    parts = split_message(Outgoing(text="kata " * 700 + "\n\nYang mana?", choices=choices(2)), "id")
    assert [bool(part.choices) for part in parts] == [False, False, True]
    assert parts[-1].text.endswith("Yang mana?")


def test_files_go_before_the_words() -> None:
    message = Outgoing(text="Ini", image_url="https://example.org/a.jpg", attachment=FILE, choices=choices(1))
    parts = split_message(message, "id")
    assert [(part.image_url, part.attachment, part.text) for part in parts] == [
        ("https://example.org/a.jpg", None, ""),
        (None, FILE, ""),
        (None, None, "Ini"),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Ketuk nomor"), ("ms", "Ketik nombor"), ("en", "Tap your number"), ("fr", "Tap your")],
)
def test_a_bare_request_for_the_number_has_words_of_the_reader(language: str, words: str) -> None:
    (part,) = split_message(Outgoing(contact_request=True), language)
    assert part.text.startswith(words)
    message = render(part, "42", "out-1")["message"]
    assert isinstance(message, dict)
    assert message["quick_replies"] == [{"content_type": "user_phone_number"}]


def test_the_number_counts_among_the_quick_replies() -> None:
    full = Outgoing(text="Nomor?", choices=choices(MOST_QUICK_REPLIES), contact_request=True)
    (part,) = split_message(full, "id")
    assert (part.choices, part.contact_request) == ((), True)
    (part,) = split_message(full.model_copy(update={"choices": choices(2)}), "id")
    assert (len(part.choices), part.contact_request) == (2, True)


def test_a_template_goes_out_as_its_wording() -> None:
    (part,) = split_message(Outgoing(template=Template(name="t", language="id", preview="Besok jam 9")), "id")
    assert part == Outgoing(text="Besok jam 9")


def test_what_messenger_has_no_form_for_is_left_out() -> None:
    assert split_message(Outgoing(location_request=True), "id") == []
    assert split_message(Outgoing(text="Ya", reply_to="m_1", list_label="Pilih"), "id") == [Outgoing(text="Ya")]


@pytest.mark.parametrize("message", [Outgoing(), Outgoing(text=" \n"), Outgoing(text="kata " * 1000)])
def test_only_one_request_can_be_sent(message: Outgoing) -> None:
    with pytest.raises(ValueError, match="split it first"):
        one_part(message)


def test_a_person_of_the_page_answers_late_under_a_tag() -> None:
    body = render(one_part(Outgoing(text="Maaf baru balas")), "42", "out-1", human_agent=True)
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


CHOICES = st.lists(st.builds(Choice, title=st.text(max_size=30), payload=st.text(max_size=1100)), max_size=16).map(
    tuple
)
MESSAGES = st.builds(
    Outgoing,
    text=st.text(max_size=50) | st.text(min_size=1900, max_size=5000),
    choices=CHOICES,
    image_url=st.none() | st.just("https://example.org/a.jpg"),
    attachment=st.none() | st.just(FILE),
    contact_request=st.booleans(),
    location_request=st.booleans(),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(message=MESSAGES, language=st.sampled_from(["id", "ms", "en"]))
def test_every_part_is_a_request_that_messenger_takes(message: Outgoing, language: str) -> None:
    parts = split_message(message, language)
    for part in parts:
        assert split_message(part, language) == [part]
        assert len(part.text) <= TEXT_LIMIT
        read_request(render(part, "42", "out-1"), part.attachment.content if part.attachment else None)
    shown = [choice.payload for part in parts for choice in (*part.choices, *part.numbered)]
    assert set(shown) == {choice.payload for choice in message.choices}

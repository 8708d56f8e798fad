"""Messages cut into requests, and the keyboards under them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing, Template
from ramah.channels.short_keys import SHORT_KEY_SIGN, short_key
from ramah.channels.telegram.payloads import short_payload
from ramah.channels.telegram.render import markup_of, quoted
from ramah.channels.telegram.split import CAPTION_LIMIT, MOST_BUTTONS, TEXT_LIMIT, one_part, split_message
from ramah.channels.telegram.words import words
from tests.fakes.telegram.keyboards import read_markup

YES, NO = Choice(title="Ya", payload="/yes"), Choice(title="Tidak", payload="/no")
PICTURE = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/png")
STICKER = Attachment(kind=MediaKind.STICKER, media_id="m2", mime_type="image/webp")
ADDRESS = "https://example.org/a.jpg"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(title=f"Pilihan {number}", payload=f"/p{number}") for number in range(count))


def test_a_text_is_one_request() -> None:
    assert split_message(Outgoing(text=" Halo "), "id") == [Outgoing(text="Halo")]


@pytest.mark.parametrize("count", [1, 3, MOST_BUTTONS])
def test_each_choice_is_a_button_in_a_line_of_its_own(count: int) -> None:
    (part,) = split_message(Outgoing(text="Yang mana?", choices=choices(count)), "id")
    markup = markup_of(part)
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [[(button.text, button.callback_data) for button in line] for line in markup.inline_keyboard] == [
        [(choice.title, choice.payload)] for choice in choices(count)
    ]


@pytest.mark.parametrize(
    "unfit",
    [choices(MOST_BUTTONS + 1), (Choice(title="x" * 65, payload="/a"),), (Choice(title=" ", payload="/a"),)],
)
def test_what_buttons_cannot_show_whole_becomes_numbered_text(unfit: tuple[Choice, ...]) -> None:
    (part,) = split_message(Outgoing(text="Yang mana?", choices=unfit), "id")
    assert (part.choices, part.numbered) == ((), unfit)
    assert "\n1." in part.text


def test_choices_without_a_question_are_numbered() -> None:
    (part,) = split_message(Outgoing(choices=(YES, NO)), "id")
    assert (part.text, part.numbered) == ("1. Ya\n2. Tidak", (YES, NO))


def test_descriptions_stand_in_the_text_and_titles_on_the_buttons() -> None:
    described = (Choice(title="Cuci", payload="/c", description="Rp75.000"), NO)
    (part,) = split_message(Outgoing(text="Paket?", choices=described), "id")
    assert part.text == "Paket?\n\n• Cuci – Rp75.000\n• Tidak"
    assert [(choice.title, choice.payload, choice.description) for choice in part.choices] == [
        ("Cuci", "/c", None),
        ("Tidak", "/no", None),
    ]


def test_buttons_stand_under_the_end_of_a_long_text() -> None:
    parts = split_message(Outgoing(text="kata " * 2000 + "\n\nSetuju?", choices=(YES, NO)), "id")
    assert [bool(part.choices) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].text.endswith("Setuju?")


@pytest.mark.parametrize("file", [{"image_url": ADDRESS}, {"attachment": PICTURE}])
def test_words_stand_under_a_file(file: dict[str, object]) -> None:
    (part,) = split_message(Outgoing.model_validate({"text": "Ini", "choices": (YES,), **file}), "id")
    assert (part.text, part.choices) == ("Ini", (YES,))


def test_a_long_text_goes_before_the_file_and_its_end_below() -> None:
    parts = split_message(Outgoing(text="kata " * 1000, attachment=PICTURE), "id")
    assert [part.attachment for part in parts] == [None] * (len(parts) - 1) + [PICTURE]
    assert 0 < units(parts[-1].text) <= CAPTION_LIMIT


def test_a_sticker_carries_no_words() -> None:
    parts = split_message(Outgoing(text="Sip!", attachment=STICKER, choices=(YES,)), "id")
    assert parts == [Outgoing(attachment=STICKER), Outgoing(text="Sip!", choices=(YES,))]


def test_two_files_are_two_messages() -> None:
    parts = split_message(Outgoing(text="Dua", image_url=ADDRESS, attachment=PICTURE), "id")
    assert parts == [Outgoing(image_url=ADDRESS), Outgoing(text="Dua", attachment=PICTURE)]


@pytest.mark.parametrize("language", ["id", "ms", "en"])
def test_the_button_that_shares_a_number_speaks_the_readers_language(language: str) -> None:
    (part,) = split_message(Outgoing(text="Nomornya?", contact_request=True), language)
    markup = markup_of(part)
    assert isinstance(markup, ReplyKeyboardMarkup)
    ((button,),) = markup.keyboard
    assert (button.text, button.request_contact) == (words(language)["contact"], True)
    assert (markup.one_time_keyboard, markup.resize_keyboard) == (True, True)


def test_a_number_and_a_place_are_two_buttons() -> None:
    (part,) = split_message(Outgoing(contact_request=True, location_request=True), "ms")
    markup = markup_of(part)
    assert isinstance(markup, ReplyKeyboardMarkup)
    asked = [(button.text, button.request_contact, button.request_location) for (button,) in markup.keyboard]
    assert asked == [(words("ms")["contact"], True, None), (words("ms")["location"], None, True)]
    assert part.text == f"{words('ms')['contact_request']} {words('ms')['location_request']}"


def test_choices_beside_a_request_are_keys_that_type_their_title() -> None:
    (part,) = split_message(Outgoing(text="Nomornya?", contact_request=True, choices=(NO,), list_label="Pilih"), "id")
    markup = markup_of(part)
    assert isinstance(markup, ReplyKeyboardMarkup)
    assert [line[0].text for line in markup.keyboard] == [words("id")["contact"], "Tidak"]
    assert part.choices == (NO,)


def test_keys_with_the_same_title_would_say_the_same_and_are_numbered() -> None:
    twice = (Choice(title="Ya", payload="/a"), Choice(title="Ya ", payload="/b"))
    (part,) = split_message(Outgoing(text="?", contact_request=True, choices=twice), "id")
    assert (part.choices, part.numbered) == ((), twice)
    assert split_message(Outgoing(text="?", choices=twice), "id")[0].choices == twice


def test_the_first_part_quotes() -> None:
    parts = split_message(Outgoing(text="kata " * 1700, reply_to="7:5"), "id")
    assert [part.reply_to for part in parts] == ["7:5", None, None]


@pytest.mark.parametrize(
    ("chat", "reply_to", "number"),
    [(7, "7:5", 5), (7, "7:5@1760000100-d4b81a", 5), (8, "7:5", None), (7, "cb:99", None), (7, "", None)],
)
def test_only_messages_of_the_same_chat_are_quoted(chat: int, reply_to: str, number: int | None) -> None:
    found = quoted(chat, reply_to)
    assert (found.message_id if found else None) == number
    assert found is None or found.allow_sending_without_reply


def test_a_template_goes_out_as_its_wording() -> None:
    (part,) = split_message(Outgoing(template=Template(name="t", language="id", preview="Besok jam 9")), "id")
    assert part == Outgoing(text="Besok jam 9")


@pytest.mark.parametrize("message", [Outgoing(), Outgoing(text=" \n"), Outgoing(text="kata " * 2000)])
def test_only_one_request_can_be_sent(message: Outgoing) -> None:
    with pytest.raises(ValueError, match="split it first"):
        one_part(message)


def test_the_label_travels_with_its_part() -> None:
    (part,) = split_message(Outgoing(text="?", contact_request=True), "en")
    assert one_part(part) == part


@pytest.mark.parametrize("payload", ["", "/" + "x" * 64, '/choose{"draft":"' + "é" * 40 + '"}', "#looks-like-a-key"])
def test_a_payload_that_does_not_fit_travels_as_its_key(payload: str) -> None:
    assert short_payload(payload) == short_key(payload)
    assert short_payload(payload).startswith(SHORT_KEY_SIGN)


@given(st.text(max_size=100))
def test_what_a_button_carries_always_fits_and_is_always_the_same(payload: str) -> None:
    carried = short_payload(payload)
    assert 0 < len(carried.encode()) <= 64
    assert carried == short_payload(payload)
    assert carried == payload or carried.startswith(SHORT_KEY_SIGN)


TEXTS = st.text(max_size=50) | st.text(alphabet=st.sampled_from("ab \n🚗é"), min_size=1000, max_size=9000)
CHOICES = st.lists(
    st.builds(Choice, title=st.text(max_size=70), payload=st.text(max_size=90), description=st.none() | st.just("Rp1")),
    max_size=5,
).map(tuple)
MESSAGES = st.builds(
    Outgoing,
    text=TEXTS,
    choices=CHOICES,
    image_url=st.none() | st.just(ADDRESS),
    attachment=st.none() | st.sampled_from([PICTURE, STICKER]),
    contact_request=st.booleans(),
    location_request=st.booleans(),
    reply_to=st.none() | st.just("7:5"),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(message=MESSAGES, language=st.sampled_from(["id", "ms", "en"]))
def test_every_part_is_a_request_that_telegram_takes(message: Outgoing, language: str) -> None:
    parts = split_message(message, language)
    for part in parts:
        assert split_message(part, language) == [part]
        assert units(part.text) <= (CAPTION_LIMIT if part.image_url or part.attachment else TEXT_LIMIT)
        assert part.text or part.image_url or part.attachment
        markup = markup_of(part)
        read_markup(json.dumps(markup.to_dict()) if markup else None)
    shown = [choice.payload for part in parts for choice in (*part.choices, *part.numbered)]
    assert shown == [choice.payload for choice in message.choices]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=9000))
def test_no_word_of_a_long_text_is_lost(text: str) -> None:
    parts = split_message(Outgoing(text=text), "id")
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())

"""Messages as request bodies, within every limit of Meta."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Choice, Outgoing
from ramah.channels.whatsapp.render import render
from ramah.channels.whatsapp.split import split_message
from tests.fakes.graph.requests import read_message


def bodies(message: Outgoing) -> list[dict[str, Any]]:
    """All requests of a message, each accepted by the limits of the reference."""
    rendered = [render(part, "60121112222", "out-1") for part in split_message(message)]
    for body in rendered:
        read_message(body)
    return rendered


def choices(count: int, **more: str) -> tuple[Choice, ...]:
    """So many different choices."""
    return tuple(Choice(title=f"Pilihan {n}", payload=f"/pick{n}", **more) for n in range(1, count + 1))


def test_a_text() -> None:
    assert bodies(Outgoing(text="Halo *Aina*")) == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "60121112222",
            "biz_opaque_callback_data": "out-1",
            "type": "text",
            "text": {"body": "Halo *Aina*", "preview_url": False},
        }
    ]


def test_a_text_with_a_link_shows_its_preview() -> None:
    (body,) = bodies(Outgoing(text="Lihat https://example.org/katalog"))
    assert body["text"]["preview_url"] is True


def test_a_person_without_a_number_is_addressed_by_the_scoped_id() -> None:
    body = render(Outgoing(text="Halo"), "ID.93aB7c", "out-1")
    assert body["recipient"] == "ID.93aB7c"
    assert "to" not in body


def test_up_to_three_choices_are_buttons() -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(3)))
    assert body["interactive"]["type"] == "button"
    assert [button["reply"] for button in body["interactive"]["action"]["buttons"]] == [
        {"id": f"/pick{n}", "title": f"Pilihan {n}"} for n in (1, 2, 3)
    ]


def test_four_to_ten_choices_are_a_list() -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(10), list_label="Lihat layanan"))
    assert body["interactive"]["type"] == "list"
    assert body["interactive"]["action"]["button"] == "Lihat layanan"
    assert [row["id"] for row in body["interactive"]["action"]["sections"][0]["rows"]] == [
        f"/pick{n}" for n in range(1, 11)
    ]


def test_choices_with_descriptions_are_a_list_however_few() -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(2, description="Mulai Rp50.000")))
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["description"] for row in rows] == ["Mulai Rp50.000"] * 2
    assert body["interactive"]["action"]["button"] == "☰"


def test_more_than_ten_choices_become_numbered_text() -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(11)))
    assert body["type"] == "text"
    assert body["text"]["body"].startswith("Pilih\n\n1. Pilihan 1\n2. Pilihan 2")
    assert body["text"]["body"].endswith("11. Pilihan 11")


@pytest.mark.parametrize("payload", ["", "x" * 257, " /pick", "/pick "])
def test_an_id_that_meta_refuses_makes_numbered_text(payload: str) -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=(Choice(title="Ya", payload=payload),)))
    assert body["text"]["body"] == "Pilih\n\n1. Ya"


def test_long_button_titles_are_cut_and_stay_different() -> None:
    same = "Jadwalkan ulang untuk minggu "
    options = tuple(Choice(title=same + day, payload=day) for day in ("depan", "ini", "lalu"))
    (body,) = bodies(Outgoing(text="Pilih", choices=options))
    titles = [button["reply"]["title"] for button in body["interactive"]["action"]["buttons"]]
    assert titles == ["Jadwalkan ulang unt…", "Jadwalkan ulang u… 2", "Jadwalkan ulang u… 3"]


def test_a_row_title_that_is_cut_is_whole_in_the_description() -> None:
    title = "Detailing interior lengkap + ozon"
    options = (*choices(3), Choice(title=title, payload="/d", description="Rp350.000"))
    (body,) = bodies(Outgoing(text="Pilih", choices=options))
    row = body["interactive"]["action"]["sections"][0]["rows"][3]
    assert row == {"id": "/d", "title": "Detailing interior leng…", "description": f"{title} · Rp350.000"}


@pytest.mark.parametrize("title", ["*Ya*", "_Ya_", "~Ya~", "`Ya`", " Ya\n"])
def test_titles_carry_no_markup(title: str) -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=(Choice(title=title, payload="/y"),)))
    assert body["interactive"]["action"]["buttons"][0]["reply"]["title"] == "Ya"


def test_a_repeated_payload_is_shown_once() -> None:
    options = (*choices(1), Choice(title="Lagi", payload="/pick1"), Choice(title="Batal", payload="/stop"))
    (body,) = bodies(Outgoing(text="Pilih", choices=options))
    shown = [button["reply"]["title"] for button in body["interactive"]["action"]["buttons"]]
    assert shown == ["Pilihan 1", "Batal"]


def test_long_text_goes_before_the_choices() -> None:
    text = "\n\n".join(f"Paragraf {n}. " + "kata " * 60 for n in range(6))
    first, second = bodies(Outgoing(text=text, choices=choices(2)))
    assert first["type"] == "text"
    assert second["interactive"]["type"] == "button"
    assert second["interactive"]["body"]["text"].startswith("Paragraf ")
    assert "Paragraf 0" in first["text"]["body"]


def test_choices_without_text_get_a_sign_as_text() -> None:
    (body,) = bodies(Outgoing(choices=choices(2)))
    assert body["interactive"]["body"]["text"] == "👇"


def test_a_picture_with_a_caption() -> None:
    (body,) = bodies(Outgoing(text="Baru!", image_url="https://example.org/a.jpg"))
    assert body["image"] == {"link": "https://example.org/a.jpg", "caption": "Baru!"}


def test_a_picture_stands_above_buttons() -> None:
    (body,) = bodies(Outgoing(text="Mau?", image_url="https://example.org/a.jpg", choices=choices(2)))
    assert body["interactive"]["header"] == {"type": "image", "image": {"link": "https://example.org/a.jpg"}}


def test_a_picture_goes_before_a_list() -> None:
    first, second = bodies(Outgoing(text="Mau?", image_url="https://example.org/a.jpg", choices=choices(5)))
    assert first["image"] == {"link": "https://example.org/a.jpg"}
    assert second["interactive"]["body"]["text"] == "Mau?"


def test_a_long_caption_goes_after_its_picture() -> None:
    first, second = bodies(Outgoing(text="kata " * 300, image_url="https://example.org/a.jpg"))
    assert first["image"] == {"link": "https://example.org/a.jpg"}
    assert second["text"]["body"] == ("kata " * 300).strip()


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_message_has_no_parts(text: str) -> None:
    assert split_message(Outgoing(text=text)) == []
    with pytest.raises(ValueError, match="0 requests"):
        render(Outgoing(text=text), "60121112222", "out-1")


def test_it_refuses_to_render_what_needs_several_requests() -> None:
    with pytest.raises(ValueError, match="2 requests"):
        render(Outgoing(text="kata " * 1000), "60121112222", "out-1")


@pytest.mark.parametrize(("length", "requests"), [(4096, 1), (4097, 2), (8192, 2), (8193, 3)])
def test_a_text_is_split_at_the_limit_and_not_before(length: int, requests: int) -> None:
    assert len(bodies(Outgoing(text="x" * length))) == requests


@pytest.mark.parametrize(("length", "requests"), [(1024, 1), (1025, 2)])
def test_text_beside_choices_is_split_at_its_own_limit(length: int, requests: int) -> None:
    assert len(bodies(Outgoing(text="x" * length, choices=choices(2)))) == requests
    assert len(bodies(Outgoing(text="x" * length, choices=choices(4)))) == requests


@pytest.mark.parametrize(("length", "requests"), [(1024, 1), (1025, 2)])
def test_a_caption_is_moved_out_at_its_own_limit(length: int, requests: int) -> None:
    assert len(bodies(Outgoing(text="x" * length, image_url="https://example.org/a.jpg"))) == requests


@pytest.mark.parametrize(
    ("count", "length", "kind"),
    [(3, 256, "interactive"), (3, 257, "text"), (4, 200, "interactive"), (4, 201, "text")],
)
def test_ids_are_taken_up_to_their_limit(count: int, length: int, kind: str) -> None:
    options = (Choice(title="Ini", payload="x" * length), *choices(count - 1))
    assert [body["type"] for body in bodies(Outgoing(text="Pilih", choices=options))] == [kind]


@pytest.mark.parametrize(("length", "shown"), [(72, "x" * 72), (73, "x" * 71 + "…")])
def test_a_description_is_cut_at_its_limit(length: int, shown: str) -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(4, description="x" * length)))
    assert body["interactive"]["action"]["sections"][0]["rows"][0]["description"] == shown


@pytest.mark.parametrize(("length", "shown"), [(20, "x" * 20), (21, "x" * 19 + "…")])
def test_a_list_label_is_cut_at_its_limit(length: int, shown: str) -> None:
    (body,) = bodies(Outgoing(text="Pilih", choices=choices(4), list_label="x" * length))
    assert body["interactive"]["action"]["button"] == shown


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
LONG_TEXT = st.builds(
    lambda piece, times, separator: separator.join([piece] * times),
    ANY_TEXT,
    st.sampled_from([0, 1, 2, 20, 150]),
    st.sampled_from(["", " ", "\n", "\n\n"]),
)
CHOICES = st.builds(
    Choice,
    title=ANY_TEXT,
    payload=st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.just("x" * 220) | st.just("y" * 300),
    description=st.none() | ANY_TEXT,
)
MESSAGES = st.builds(
    Outgoing,
    text=LONG_TEXT,
    choices=st.lists(CHOICES, max_size=12).map(tuple),
    image_url=st.none() | st.just("https://example.org/a.jpg"),
    list_label=st.none() | ANY_TEXT,
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(MESSAGES)
def test_whatever_is_said_obeys_all_limits(message: Outgoing) -> None:
    bodies(message)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(MESSAGES)
def test_a_part_is_not_split_again(message: Outgoing) -> None:
    parts = split_message(message)
    assert [split_message(part) for part in parts] == [[part] for part in parts]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(MESSAGES)
def test_no_word_is_lost_by_splitting(message: Outgoing) -> None:
    said = "".join("".join(part.text.split()) for part in split_message(message))
    assert said.startswith("".join(message.text.split()))

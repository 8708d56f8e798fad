"""Answers to questions with fixed choices, as people type them."""

from __future__ import annotations

import pytest

from ramah.booking.extract.choice import find_choice

ANSWERS = {
    ("booking_kind", "one_time"): [
        "1x aja",
        "skali aja",
        "skaali aja",
        "sekali",
        "sekaliii aja kak",
        "1x je",
        "skalo je",
        "sekali dulu la",
        "jst once",
        "just this once thx",
        "1 time only",
        "one time",
        "satu kali aja",
        "ga langganan",
        "sekli aja min",
    ],
    ("booking_kind", "subscription"): [
        "yg lanfganan aja",
        "langganan",
        "lngganan dong",
        "subscription pls",
        "subscribtion",
        "nak melanggan",
        "rutin aja",
    ],
    ("plan", "weekly"): ["tiap minggu", "seminggu skali", "evry week", "once a week", "tiap mgg aja", "setiap mingu"],
    ("plan", "fortnightly"): ["tiap 2 mgg", "2 minggu sekali", "every two weks", "dua minggu skali", "sebulan 2x"],
    ("plan", "monthly"): [
        "sebulan skali",
        "sebulan sakli kak",
        "tiap bln",
        "onc a month",
        "every month",
        "tiap buln",
        "bulanan",
    ],
    ("place", "home"): [
        "di rmh aja kak",
        "drumah aja",
        "kt umah",
        "dtg rumah la",
        "at home",
        "di ruamh",
        "my place pls",
        "kat rumah je",
    ],
    ("place", "outlet"): [
        "ill come to the otlet",
        "sy dtg cawangan",
        "di otulet aja kak",
        "gw ke outlte aja",
        "cabang",
        "at the brach",
        "kesana aja",
        "bengkel",
    ],
}
NO_ANSWERS = [
    ("booking_kind", "berapa harganya?"),
    ("booking_kind", "besok jam 3"),
    ("booking_kind", ""),
    ("booking_kind", "budi"),
    ("plan", "apa bedanya?"),
    ("plan", "hmm"),
    ("plan", "minggu depan"),
    ("place", "jl melati no 5"),
    ("place", "???"),
    ("place", "rumah atau outlet?"),
    ("booking_kind", "langganan atau sekali?"),
    ("place", "kapan buka"),
]


@pytest.mark.parametrize(
    ("step", "value", "text"), [(step, value, text) for (step, value), texts in ANSWERS.items() for text in texts]
)
def test_an_answer_is_understood_however_it_is_spelt(step: str, value: str, text: str) -> None:
    assert find_choice(text, step) == value


@pytest.mark.parametrize(("step", "text"), NO_ANSWERS)
def test_what_is_no_answer_is_none(step: str, text: str) -> None:
    assert find_choice(text, step) is None


def test_a_long_story_is_no_answer() -> None:
    assert (
        find_choice("saya mau tanya dulu soal rumah saya yang jauh sekali dari kota itu gimana ya kak", "place") is None
    )

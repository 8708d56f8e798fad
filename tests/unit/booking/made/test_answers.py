"""What counts as a yes, a no or a reason when a booking is about to be called off."""

from __future__ import annotations

import pytest

from ramah.booking.made.answers import LONGEST_REASON, reason_in, wants_it_off, wants_to_keep, whole_reason
from ramah.booking.made.said import Said

YES = (
    "batalkan",
    "batal aja",
    "ya batalin",
    "dibatalin dong",
    "cancel aja",
    "cancel it please",
    "batalkan sajalah",
    "call it off",
)
NO = (
    "ga jadi",
    "gak jadi dibatalin",
    "jangan dibatalkan dulu",
    "tidak jadi batal",
    "ga usah dibatalin",
    "tak jadi lah",
    "tak payah batal",
    "x jadi cancel",
    "don't cancel it",
    "never mind",
    "keep it",
    "tetap aja",
    "kekalkan",
)


@pytest.mark.parametrize("text", YES)
def test_clear_words_call_it_off_whatever_the_intent(text: str) -> None:
    for intent in ("cancel", "cancel_booking", "inform"):
        assert wants_it_off(Said(text, intent))
        assert not wants_to_keep(Said(text, intent))


@pytest.mark.parametrize("text", NO)
def test_a_no_wins_over_the_word_that_it_denies(text: str) -> None:
    for intent in ("cancel", "cancel_booking", "inform", "affirm"):
        assert wants_to_keep(Said(text, intent))
        assert not wants_it_off(Said(text, intent))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ya karena hujan deras", "hujan deras"),
        ("batalkan, soalnya mobil dijual.", "mobil dijual"),
        ("sebab saya kena kerja", "saya kena kerja"),
        ("because I'm out of town", "I'm out of town"),
        ("alasannya: lagi sakit", "lagi sakit"),
        ("ya batalkan", None),
    ],
)
def test_a_reason_follows_its_word(text: str, reason: str | None) -> None:
    assert reason_in(text) == reason


def test_a_reason_is_cut_to_what_the_erp_keeps() -> None:
    reason = reason_in("karena " + "hujan " * 100)
    assert reason is not None
    assert len(reason) <= LONGEST_REASON


@pytest.mark.parametrize(
    ("text", "intent", "is_reason"),
    [
        ("mobilnya masuk bengkel", "inform", True),
        ("ada acara keluarga", "nlu_fallback", True),
        ("hmm", "inform", False),
        ("kena denda ga?", "inform", False),
        ("harga cuci berapa", "ask_price", False),
    ],
)
def test_a_whole_message_may_be_the_reason(text: str, intent: str, *, is_reason: bool) -> None:
    assert (whole_reason(Said(text, intent)) is not None) is is_reason

"""The line of the wording that a bubble was made from."""

from __future__ import annotations

from ramah.care.asking_line import PROJECT, line_that_says


def _points_at(place: str | None) -> str:
    assert place is not None
    name, _, line = place.split(":")
    return (PROJECT / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_it_finds_a_plain_wording() -> None:
    assert "dengan cara lain" in _points_at(
        line_that_says(
            "Maaf ya Kak, tadi saya muter-muter. Saya tanya dengan cara lain ya. Kalau lebih enak dengan orang, "
            "tekan di bawah.",
            "id",
        )
    )


def test_it_finds_a_wording_with_variables_in_the_language_that_was_spoken() -> None:
    place = line_that_says(
        "Sorry, I was going round in circles. I've noted: Premium wash, Budi. Let's go on from here, or would you "
        "rather have a colleague?",
        "en",
    )
    assert place is not None and place.startswith("data/care/responses.en.yml:utter_unstuck:")
    assert "{noted}" in _points_at(place)


def test_it_does_not_invent_a_line() -> None:
    assert line_that_says("nobody ever wrote this down", "ms") is None

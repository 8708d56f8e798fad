"""Which division a text means, how a wait is estimated and told, and whether somebody is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ramah.lib.errors import BadInput
from ramah.messaging.divisions.choosing import likely, named, says
from ramah.messaging.divisions.estimates import FEWEST_WAITS, Wait, pace_of, quantile, wait_in_words
from ramah.messaging.divisions.presence import Presence, presence_of
from ramah.messaging.divisions.texts import LANGUAGES, Texts, checked_texts, default_texts, filled, spoken
from ramah.messaging.models import Division, StaffPresence

BILLING = Division(
    id="b", name="Billing", description="Untuk pertanyaan pembayaran", keyword_triggers=["tagihan", "1"],
    auto_detect_keywords=True,
)  # fmt: skip
SUPPORT = Division(
    id="s", name="Support", description="Bantuan teknis", keyword_triggers=["rusak"], auto_detect_keywords=True
)
QUIET = Division(id="q", name="Umum", description="", keyword_triggers=["promo"], auto_detect_keywords=False)
ALL = [BILLING, SUPPORT, QUIET]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
IDLE = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2", SUPPORT),
        ("2.", SUPPORT),
        ("Billing", BILLING),
        ("UMUM!", QUIET),
        ("rusak", SUPPORT),
        ("9", None),
        ("", None),
    ],
)
def test_what_names_one_division_chooses_it(text: str, meant: Division | None) -> None:
    assert named(ALL, ["b", "s", "q"], text) is meant


def test_a_number_is_that_of_the_menu_that_was_shown() -> None:
    assert named(ALL, ["q", "b"], "1") is QUIET
    assert named(ALL, [], "1") is BILLING  # its keyword


def test_a_keyword_of_two_divisions_chooses_neither() -> None:
    other = Division(id="o", name="Other", description="", keyword_triggers=["rusak"], auto_detect_keywords=True)
    assert named([SUPPORT, other], [], "rusak") is None
    assert likely([SUPPORT, other], "hp saya rusak") == [SUPPORT, other]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("saya mau bayar", ["b"]),
        ("tagihn saya salah", ["b"]),
        ("mesinnya rusak dan mau bantuan", ["s"]),
        ("halo selamat pagi", []),
        ("ada promo?", []),
        ("", []),
    ],
)
def test_free_text_points_to_a_division_or_to_none(text: str, found: list[str]) -> None:
    assert [one.id for one in likely(ALL, text)] == found


def test_words_are_known_in_every_language() -> None:
    assert says("Batal antri!", "leave_words") and says("leave the queue", "leave_words")
    assert not says("batal", "leave_words")


def test_every_language_has_every_word() -> None:
    for language in LANGUAGES:
        assert spoken(language).keys() == spoken("id").keys()
        assert default_texts(language).keys() == default_texts("id").keys()


def test_too_few_waits_say_nothing() -> None:
    assert pace_of([(60.0, 1)] * (FEWEST_WAITS - 1)) is None
    assert pace_of([(60.0, 1)] * FEWEST_WAITS) == Wait(60, 60)


def test_a_place_takes_from_the_lower_to_the_upper_quartile() -> None:
    waits = [(seconds * 2.0, 2) for seconds in range(10, 110, 10)]
    assert pace_of(waits) == Wait(32, 78)


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([1.0, 2.0, 4.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.25) == 1.25


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (None, "Belum ada perkiraan waktu tunggu."),
        (Wait(10, 50), "Perkiraan tunggu kurang dari 1 menit."),
        (Wait(300, 301), "Perkiraan tunggu 5-6 menit."),
        (Wait(60, 60), "Perkiraan tunggu sekitar 1 menit."),
    ],
)
def test_a_wait_is_told_as_a_range_or_not_at_all(wait: Wait | None, said: str) -> None:
    assert wait_in_words(wait, Texts("id", {}, "#")) == said


def test_own_words_replace_the_defaults_and_blank_ones_bring_them_back() -> None:
    default = default_texts("id")["welcome_message"]
    given = {"id": {"welcome_message": " Hai! ", "queue_message_template": " ", "moved_message": default}}
    assert checked_texts(given) == {"id": {"welcome_message": "Hai!", "moved_message": default}}
    assert checked_texts({"id": {"welcome_message": default}}) == {"id": {}}


@pytest.mark.parametrize("given", [{"xx": {}}, {"id": {"nothing": "x"}}, {"id": {"welcome_message": "x" * 601}}])
def test_texts_that_cannot_be_are_refused(given: dict[str, dict[str, str]]) -> None:
    with pytest.raises(BadInput):
        checked_texts(given)


def test_what_is_no_value_stays_as_it_stands() -> None:
    assert filled("{division} {0} {x.y} {", {"division": "Billing"}) == "Billing {0} {x.y} {"


@pytest.mark.parametrize(
    ("seen", "active", "away", "stands"),
    [
        (5, 5, None, Presence.ONLINE),
        (5, 700, None, Presence.AWAY),
        (5, 5, 30, Presence.AWAY),
        (61, 61, None, Presence.OFFLINE),
        (61, 61, 90, Presence.OFFLINE),
    ],
)
def test_presence_follows_from_when_somebody_was_heard_of(
    seen: int, active: int, away: int | None, stands: Presence
) -> None:
    row = StaffPresence(
        seen_at=NOW - timedelta(seconds=seen),
        active_at=NOW - timedelta(seconds=active),
        away_since=NOW - timedelta(seconds=away) if away else None,
    )
    assert presence_of(row, IDLE, NOW) is stands


def test_who_was_never_heard_of_is_offline() -> None:
    assert presence_of(None, IDLE, NOW) is Presence.OFFLINE

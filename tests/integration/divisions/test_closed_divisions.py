"""Divisions that keep hours: said to be closed, with the next opening; waited for, and served once they open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from ramah.desk.queue.setting_up import delete_division
from ramah.messaging.divisions.assigning import serve
from ramah.messaging.divisions.presence import heard_from
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import Owner, checked_plan
from ramah.messaging.hours.managing import follow_default, save_plan, set_mode
from ramah.messaging.models import HandledBy, Hours, HoursOwner, QueueMode
from tests.integration.divisions.queues import Queue
from tests.integration.office_hours import EVENING, MORNING, NOON, WEEKDAYS

TOLD = (
    "Terima kasih sudah menghubungi Billing. Sekarang kami sedang di luar jam layanan dan buka lagi "
    "besok jam 08.00 WIB. Pesan Kakak sudah kami terima dan akan dibalas rekan kami."
)
NIGHT_SHIFT = [[{"opens": "20:00", "closes": "06:00"}]] * 7


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday noon in Jakarta."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def hours(queue: Queue, clock: time_machine.Traveller) -> time_machine.Traveller:
    """A queue whose billing works on weekdays from 8 to 17; it is Monday evening."""
    queue.open()
    keep(queue, "Billing")
    clock.move_to(EVENING)
    return clock


def keep(queue: Queue, name: str, **changes: Any) -> None:
    plan = checked_plan(**{"enabled": True, "zone": "Asia/Jakarta", "week": WEEKDAYS, **changes})
    save_plan(queue.database, owner(queue, name), plan)


def owner(queue: Queue, name: str) -> Owner:
    return Owner(queue.tenant.id, queue.divisions[name], HoursOwner.DIVISION)


def titles(queue: Queue, chat: str) -> list[str]:
    choices = queue.shown(chat)[-1]["choices"]
    assert isinstance(choices, list)
    return [choice["title"] for choice in choices]


@pytest.mark.usefixtures("hours")
def test_the_menu_shows_it_closed_and_offers_the_others(queue: Queue) -> None:
    chat = queue.write("1", "halo")
    (menu,) = queue.heard(chat)
    assert "1. Support" in menu and "\n\nBilling: sedang tutup, buka besok jam 08.00 WIB" in menu
    assert titles(queue, chat) == ["Support", "Umum", "Asisten otomatis"]
    queue.write("1", "1")
    assert queue.conversation(chat).division_id == queue.divisions["Support"]


def test_who_names_it_hears_its_message_and_waits_until_it_opens(queue: Queue, hours: time_machine.Traveller) -> None:
    chat = queue.write("1", "billing")
    assert queue.heard(chat) == [TOLD]
    found = queue.conversation(chat)
    assert (found.handled_by, found.division_id) == (HandledBy.QUEUE, queue.divisions["Billing"])
    queue.serve_in(queue.tenant.alice, "Billing")
    assert serve(queue.database, queue.tenant.id) == []
    queue.write("1", "#")
    assert queue.heard(chat)[-1] == (
        "Anda masih dalam antrian ke 1. mohon menunggu\nTim Billing sedang tutup dan buka lagi besok jam 08.00 WIB."
    )
    hours.move_to(MORNING)
    heard_from(queue.database, queue.tenant.id, queue.tenant.alice, active=True)
    assert [one.conversation_id for one in serve(queue.database, queue.tenant.id)] == [chat]
    # A night is no measure of how long a line takes.
    assert [wait.place_at_start for wait in queue.waits(chat)] == [None]


@pytest.mark.usefixtures("hours")
def test_other_lines_are_served_meanwhile(queue: Queue) -> None:
    closed_chat, open_chat = queue.write("1", "billing"), queue.write("2", "support")
    queue.serve_in(queue.tenant.alice, "Billing", "Support")
    assert [one.conversation_id for one in serve(queue.database, queue.tenant.id)] == [open_chat]
    assert queue.conversation(closed_chat).handled_by == HandledBy.QUEUE


@pytest.mark.usefixtures("hours")
def test_it_is_not_suggested_while_it_is_closed(queue: Queue) -> None:
    assert queue.heard(queue.write("1", "saya mau bayar"))[0].startswith("Selamat datang")


@pytest.mark.usefixtures("hours")
def test_its_own_words_are_said(queue: Queue) -> None:
    keep(queue, "Billing", messages={"id": "Kasir pulang. Kembali {opens}."})
    assert queue.heard(queue.write("1", "billing")) == ["Kasir pulang. Kembali besok jam 08.00 WIB."]


@pytest.mark.usefixtures("hours")
def test_where_no_person_is_wanted_the_assistant_goes_on(queue: Queue) -> None:
    keep(queue, "Billing", needs_human=False)
    chat = queue.write("1", "billing")
    assert queue.heard(chat)[0].endswith("Silakan kirim pesan lagi begitu kami buka, ya, Kak.")
    assert queue.conversation(chat).handled_by == HandledBy.BOT
    set_mode(queue.database, queue.tenant.id, BotMode.OFF)
    assert queue.conversation(queue.write("2", "billing")).handled_by == HandledBy.QUEUE


@pytest.mark.usefixtures("hours")
def test_the_only_division_is_said_to_be_closed_too(queue: Queue) -> None:
    for name in ("Support", "Umum"):
        delete_division(queue.database, queue.tenant.id, queue.divisions[name])
    assert queue.heard(queue.write("1", "halo")) == [TOLD]


@pytest.mark.usefixtures("hours")
def test_given_up_hours_mean_open_always_and_leave_nothing_behind(queue: Queue) -> None:
    follow_default(queue.database, owner(queue, "Billing"))
    assert "Anda akan di layani oleh tim Billing" in queue.heard(queue.write("1", "billing"))[0]
    keep(queue, "Billing")
    delete_division(queue.database, queue.tenant.id, queue.divisions["Billing"])
    with queue.database.tenant_reading(queue.tenant.id) as session:
        assert session.query(Hours).count() == 0


@pytest.mark.parametrize(
    ("zone", "local_opening"),
    [("Asia/Jakarta", "jam 20.00 WIB"), ("Asia/Makassar", "jam 20.00 WITA"), ("Asia/Jayapura", "jam 20.00 WIT")],
)
def test_a_night_shift_is_open_after_midnight_in_its_own_zone(
    queue: Queue, clock: time_machine.Traveller, zone: str, local_opening: str
) -> None:
    queue.open()
    keep(queue, "Billing", zone=zone, week=NIGHT_SHIFT)
    assert f"buka hari ini {local_opening}" in queue.heard(queue.write("1", "halo"))[0]
    offset = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}[zone]
    for hour, minute, is_open in ((19, 59, False), (20, 0, True), (0, 0, True), (5, 59, True), (6, 0, False)):
        clock.move_to(datetime(2026, 11, 24, hour, minute, 30, tzinfo=UTC) - timedelta(hours=offset))
        menu = queue.heard(queue.write(f"{2 + hour * 60 + minute}", "halo"))[0]
        assert ("Billing: sedang tutup" not in menu) is is_open, (hour, minute)


@pytest.mark.usefixtures("clock")
def test_a_holiday_closes_it_and_the_day_after_is_named(queue: Queue) -> None:
    queue.open()
    keep(queue, "Billing", special=[{"day": "2026-11-23", "name": "Libur", "windows": []}])
    assert "Billing: sedang tutup, buka besok jam 08.00 WIB" in queue.heard(queue.write("1", "halo"))[0]


@pytest.mark.parametrize("mode", [QueueMode.QUEUE, QueueMode.CHOOSE])
def test_an_assistant_that_is_off_is_not_offered(queue: Queue, mode: QueueMode) -> None:
    queue.open(mode)
    set_mode(queue.database, queue.tenant.id, BotMode.OFF)
    chat = queue.write("1", "halo")
    assert titles(queue, chat) == ["Billing", "Support", "Umum"]
    queue.write("1", "billing")
    assert titles(queue, chat) == ["Cek antrian"]

"""The menu: shown when it should be, answered in any way a person answers it, left when they wish."""

from __future__ import annotations

import pytest

from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.models import HandledBy, QueueMode, WaitStatus
from ramah.messaging.routing import BACK_TO_ASSISTANT
from tests.integration.conftest import ScriptedEngine
from tests.integration.divisions.queues import Queue

WELCOME = "Selamat datang di toko kami, silahkan pilih agen yang anda tuju"
BILLING_FIRST = (
    "Anda akan di layani oleh tim Billing, Tunggu dalam antrian ke 1. Tekan # untuk cek antrian\n"
    "Belum ada perkiraan waktu tunggu.\n"
    "Maaf, saat ini tidak ada agen yang tersedia. Anda akan dilayani secepatnya."
)


def test_a_chat_begins_with_the_menu_and_its_descriptions(queue: Queue, engine: ScriptedEngine) -> None:
    queue.open()
    chat = queue.write("1", "halo")
    (menu,) = queue.heard(chat)
    assert menu.startswith(WELCOME)
    assert "1. Billing - Untuk pertanyaan pembayaran dan invoice\n2. Support" in menu
    assert engine.turns == []
    assert queue.conversation(chat).awaiting_division_selection


def test_a_channel_with_lists_gets_a_list(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "halo")
    choices = queue.shown(chat)[-1]["choices"]
    assert isinstance(choices, list)
    assert [choice["title"] for choice in choices] == ["Billing", "Support", "Umum", "Asisten otomatis"]


@pytest.mark.parametrize("answer", ["1", "1.", "billing", "BILLING", "tagihan", "Tagihan!"])
def test_a_number_a_name_or_a_keyword_chooses(queue: Queue, answer: str) -> None:
    queue.open()
    chat = queue.write("1", "halo", answer)
    assert queue.heard(chat)[-1] == BILLING_FIRST
    assert queue.conversation(chat).division_id == queue.divisions["Billing"]


def test_a_tap_chooses(queue: Queue) -> None:
    queue.open()
    queue.write("1", "halo")
    chat = queue.write("1", "Support", payload=f"/division:{queue.divisions['Support']}")
    assert queue.conversation(chat).division_id == queue.divisions["Support"]


def test_who_names_a_division_at_once_sees_no_menu(queue: Queue) -> None:
    queue.open()
    assert queue.heard(queue.write("1", "billing")) == [BILLING_FIRST]


def test_free_text_is_asked_about_not_guessed(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "saya mau bayar")
    assert queue.heard(chat) == ["Maksudnya tim Billing?"]
    assert queue.conversation(chat).division_id is None
    queue.write("1", "iya")
    assert queue.heard(chat)[-1] == BILLING_FIRST


def test_a_wrong_suggestion_leads_to_the_whole_menu(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "saya mau bayar", "lihat semua tim")
    assert queue.heard(chat)[-1].startswith(WELCOME)


def test_who_is_not_understood_reads_the_menu_twice_and_then_waits_for_anybody(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "halo", "xyzzy", "9", "qwerty")
    menus, last = queue.heard(chat)[:-1], queue.heard(chat)[-1]
    assert len(menus) == 3 and menus[1] == menus[2] != menus[0]
    assert last.startswith("Baik, rekan kami yang pertama senggang")
    assert (queue.conversation(chat).division_id, queue.conversation(chat).awaiting_division_selection) == (None, False)


def test_only_one_division_is_not_asked_about(queue: Queue) -> None:
    queue.open(teams=[("Billing", "", [])])
    chat = queue.write("1", "halo")
    assert queue.heard(chat) == [BILLING_FIRST]


def test_an_organisation_with_no_divisions_still_has_a_line(queue: Queue) -> None:
    queue.open(teams=[])
    chat = queue.write("1", "halo", "#")
    assert queue.heard(chat)[-1] == "Anda masih dalam antrian ke 1. mohon menunggu"


@pytest.mark.parametrize("words", ["batal antri", "Keluar antrian", "kembali ke asisten", "leave the queue"])
def test_leaving_the_line_gives_the_assistant_back(queue: Queue, engine: ScriptedEngine, words: str) -> None:
    queue.open()
    chat = queue.write("1", "halo", "1", words)
    assert [turn.payload for turn in engine.turns] == [BACK_TO_ASSISTANT]
    conversation = queue.conversation(chat)
    assert (conversation.handled_by, conversation.division_id) == (HandledBy.BOT, None)
    assert [wait.status for wait in queue.waits(chat)] == [WaitStatus.CANCELLED]
    queue.write("1", "mau booking")
    assert engine.turns[-1].text == "mau booking"


def test_the_assistant_can_be_chosen_in_the_menu(queue: Queue, engine: ScriptedEngine) -> None:
    queue.open()
    chat = queue.write("1", "halo", "Asisten otomatis")
    assert queue.conversation(chat).handled_by == HandledBy.BOT
    assert [turn.payload for turn in engine.turns] == [BACK_TO_ASSISTANT]


def test_where_the_assistant_answers_first_the_menu_comes_with_the_person(queue: Queue, engine: ScriptedEngine) -> None:
    queue.open(QueueMode.CHOOSE)
    engine.answer = lambda request: EngineTurn(
        replies=[EngineReply(text="sebentar"), EngineReply(custom={"handover": {"reason": "asked"}})]
    )
    chat = queue.write("1", "mau bicara dengan orang")
    assert queue.heard(chat)[0] == "sebentar" and queue.heard(chat)[1].startswith(WELCOME)
    queue.write("1", "2")
    assert queue.conversation(chat).division_id == queue.divisions["Support"]
    assert queue.conversation(chat).handover_reason == "asked"


def test_without_a_queue_everything_is_as_before(queue: Queue, engine: ScriptedEngine) -> None:
    queue.open(QueueMode.OFF)
    engine.answer = lambda request: EngineTurn(replies=[EngineReply(custom={"handover": {"reason": "asked"}})])
    chat = queue.write("1", "mau bicara dengan orang", "1", "#")
    assert queue.heard(chat) == []
    assert queue.waits(chat) == []
    assert queue.conversation(chat).handled_by == HandledBy.QUEUE


def test_a_button_of_an_old_menu_still_leads_to_its_team(queue: Queue) -> None:
    queue.open(QueueMode.CHOOSE)
    queue.write("1", "halo")
    chat = queue.write("1", "Support", payload=f"/division:{queue.divisions['Support']}")
    assert queue.conversation(chat).division_id == queue.divisions["Support"]


def test_another_line_can_be_chosen_while_waiting(queue: Queue) -> None:
    queue.open()
    chat = queue.write("1", "halo", "1", "menu", "2")
    assert queue.conversation(chat).division_id == queue.divisions["Support"]

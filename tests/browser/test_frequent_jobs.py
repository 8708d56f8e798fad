"""The jobs that operators do most, each by mouse and by keyboard alone, on one desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, expect

from ramah.desk.handover import release
from ramah.lib.errors import Refused
from ramah.messaging.models import Conversation, HandledBy
from ramah.store import utc_now
from tests.browser.chat_page import PATIENCE
from tests.browser.console_pages import NAMES, Desk, open_desk, operator

BUDI = 1
HANDS = ("mouse", "keyboard")
"""With what an operator works."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all jobs."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """One browser for all jobs."""
    with operator(browser, desk) as opened:
        opened.set_default_timeout(PATIENCE)
        yield opened


@pytest.fixture
def budi(desk: Desk, page: Page) -> str:
    """The conversation of somebody whom the bot answers, open in the page."""
    conversation_id = desk.write(BUDI, "berapa biaya ganti oli?", f"again-{utc_now().timestamp()}")
    with suppress(Refused):  # the bot has it already
        release(desk.database, desk.account.organisation_id, conversation_id, desk.staff_id)
    page.goto(f"{desk.url}/console/conversations/{conversation_id}")
    expect(page.locator("#pill")).to_have_attribute("data-state", "live")
    return conversation_id


def now(desk: Desk, conversation_id: str) -> Conversation:
    """The conversation as it is stored."""
    with desk.database.tenant_reading(desk.account.organisation_id) as session:
        return session.get_one(Conversation, conversation_id)


def take(page: Page, hand: str) -> None:
    if hand == "mouse":
        page.locator('[data-action="take"]').click()
    else:
        page.keyboard.press("t")
    expect(page.locator("#reply")).to_be_visible()


@pytest.mark.parametrize("hand", HANDS)
def test_a_conversation_is_found_and_opened(page: Page, desk: Desk, hand: str) -> None:
    page.goto(f"{desk.url}/console")
    if hand == "mouse":
        page.locator("#search").click()
    else:
        page.keyboard.press("/")
    page.keyboard.type("budi")
    expect(page.locator("#rows .row")).to_have_count(1)
    if hand == "mouse":
        page.locator("#rows .row").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
    expect(page.locator(".thread-head h2")).to_have_text(NAMES[BUDI])


@pytest.mark.parametrize("hand", HANDS)
def test_it_is_taken_over_answered_and_given_back(page: Page, desk: Desk, budi: str, hand: str) -> None:
    take(page, hand)
    assert now(desk, budi).staff_id == desk.staff_id
    page.locator("#reply").press_sequentially(f"Mulai 90 ribu, kak ({hand})")
    if hand == "mouse":
        page.locator("#composer button[type=submit]").click()
    else:
        page.keyboard.press("Enter")
    expect(page.locator('.message[data-from="staff"]').last).to_contain_text(hand)
    if hand == "mouse":
        page.locator('[data-action="release"]').click()
        page.locator("#resume-form button[type=submit]").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.locator("#resume-form button[type=submit]").press("Enter")
    expect(page.locator('[data-action="take"]')).to_be_visible()
    assert now(desk, budi).handled_by == HandledBy.BOT


@pytest.mark.parametrize("hand", HANDS)
def test_a_note_is_written(page: Page, budi: str, hand: str) -> None:
    if hand == "mouse":
        page.locator("#open-note").click()
    else:
        page.keyboard.press("n")
    page.keyboard.type(f"minta diskon ({hand})")
    if hand == "mouse":
        page.locator("#note-form button[type=submit]").click()
    else:
        page.keyboard.press("Enter")
    expect(page.locator('.message[data-from="note"]').last).to_contain_text(hand)

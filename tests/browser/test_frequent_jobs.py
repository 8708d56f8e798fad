"""The jobs that operators do most, each by mouse and by keyboard alone, on one desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Page, expect

from ramah.desk.canned import save_canned
from ramah.desk.handover import release
from ramah.lib.errors import Refused
from ramah.messaging.conversations import locked
from ramah.messaging.models import Conversation, HandledBy, QueueSettings
from ramah.store import utc_now
from tests.browser.chat_page import PATIENCE
from tests.browser.console_pages import NAMES, Desk, open_desk, operator

BUDI = 1
HANDS = ("mouse", "keyboard")
"""With what an operator works."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all jobs, with a canned reply and a queue."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        ours = opened.account.organisation_id
        save_canned(opened.database, ours, opened.staff_id, None, "buka", "id", "Kami buka 08.00.")
        with opened.database.tenant(ours) as session:
            session.add(QueueSettings(texts={}))
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


def choose(page: Page, name: str, hand: str) -> None:
    """A choice of the dialog that is open."""
    button = page.locator("#picker button", has_text=name).first
    if hand == "mouse":
        button.click()
    else:
        button.press("Enter")


def begin(page: Page, action: str, key: str, hand: str) -> None:
    """Open the choice of labels, colleagues or times."""
    if hand == "mouse":
        page.locator(f'.thread-actions [data-pick="{action}"]').click()
    else:
        page.keyboard.press(key)
    expect(page.locator("#picker")).to_be_visible()


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
def test_a_canned_reply_is_chosen(page: Page, budi: str, hand: str) -> None:
    take(page, hand)
    page.locator("#reply").fill("")
    page.locator("#reply").press_sequentially("/buka")
    offered = page.locator("#canned-list li")
    expect(offered).to_have_count(1)
    if hand == "mouse":
        offered.click()
    else:
        page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_have_value("Kami buka 08.00.")
    page.locator("#reply").fill("")


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


@pytest.mark.parametrize("hand", HANDS)
def test_a_label_is_put_on_and_taken_off(page: Page, budi: str, hand: str) -> None:
    chips = page.locator("#thread-head .label-chip")
    for count in (1, 0):
        begin(page, "label", "l", hand)
        choose(page, "VIP", hand)
        expect(chips).to_have_count(count)


@pytest.mark.parametrize("hand", HANDS)
def test_it_is_put_aside_until_the_customer_writes(page: Page, desk: Desk, budi: str, hand: str) -> None:
    begin(page, "snooze", "z", hand)
    choose(page, "Until the customer writes", hand)
    expect(page.locator("[data-wake]")).to_be_visible()
    assert now(desk, budi).snoozed_until is not None


@pytest.mark.parametrize("hand", HANDS)
def test_it_is_given_to_a_colleague(page: Page, desk: Desk, budi: str, hand: str) -> None:
    begin(page, "assign", "a", hand)
    choose(page, "Farid Hakim", hand)
    expect(page.locator(".thread-who")).to_contain_text("Farid Hakim")
    held = now(desk, budi)
    assert held.staff_id not in (None, desk.staff_id)
    release(desk.database, desk.account.organisation_id, budi, str(held.staff_id))


@pytest.mark.parametrize("hand", HANDS)
def test_whoever_waits_longest_is_taken(page: Page, desk: Desk, budi: str, hand: str) -> None:
    with desk.database.tenant(desk.account.organisation_id) as session:
        waiting = locked(session, budi)
        waiting.handled_by, waiting.queued_at = HandledBy.QUEUE, utc_now()
    page.goto(f"{desk.url}/console/queue")
    if hand == "mouse":
        page.get_by_role("button", name="Take next").click()
    else:
        page.keyboard.press("n")
    page.wait_for_url("**/console/conversations/*")
    expect(page.locator("#reply")).to_be_visible()
    assert now(desk, budi).staff_id == desk.staff_id


@pytest.mark.parametrize("hand", HANDS)
def test_it_is_closed_after_a_question(page: Page, desk: Desk, budi: str, hand: str) -> None:
    yes = page.locator('#confirm button[value="yes"]')
    if hand == "mouse":
        page.locator('[data-action="close"]').click()
        yes.click()
    else:
        page.keyboard.press("d")
        yes.press("Enter")
    expect(page.locator('[data-action="reopen"]')).to_be_visible()
    assert now(desk, budi).handled_by == HandledBy.CLOSED

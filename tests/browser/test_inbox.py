"""The inbox in two operators' browsers: notes, mentions, canned replies, drafts, labels by key, the resume card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from ramah.desk.canned import save_canned
from ramah.desk.handover import close
from ramah.messaging.models import Conversation, HandledBy, Inbound
from ramah.people import Staff
from tests.browser.chat_page import PATIENCE, live, phone_with_chat, say
from tests.browser.conftest import picture
from tests.stack import Stack

FIRST_WORDS = "halo, nama saya Joko Susilo"
Login = Callable[[str], Page]


@contextmanager
def operator(browser: Browser, stack: Stack, email: str) -> Iterator[Page]:
    """A logged-in operator; an error in the page fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE)
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{stack.console}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", "ramah-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console"))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def people(stack: Stack) -> list[tuple[str, str]]:
    """The staff of Kilap Auto, name and address, Rani first."""
    with stack.database.every_organisation_reading() as session:
        rows = session.execute(select(Staff.name, Staff.email).where(Staff.email.endswith("@kilap.example")))
        return sorted(((row[0], row[1]) for row in rows), key=lambda one: not one[1].startswith("rani@"))


@pytest.fixture
def desk(browser: Browser, stack: Stack) -> Iterator[Login]:
    """Opens a browser for somebody of the staff."""
    with ExitStack() as open_browsers:
        yield lambda email: open_browsers.enter_context(operator(browser, stack, email))


@pytest.fixture
def customer(browser: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody who has said hello; what others left open is closed."""
    with phone_with_chat(browser, stack) as opener:
        page = live(opener())
        say(page, FIRST_WORDS)
        expect(page.locator('.entry[data-from="bot"]').last).to_be_visible(timeout=PATIENCE)
        yield page


@pytest.fixture
def conversation(customer: Page, stack: Stack) -> Iterator[tuple[str, str]]:
    """The customer's organisation and conversation."""
    with stack.database.every_organisation_reading() as session:
        row = session.scalars(select(Inbound).where(Inbound.text == FIRST_WORDS).order_by(Inbound.id.desc())).first()
    assert row is not None
    yield row.organisation_id, row.conversation_id
    with stack.database.every_organisation_reading() as session:
        found = session.get_one(Conversation, row.conversation_id)
    if found.handled_by != HandledBy.CLOSED and found.staff_id:
        close(stack.database, row.organisation_id, row.conversation_id, found.staff_id)


def open_thread(page: Page, stack: Stack, conversation_id: str) -> None:
    page.goto(f"{stack.console}/console/conversations/{conversation_id}")
    expect(page.locator("#pill")).to_have_attribute("data-state", "live", timeout=PATIENCE)


def test_two_operators_see_each_other_mention_and_never_answer_at_once(
    desk: Login, stack: Stack, people: list[tuple[str, str]], conversation: tuple[str, str]
) -> None:
    (rani_name, rani_email), (other_name, other_email) = people[0], people[1]
    rani, other = desk(rani_email), desk(other_email)
    other.goto(f"{stack.console}/console")
    open_thread(rani, stack, conversation[1])
    rani.keyboard.press("t")
    expect(rani.locator("#reply")).to_be_visible()
    rani.keyboard.press("Escape")
    rani.keyboard.press("n")
    rani.keyboard.type(f"@{other_name[:3]}")
    rani.keyboard.press("Enter")
    rani.keyboard.type("tolong cek harganya")
    rani.keyboard.press("Enter")
    expect(rani.locator('.message[data-from="note"]')).to_contain_text("tolong cek harganya")
    expect(other.locator(".toast-line", has_text=rani_name)).to_be_visible()
    expect(other.locator('[data-count="mentions"]')).to_have_text("1")
    open_thread(other, stack, conversation[1])
    expect(rani.locator("#watchers")).to_contain_text(other_name)
    rani.locator("#reply").press_sequentially("Sebentar ya")
    expect(other.locator("#watchers[data-writing]")).to_contain_text(rani_name)
    picture(other, "inbox-two-people")
    expect(other.locator("#reply")).to_be_hidden()


def test_a_canned_reply_by_keyboard_and_a_draft_that_another_browser_has(
    desk: Login, stack: Stack, people: list[tuple[str, str]], customer: Page, conversation: tuple[str, str]
) -> None:
    with stack.database.tenant_reading(conversation[0]) as session:
        writer = session.scalars(select(Staff.id).where(Staff.email == people[0][1])).one()
    save_canned(
        stack.database,
        conversation[0],
        writer,
        None,
        "salam",
        "id",
        "Halo, saya {{staff.name}} dari {{organisation.name}}.",
    )
    first = desk(people[0][1])
    open_thread(first, stack, conversation[1])
    first.keyboard.press("t")
    expect(first.locator("#reply")).to_be_visible()
    with first.expect_response(re.compile("/draft$")):
        first.locator("#reply").press_sequentially("/sal")
        expect(first.locator("#canned-list li")).to_have_count(1)
        picture(first, "inbox-canned")
        first.keyboard.press("Enter")
    expect(first.locator("#reply")).to_have_value(re.compile(f"saya {people[0][0]} dari Kilap Auto"))
    second = desk(people[0][1])
    open_thread(second, stack, conversation[1])
    expect(second.locator("#reply")).to_have_value(re.compile("dari Kilap Auto"))
    second.locator("#reply").press("Enter")
    expect(customer.get_by_text("dari Kilap Auto").last).to_be_visible(timeout=PATIENCE)


def test_labels_by_key_snooze_by_mouse_and_the_way_back(
    desk: Login, stack: Stack, people: list[tuple[str, str]], conversation: tuple[str, str]
) -> None:
    page = desk(people[0][1])
    open_thread(page, stack, conversation[1])
    row = page.locator(f"#conversation-{conversation[1]}")
    page.keyboard.press("l")
    page.locator("#picker input[name=name]").fill("VIP")
    page.keyboard.press("Enter")
    expect(row.locator(".label-chip")).to_have_text("VIP")
    expect(page.locator(".system-line", has_text="VIP")).to_be_visible()
    row.locator("[data-select]").click()
    expect(page.locator("#bulk")).to_be_visible()
    picture(page, "inbox-selected")
    page.locator('#bulk [data-pick="snooze"]').click()
    page.locator("#picker [data-do=snooze]").first.click()
    expect(row).to_have_count(0)
    page.locator(".toast-line button").last.click()
    expect(row).to_be_visible()


def test_the_resume_card_is_ticked_before_the_bot_goes_on(
    desk: Login, stack: Stack, people: list[tuple[str, str]], customer: Page, conversation: tuple[str, str]
) -> None:
    page = desk(people[0][1])
    open_thread(page, stack, conversation[1])
    page.keyboard.press("t")
    expect(page.locator("#reply")).to_be_visible()
    say(customer, "mobil saya Honda Brio 2020 plat B 4321 ABC")
    expect(page.get_by_text("B 4321 ABC").last).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator('#resume-form [name="fact-car_plate"]')).to_have_value("B 4321 ABC")
    picture(page, "inbox-resume")
    page.locator("#resume-form button[type=submit]").click()
    expect(page.get_by_text("gave it back")).to_be_visible(timeout=PATIENCE)
